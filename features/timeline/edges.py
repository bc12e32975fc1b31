"""Edges: where as-of dates and the beginnings of windows fall among rows in order of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.engine import MICROS_PER_DAY
from features.timeline.rows import Ints, Rows


class Edges:
    """The edges of some pairs of account and as-of date.

    Time is cut at every edge of any pair. The segment between two cuts, of each history, is a *cell*; rows are counted
    by cell, and from the running count every edge is read.

    Args:
        history: which history each pair reads.
        dates: the as-of dates that there are, in microseconds since 1970, rising.
        date: of each pair, its place among them.
        windows: lengths in days.
        histories: how many histories there are.
    """

    def __init__(
        self,
        history: Ints,
        dates: Ints,
        date: Ints,
        windows: Sequence[int],
        histories: int,
    ) -> None:
        cuts = [dates, *(dates - window * MICROS_PER_DAY for window in windows)]
        self.history = history
        self.histories = histories
        self.as_of = dates[date]
        self._dates = dates
        self._date = date
        self._times = np.unique(np.concatenate(cuts))
        self._segments = len(self._times) + 1
        self.cells = histories * self._segments
        self.start = history * self._segments
        self._end = {
            window: self.start + (np.searchsorted(self._times, cut) + 1)[date]
            for window, cut in zip((0, *windows), cuts, strict=True)
        }

    def of_pairs(
        self, history: Ints, pair: Ints, windows: Sequence[int], histories: int
    ) -> Edges:
        """The edges at the dates of some of the pairs, in other histories."""
        return Edges(history, self._dates, self._date[pair], windows, histories)

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.as_of)

    def end(self, window: int | None) -> Ints:
        """Of each pair the cell before which a window of days begins; the history's first where it has no beginning.

        A window of 0 days begins at the as-of date itself.
        """
        return self.start if window is None else self._end[window]

    def cell(self, rows: Rows) -> Ints:
        """The cell of each row."""
        return rows.history * self._segments + np.searchsorted(self._times, rows.when)

    def counted(self, cells: Ints) -> Ints:
        """How many rows lie in the cells before each one."""
        before = np.zeros(self.cells + 1, dtype=np.int64)
        np.cumsum(np.bincount(cells, minlength=self.cells), out=before[1:])
        return before
