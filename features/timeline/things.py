"""Things of an account as they stood at a date: its matters, the reps that served it, the channels it used.

The rows of one thing are a history of their own. At an as-of date its last row tells how it stood; a pair of account
and as-of date has as many things as had a row by then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.timeline.edges import Edges
from features.timeline.expression import Array, Columns, Expression
from features.timeline.measures import Asked
from features.timeline.rows import (
    MILLIONTHS,
    Flags,
    Floats,
    Ints,
    Rows,
    in_order,
    millionths,
    spread,
    starts,
)


class Things:
    """Things, a row for each pair and thing, by pair.

    Args:
        pair: of each row, not falling.
        columns: arrays by name, a value for each row; ``age`` is in days, and what windows go by.
        pairs: how many pairs there are; some may have no thing.
    """

    def __init__(self, pair: Ints, columns: Columns, pairs: int) -> None:
        self.pair = pair
        self.columns = columns
        self.pairs = pairs

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.pair)

    def count(self, asked: Asked) -> Floats:
        """How many things."""
        return self._counted(self._mask(asked))

    def total(self, asked: Asked) -> Floats:
        """The sum of the value."""
        values, known = self._known(asked)
        return self._summed(values, known)

    def amount(self, asked: Asked) -> Floats:
        """The sum of the value; not known where there are things and none has it."""
        values, known = self._known(asked)
        unknown = (self.count(asked) > 0) & (self._counted(known) == 0)
        return np.where(unknown, np.nan, self._summed(values, known))

    def mean(self, asked: Asked) -> Floats:
        """The mean of the value."""
        values, known = self._known(asked)
        counted = self._counted(known)
        return self._summed(values, known) / np.where(counted > 0, counted, np.nan)

    def share(self, asked: Asked) -> Floats:
        """The share of the things that are of the part as well."""
        assert asked.part is not None
        whole = self._mask(asked)
        counted = self._counted(whole)
        part = self._counted(whole & asked.part.values(self.columns))
        return part / np.where(counted > 0, counted, np.nan)

    def largest(self, asked: Asked) -> Floats:
        """The largest value."""
        return self._extreme(asked, np.fmax)

    def smallest(self, asked: Asked) -> Floats:
        """The smallest value."""
        return self._extreme(asked, np.fmin)

    def places_of(self, asked: Asked, pair: int) -> Ints:
        """Where those things stand that a pair's measure is taken of."""
        mask = self._mask(asked) if asked.value is None else self._known(asked)[1]
        return np.flatnonzero(mask & (self.pair == pair))

    def _mask(self, asked: Asked) -> Flags:
        mask: Flags = asked.where.values(self.columns)
        return (
            mask
            if asked.window is None
            else mask & (self.columns["age"] < asked.window)
        )

    def _known(self, asked: Asked) -> tuple[Floats, Flags]:
        assert asked.value is not None
        values = np.asarray(asked.value.values(self.columns), dtype=np.float64)
        return values, self._mask(asked) & ~np.isnan(values)

    def _counted(self, mask: Flags) -> Floats:
        return np.bincount(self.pair[mask], minlength=self.pairs).astype(np.float64)

    def _summed(self, values: Floats, known: Flags) -> Floats:
        weights = millionths(values[known])
        return (
            np.bincount(self.pair[known], weights=weights, minlength=self.pairs)
            / MILLIONTHS
        )

    def _extreme(self, asked: Asked, larger: np.ufunc) -> Floats:
        values, known = self._known(asked)
        found = np.full(self.pairs, np.nan)
        if len(self):
            first = np.flatnonzero(starts(self.pair))
            found[self.pair[first]] = larger.reduceat(
                np.where(known, values, np.nan), first
            )
        return found


class ThingRows:
    """Rows of things.

    Attributes:
        rows: sorted by thing and time; their history is the thing's number.
        owner: the history that each thing belongs to, not falling.
        name: the number by which each thing is called.
    """

    def __init__(self, rows: Rows, owner: Ints, name: Ints) -> None:
        self.rows = rows
        self.owner = owner
        self.name = name

    def states(self, edges: Edges) -> tuple[dict[str, Array], Ints]:
        """The last row of each thing that each pair sees, as columns, and whose it is."""
        seen = self.at(edges)
        columns = self.rows.columns.items()
        return {name: values[seen.last] for name, values in columns}, seen.pair

    def at(self, edges: Edges, window: int | None = None) -> AtDates:
        """What each pair may see of the things of its history, by its date and within a window."""
        first = np.searchsorted(self.owner, np.arange(edges.histories + 1))
        counts = np.diff(first)
        pair, thing = spread(first[edges.history], counts[edges.history])
        windows = () if window is None else (window,)
        own = edges.of_pairs(thing, pair, windows, len(self.owner))
        before = own.counted(own.cell(self.rows))
        low, high = before[own.end(window)], before[own.end(0)]
        seen = high > low
        return AtDates(pair[seen], thing[seen], low[seen], high[seen])


def group(
    rows: Rows, where: Expression, name: str, columns: Sequence[str]
) -> ThingRows:
    """Rows that meet a condition, grouped by history and by a column that calls things by a number not below 0.

    Args:
        rows: which rows.
        where: of which rows.
        name: the column that calls the things.
        columns: those that the grouped rows keep.
    """
    place = np.flatnonzero(rows.mask(where))
    called = rows.columns[name][place]
    order = in_order(rows.history[place], called)  # time stays in order
    place, called = place[order], called[order]
    history = rows.history[place]
    new = starts(history, called)
    kept = {column: rows.columns[column][place] for column in columns}
    grouped = Rows(np.cumsum(new) - 1, rows.when[place], kept, int(new.sum()))
    return ThingRows(grouped, history[new], called[new])


class AtDates:
    """Pairs and the things that they see.

    Attributes:
        pair: by which the rows are sorted.
        thing: its number.
        low: where the rows of the thing that the pair sees begin.
        high: where they end.
    """

    def __init__(self, pair: Ints, thing: Ints, low: Ints, high: Ints) -> None:
        self.pair = pair
        self.thing = thing
        self.low = low
        self.high = high

    @property
    def last(self) -> Ints:
        """Where the last row of each thing stands."""
        return self.high - 1
