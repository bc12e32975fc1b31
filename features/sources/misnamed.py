"""Columns whose names are ours but for case or marks, such as ``Known_At``: they are not read, and told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from features.errors import BookError
from features.vocabulary.contract import JOINED_FACTS, TABLES


@dataclass(frozen=True)
class Misnamed:
    """A column that is not read as what it seems to be.

    Attributes:
        table, column: where it stands.
        meant: the column of ours that is not there.
    """

    table: str
    column: str
    meant: str

    @property
    def sentence(self) -> str:
        """What was found, and how to mend it.

        Example:
            >>> Misnamed("interactions", "Known_At", "known_at").sentence
            'table interactions: the column Known_At is not read; if it is known_at, name it so'
        """
        return f"table {self.table}: the column {self.column} is not read; if it is {self.meant}, name it so"

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {**vars(self), "sentence": self.sentence}


def misnamed(table: str, present: Iterable[str]) -> list[Misnamed]:
    """The columns of a table that have the letters of one of ours that is not there.

    Example:
        >>> [(found.column, found.meant) for found in misnamed("departures", ["account_id", "Occurred At", "why"])]
        [('Occurred At', 'occurred_at')]
    """
    present = list(present)
    ours = [column.name for column in TABLES[table].columns]
    if table == "accounts":
        ours += sorted(JOINED_FACTS)
    absent = {_letters(name): name for name in ours if name not in present}
    return [
        Misnamed(table, column, absent[_letters(column)])
        for column in present
        if column not in ours and _letters(column) in absent
    ]


def require_columns(table: str, present: Iterable[str], where: str = "") -> None:
    """Raises `BookError` where a table, or the part of it that ``where`` names, lacks a required column."""
    present = list(present)
    lacking = [
        column.name
        for column in TABLES[table].columns
        if column.required and column.name not in present
    ]
    if not lacking:
        return
    renamed = [
        f"{near.column} to {near.meant}"
        for near in misnamed(table, present)
        if near.meant in lacking
    ]
    raise BookError(
        where=f"table {table}{where}",
        found=f"the columns {', '.join(present)}",
        expected=", ".join(lacking),
        mend=f"rename {', '.join(renamed)}" if renamed else "add or rename the columns",
    )


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
