"""Gathering: the rows of one table of a request, whichever account has them, as columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

from features.cleaning.arrays.typed import columns_of
from features.timeline.rows import Ints
from serving.endpoint.faults import Order


class Gathered:
    """Rows of a table, in the order in which they were sent.

    Attributes:
        columns: the columns of the contract by name.
        values: what was sent in each column; None where nothing was.
        broken: places of rows that are no rows, and stand for nothing here.
    """

    def __init__(self, table: str) -> None:
        self.columns = {column.name: column for column in columns_of(table)}
        self.values: dict[str, list[object]] = {name: [] for name in self.columns}
        self.broken: set[int] = set()
        self._first: list[int] = []
        self._of: list[tuple[str, int, bool]] = []
        self._rows = 0

    def __len__(self) -> int:
        """How many rows there are."""
        return self._rows

    def add_rows(
        self, rows: Sequence[Mapping[str, object]], place: str, account: int
    ) -> None:
        """Adds a list of rows."""
        for name, values in self.values.items():
            values += [row.get(name) for row in rows]
        self._add(len(rows), place, account, by_column=False)

    def add_columns(
        self, columns: Mapping[str, list[object]], place: str, account: int
    ) -> None:
        """Adds rows that were sent column by column, all of one length."""
        rows = len(next(iter(columns.values()), []))
        for name, values in self.values.items():
            values += columns.get(name) or [None] * rows
        self._add(rows, place, account, by_column=True)

    def _add(self, rows: int, place: str, account: int, *, by_column: bool) -> None:
        self._first.append(self._rows)
        self._of.append((place, account, by_column))
        self._rows += rows

    @property
    def account(self) -> Ints:
        """The place of the account of each row."""
        accounts = np.array([account for _, account, _ in self._of], dtype=np.int64)
        first = np.array([*self._first, self._rows], dtype=np.int64)
        return np.repeat(accounts, first[1:] - first[:-1])

    def place(self, row: int, field: str) -> str:
        """Where a field of a row stands in the request."""
        number = bisect_right(self._first, row) - 1
        place, _, by_column = self._of[number]
        within = row - self._first[number]
        if by_column:
            return f"{place}.{field}[{within}]"
        return f"{place}[{within}].{field}"

    def order(self, row: int, part: int) -> Order:
        """Where faults of a row are named, given the order of the table within an account."""
        number = bisect_right(self._first, row) - 1
        _, account, _ = self._of[number]
        return account, part, row - self._first[number]
