"""Copies: parts of a table that are another part of the same folder again, byte for byte.

Their rows with an id or a time of day are told as repeats, see `features.cleaning.repeats`; those with a date only
count again, so the parts are told by name. Small parts, such as those of one row or of none, may be the same by chance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

SMALLEST = 1024
"""Bytes of a part from which it is no chance that another is the same."""


def copied_parts(table: str, files: Iterable[Path]) -> tuple[str, ...]:
    """A sentence for each part that is another one again.

    Args:
        table: whose parts they are.
        files: the parts.
    """
    first: dict[tuple[Path, str], Path] = {}
    said = []
    for file in _of_one_size(files):
        original = first.setdefault((file.parent, _digest(file)), file)
        if original is not file:
            said.append(
                f"table {table}: part {file.name} is part {original.name} again, byte for byte; remove one of them, "
                "as rows with a date only and without an id may count twice"
            )
    return tuple(said)


def _of_one_size(files: Iterable[Path]) -> list[Path]:
    """Those of the files that may be the same as another of their folder."""
    sized: dict[tuple[Path, int], list[Path]] = {}
    for file in files:
        sized.setdefault((file.parent, file.stat().st_size), []).append(file)
    return [
        file
        for (_, size), same in sized.items()
        if len(same) > 1 and size >= SMALLEST
        for file in same
    ]


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
