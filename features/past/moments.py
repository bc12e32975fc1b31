"""Moments: the rows of a thing taken moment by moment, with what had happened so far.

What happens at one moment has no order; so a state is told from one moment to the next, and never from row to row.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from features.timeline.expression import Array, Expression
from features.timeline.rows import (
    Flags,
    Floats,
    Ints,
    Rows,
    first_of_group,
    running,
    running_maximum,
    starts,
)
from features.timeline.things import ThingRows


class Moments:
    """Moments in groups, in order of time.

    Args:
        rows: rows in order of thing and time.
        row_group: the group of each row, not falling; rows of one moment are of one group.
    """

    def __init__(self, rows: Rows, row_group: Ints) -> None:
        self._rows = rows
        self._row_group = row_group
        self._moment_starts = starts(rows.history, rows.when)
        self._first_row = np.flatnonzero(self._moment_starts)
        self._thing = rows.history[self._first_row]
        self._group = row_group[self._first_row]
        self._first = first_of_group(starts(self._group))
        self._place = np.arange(len(self._group))
        self.when = rows.when[self._first_row].astype(np.float64)

    @property
    def group_began(self) -> Floats:
        """When the first moment of its group was."""
        return self.when[self._first]

    def part(self, kept: Flags) -> Moments:
        """Some of the moments."""
        rows = np.flatnonzero(self._for_rows(kept))
        columns = {name: values[rows] for name, values in self._rows.columns.items()}
        history, when = self._rows.history[rows], self._rows.when[rows]
        part = Rows(history, when, columns, self._rows.histories)
        return Moments(part, self._row_group[rows])

    def regrouped(self, begins: Flags) -> Moments:
        """The same moments, each thing parted where another group begins."""
        group = np.cumsum(starts(self._thing) | begins) - 1
        return Moments(self._rows, self._for_rows(group))

    def things(self, states: Mapping[str, Array], owner: Ints) -> ThingRows:
        """Each group as a thing with its states.

        Args:
            states: a value for each moment, by name.
            owner: the history that each thing of the rows belongs to.
        """
        first_moment = np.flatnonzero(starts(self._group))
        groups = len(first_moment)
        when = self.when.astype(np.int64)
        rows = Rows(self._group, when, states, groups)
        owners = owner[self._thing[first_moment]]
        return ThingRows(rows, owners, np.arange(groups))

    def count(self, where: Expression) -> Ints:
        """How many rows of each moment meet a condition."""
        return self._summed(self._rows.mask(where))

    def flagged(self, where: Expression) -> Flags:
        """Whether any row of each moment meets a condition."""
        return self.count(where) > 0

    def largest_of_rows(self, column: str, where: Expression) -> Floats:
        """The largest value of a column at each moment, of rows that meet a condition; missing where none has it."""
        if not len(self.when):
            return self.when
        chosen = self._rows.mask(where)
        values = np.where(chosen, self._rows.columns[column], np.nan)
        return np.fmax.reduceat(values, self._first_row)

    def distinct(self, column: str) -> Floats:
        """How many different numbers not below 0 a column has held so far; missing where none."""
        number = self._rows.columns[column]
        order = np.lexsort((number, self._row_group))
        fresh = np.zeros(len(number), dtype=bool)
        fresh[order] = starts(self._row_group[order], number[order])
        at_each = self._summed(fresh & (number >= 0))
        so_far = self._total(at_each).astype(np.float64)
        return np.where(so_far > 0, so_far, np.nan)

    def how_many(self, flags: Flags) -> Floats:
        """How many moments were flagged so far."""
        so_far = self._total(flags.astype(np.int64))
        return so_far.astype(np.float64)

    def any(self, flags: Flags) -> Flags:
        """Whether a moment was flagged so far."""
        return self._last_place(flags) >= 0

    def last(self, flags: Flags) -> Floats:
        """When the last flagged moment so far was; missing where there was none."""
        place = self._last_place(flags)
        return np.where(place >= 0, self.when[place], np.nan)

    def first(self, flags: Flags) -> Floats:
        """When the first flagged moment was, if it is not still to come."""
        negated = np.where(flags, -self.when, np.nan)
        return -self.largest(negated)

    def latest(self, values: Flags, where: Flags) -> Flags:
        """The value at the last flagged moment so far; false where there was none."""
        place = self._last_place(where)
        return np.where(place >= 0, values[place], False)

    def largest(self, values: Floats) -> Floats:
        """The largest of the known values so far."""
        known = np.where(np.isnan(values), -np.inf, values)
        top = running_maximum(known, self._group)
        return np.where(np.isinf(top), np.nan, top)

    def before(self, flags: Flags) -> Flags:
        """What was flagged one moment before; false at the first."""
        previous = np.roll(flags, 1)
        return np.where(self._place > self._first, previous, False)

    def _for_rows(self, values: Array) -> Array:
        """The value of its moment for each row."""
        ends = np.append(self._first_row, len(self._rows))
        rows_of_each = np.diff(ends)
        return np.repeat(values, rows_of_each)

    def _last_place(self, flags: Flags) -> Ints:
        flagged = np.where(flags, self._place, -1)
        place = np.maximum.accumulate(flagged)
        return np.where(place >= self._first, place, -1)

    def _summed(self, flags: Flags) -> Ints:
        counted = running(flags.astype(np.int64))
        before_each = counted[self._first_row]
        return np.diff(np.append(before_each, counted[-1]))

    def _total(self, numbers: Ints) -> Ints:
        sums = running(numbers)
        return sums[self._place + 1] - sums[self._first]
