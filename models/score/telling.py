"""Telling: what a colleague would say of one column of an account, if there is anything worth saying.

A value is told where it is known, is bad news, and its words say so: against what is usual for this account, or
against what is typical of the accounts of the training.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from string import Formatter
from typing import Any

import numpy as np

from features.past.declaration import Entry
from features.past.saying import Bad, Saying
from models.score.words import told, worded

Typical = Mapping[str, float]
"""The median of each column over the training."""

_WORSE: Mapping[str, Callable[[float, float], bool]] = {
    "high": operator.gt,
    "low": operator.lt,
}


class Row(Mapping[str, Any]):
    """One row of a snapshot, by column, with what is named of it for a saying.

    Args:
        columns: the snapshot.
        place: of the row.
        named: what goes before the columns.
    """

    def __init__(
        self, columns: Any, place: int, named: Mapping[str, Any] | None = None
    ) -> None:
        self._columns, self._place = columns, place
        self._named = named or {}

    def __getitem__(self, name: str) -> Any:
        """The value of a column; missing where the snapshot has no such column."""
        if name in self._named:
            return self._named[name]
        if name not in self._columns:
            return np.float64("nan")
        return np.asarray(self._columns[name])[self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def beside(self, named: Mapping[str, Any]) -> Row:
        """The same row with more that is named."""
        return Row(self._columns, self._place, {**self._named, **named})


def sentence(entry: Entry, row: Row, typical: Typical) -> str | None:
    """What is said of a column in a row; None where nothing is.

    Args:
        entry: of the column.
        row: of the snapshot; it need not hold all columns.
        typical: where it lacks a column, nothing is set against the others there.
    """
    value = np.float64(row[entry.name])
    if math.isnan(value):
        return None
    peers = np.float64(typical.get(entry.name, math.nan))
    for saying in entry.says:
        named = row.beside({"value": value, "typical": peers})
        if saying.usual is not None:
            usual = np.float64(saying.usual.values(named))
            named = named.beside({"usual": usual})
        elif not _is_worse(entry.bad, value, peers):
            continue
        if _holds(saying, named) and _is_known(saying, named):
            said = told(saying.words, named)
            return said[0].upper() + said[1:]
    return None


def _is_worse(bad: Bad, value: float, peers: float) -> bool:
    return bad == "either" or math.isnan(peers) or _WORSE[bad](value, peers)


def _holds(saying: Saying, named: Row) -> bool:
    if saying.where is None:
        return bool(named["value"] != 0)
    return bool(saying.where.values(named))


def _is_known(saying: Saying, named: Row) -> bool:
    """Whether all that the words name is known, and no two figures that they compare read the same."""
    if any(math.isnan(named[name]) for name in saying.names):
        return False
    figures = [
        worded(named[name], spec or "")
        for _, name, spec, _ in Formatter().parse(saying.words)
        if name
    ]
    return len(set(figures)) == len(figures)
