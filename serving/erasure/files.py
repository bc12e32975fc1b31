"""A file of any form without some accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from features.whole_files import PART
from serving.erasure.pages import page_without, workbook_without
from serving.erasure.tables import (
    database_without,
    parquet_without,
    rows_of_database,
    rows_of_parquet,
)
from serving.erasure.texts import csv_without, json_without, lines_without

Ids = Collection[str]

_TEXTS = {".csv": csv_without, ".json": json_without, ".jsonl": lines_without}
_DATABASES = (".duckdb", ".db")


@dataclass(frozen=True)
class Without:
    """A file as it is to be.

    Attributes:
        rows: how many rows, lines or cards of accounts it loses; none where it stays as it is.
        write: writes the file without them; one that writes nothing has the file removed.
    """

    rows: int
    write: Callable[[Path], object]


def without(file: Path, ids: Ids) -> Without:
    """A file without some accounts.

    Args:
        file: of any form; one that holds no accounts in a form that is known stays as it is.
        ids: of the accounts.
    """
    form = file.suffix.lower()
    if form in _TEXTS:
        content, rows = _TEXTS[form](file.read_bytes(), ids)
        return Without(rows, lambda made: made.write_bytes(content))
    if form == ".parquet":
        rows = rows_of_parquet(file, ids)
        return Without(rows, lambda made: parquet_without(file, ids, made))
    if form in _DATABASES:
        rows = rows_of_database(file, ids)
        return Without(rows, lambda made: database_without(file, ids, made))
    if form == ".html":
        return Without(*page_without(file, ids))
    if form == ".xlsx":
        return Without(*workbook_without(file, ids))
    return Without(0, lambda made: None)


def is_temporary(file: Path) -> bool:
    """Whether a file is one that a write left half done."""
    return file.name.endswith(PART)
