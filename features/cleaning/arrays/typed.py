"""Typed rows: a table of a request as arrays, and what is wrong with which rows (`features.cleaning.rows`)."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from features.cleaning.arrays.flaws import Flaw, sound
from features.cleaning.arrays.problems import problems
from features.cleaning.arrays.values import (
    MISSING_US,
    UnfitValueError,
    missing,
    reader,
)
from features.cleaning.values import EXPECTED
from features.timeline.expression import Array
from features.vocabulary.contract import JOINED_FACTS, LARGEST, TABLES, Column

Values = Mapping[str, Sequence[object]]
"""Values as they were sent, by column; a column that is not there is missing in all rows."""

_MISSING: Mapping[str, tuple[type, object]] = {
    "text": (object, None),
    "time": (np.int64, MISSING_US),
    "number": (np.float64, np.nan),
    "flag": (np.float64, np.nan),
}


@dataclass(frozen=True)
class Typed:
    """Rows of one table.

    Attributes:
        columns: by name, an array in the type of the column: texts as objects, None where missing; times in
            microseconds since 1970, or `MISSING_US`; numbers and flags as doubles, NaN where missing.
        flaws: of rows that cannot be taken; what was wrong with them counts as missing here.
    """

    columns: Mapping[str, Array]
    flaws: tuple[Flaw, ...] = ()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    def part(self, rows: Array) -> Typed:
        """Some of the rows, by a mask; they have no flaws."""
        taken = {name: values[rows] for name, values in self.columns.items()}
        return Typed(taken)


def typed(
    table: str, values: Values, rows: int, facts: Mapping[str, str] = {}
) -> Typed:
    """The rows of a table, each value in the type of its column.

    Args:
        table: a name of the contract.
        values: as they were sent.
        rows: how many rows there are.
        facts: of accounts, each ``"number"`` or ``"text"``.
    """
    if not rows and not facts:
        return _nothing(table)
    columns: dict[str, Array] = {}
    flaws: list[Flaw] = []
    grave: list[Flaw] = []
    nothing = (None,) * rows
    for column in columns_of(table, facts):
        sent = values.get(column.name, nothing)
        columns[column.name], flawed = _read(column, sent)
        flaws += flawed
        grave += flawed if column.required or column.vital else []
    flaws += problems(table, columns, sound(grave, rows))
    return Typed(columns, tuple(flaws))


@functools.cache
def _nothing(table: str) -> Typed:
    """A table without rows."""
    columns = columns_of(table)
    return Typed({column.name: _read(column, ())[0] for column in columns})


def columns_of(table: str, facts: Mapping[str, str] = {}) -> list[Column]:
    """The columns of a table of a request: those of the contract and, of accounts, the facts.

    Which account a row is of is told beside its columns.
    """
    columns = TABLES[table].columns
    if table != "accounts":
        return [column for column in columns if column.name != "account_id"]
    kept = dict.fromkeys(JOINED_FACTS, "text") | dict(facts)
    return [*columns, *(fact_column(name, type_) for name, type_ in kept.items())]


def fact_column(name: str, type_: str) -> Column:
    """A fact of accounts as a column: its numbers are bounded as amounts are."""
    return Column(
        name, "number" if type_ == "number" else "text", low=-LARGEST, high=LARGEST
    )


def _read(column: Column, sent: Sequence[object]) -> tuple[Array, list[Flaw]]:
    """The values of a column, and its flaws."""
    dtype, nothing = _MISSING[column.type]
    read, found = reader(column), [nothing] * len(sent)
    lacking: list[int] = []
    flawed: dict[str, list[int]] = {}
    for row, value in enumerate(sent):
        if value is None or missing(value):
            lacking.append(row)
            continue
        try:
            found[row] = read(value)
        except UnfitValueError as unfit:
            flawed.setdefault(str(unfit), []).append(row)
    flaws = [Flaw(column.name, said, np.array(rows)) for said, rows in flawed.items()]
    if column.required and lacking:
        flaws.append(Flaw(column.name, EXPECTED[column.type], np.array(lacking)))
    return np.array(found, dtype=dtype), flaws
