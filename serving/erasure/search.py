"""The search after an erasure: which files still hold an id, also within workbooks and packed files."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

from serving.erasure.files import without

Ids = Collection[str]

_TABLES = (".parquet", ".duckdb", ".db")
"""Forms whose values are packed: they are searched by their rows."""


def still_holding(files: Iterable[Path], ids: Ids) -> list[Path]:
    """The files that hold one of some ids, as a word by itself."""
    words = b"|".join(re.escape(each.encode()) for each in sorted(ids))
    pattern = re.compile(rb"(?<![\w-])(?:" + words + rb")(?![\w-])")
    return [file for file in files if _holds(file, ids, pattern)]


def _holds(file: Path, ids: Ids, pattern: re.Pattern[bytes]) -> bool:
    if file.suffix.lower() in _TABLES:
        return without(file, ids).rows > 0
    if file.suffix.lower() in (".png", ".ico"):
        return False
    return any(pattern.search(content) for content in _contents(file))


def _contents(file: Path) -> Iterable[bytes]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    elif file.suffix == ".gz":
        yield gzip.decompress(file.read_bytes())
    else:
        yield file.read_bytes()
