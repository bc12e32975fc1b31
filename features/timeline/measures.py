"""Measures of rows between edges: counts, sums, last values, of every pair at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from features.engine import MICROS_PER_DAY
from features.timeline.edges import Edges
from features.timeline.expression import Array, Expression
from features.timeline.rows import (
    MILLIONTHS,
    ExactSums,
    Flags,
    Floats,
    Ints,
    Rows,
    millionths,
    running_maximum,
    spread,
)

TREND_SPAN = 30
"""Days that rows must lie apart, the first from the last, to tell a trend."""
TREND_DAYS = 90
"""The days over which a trend is told."""


@dataclass(frozen=True)
class Asked:
    """What is asked of each pair's rows.

    Attributes:
        value: of which value; None where rows alone are counted.
        where: of which rows.
        window: of the last so many days; of all where None.
        part: which of these rows, for a share.
    """

    value: Expression | None
    where: Expression
    window: int | None = None
    part: Expression | None = None


class Timeline:
    """Rows, and the edges of the pairs that look at them."""

    def __init__(
        self, rows: Rows, edges: Edges, parent: Timeline | None = None
    ) -> None:
        self.rows = rows
        self.edges = edges
        self._cell: Ints = (
            edges.cell(rows) if parent is None else parent._cell[rows.kept]
        )
        self._before: dict[tuple[str, str], Ints] = {}
        self._spans: dict[tuple[str, str, int | None], tuple[Ints, Ints]] = {}

    def part(self, rows: Rows) -> Timeline:
        """The timeline of a part of its rows."""
        return Timeline(rows, self.edges, self)

    def count(self, asked: Asked) -> Floats:
        """How many rows."""
        low, high = self.span(asked.where, None, asked.window)
        return (high - low).astype(np.float64)

    def total(self, asked: Asked) -> Floats:
        """The sum of the value."""
        return self._sums(asked).between(*self._known(asked))

    def amount(self, asked: Asked) -> Floats:
        """The sum of the value; not known where there are rows and none has it."""
        low, high = self._known(asked)
        unknown = (self.count(asked) > 0) & (high == low)
        return np.where(unknown, np.nan, self.total(asked))

    def mean(self, asked: Asked) -> Floats:
        """The mean of the value."""
        low, high = self._known(asked)
        total = self._sums(asked).whole(low, high)
        return total / _not_zero(MILLIONTHS * (high - low))

    def relative_mean(self, asked: Asked) -> Floats:
        """The mean of the value within the window over that of all; missing where that is nothing or below."""
        usual = self.mean(replace(asked, window=None))
        return self.mean(asked) / np.where(usual > 0, usual, np.nan)

    def share(self, asked: Asked) -> Floats:
        """The share of the rows that are of the part as well."""
        assert asked.part is not None
        low, high = self.span(asked.where, None, asked.window)
        part_low, part_high = self.span(asked.where & asked.part, None, asked.window)
        return (part_high - part_low) / _not_zero(high - low)

    def days_since_last(self, asked: Asked) -> Floats:
        """Days from the last row to the as-of date."""
        low, high = self.span(asked.where, None, asked.window)
        return self._age(self.rows.places(asked.where), high - 1, high > low)

    def days_since_first(self, asked: Asked) -> Floats:
        """Days from the first row to the as-of date."""
        low, high = self.span(asked.where, None, asked.window)
        return self._age(self.rows.places(asked.where), low, high > low)

    def latest(self, asked: Asked) -> Floats:
        """The last value there is."""
        return self._at_edge(asked, last=True)

    def extent(self, asked: Asked) -> Floats:
        """The last value there is less the first."""
        return self._at_edge(asked, last=True) - self._at_edge(asked, last=False)

    def largest(self, asked: Asked) -> Floats:
        """The largest value so far; windows have none."""
        low, high = self._known(asked)
        places, values = self._values(asked)
        top = running_maximum(values, self.rows.history[places])
        return _taken(top, high - 1, high > low)

    def spread(self, asked: Asked) -> Floats:
        """The standard deviation of the value, of two rows or more."""
        low, high = self._known(asked)
        rows = high - low
        mean = self._sums(asked).between(low, high) / _not_zero(rows)
        square = self._sums(asked, power=2).between(low, high) / _not_zero(rows)
        deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
        several = np.flatnonzero(rows >= 2)
        changes = self.rows.changes(asked.where, _value(asked))
        varies = changes[high[several] - 1] > changes[low[several]]
        found = np.full(len(rows), np.nan)
        found[several] = np.where(varies, deviation[several], 0.0)
        return found

    def trend(self, asked: Asked) -> Floats:
        """The change of the value in 90 days, by least squares; of three rows or more that lie apart."""
        low, high = self._known(asked)
        rows = high - low
        pair, at = spread(low, rows)
        places, values = self._values(asked)
        when = self.rows.when[places[at]]
        age = (self.edges.as_of[pair] - when) / MICROS_PER_DAY
        slope = _slope(rows, pair, age, values[at])

        some = rows > 0
        end = np.cumsum(rows)
        oldest = _taken(age, end - rows, some)
        newest = _taken(age, end - 1, some)
        enough = (rows >= 3) & (oldest - newest >= TREND_SPAN)
        return np.where(enough, TREND_DAYS * slope, np.nan)

    def span(
        self, where: Expression, value: Expression | None, window: int | None
    ) -> tuple[Ints, Ints]:
        """From where to where each pair's rows stand, among the rows of a condition that have a value."""
        key = (where.text, "" if value is None else value.text)
        if (*key, window) not in self._spans:
            before = self._counted(where, value)
            low = before[self.edges.end(window)]
            high = before[self.edges.end(0)]
            self._spans[*key, window] = (low, high)
        return self._spans[*key, window]

    def places_of(self, asked: Asked, pair: int) -> Ints:
        """Where those rows stand that a pair's measure is taken of."""
        low, high = self.span(asked.where, asked.value, asked.window)
        return self.rows.places(asked.where, asked.value)[low[pair] : high[pair]]

    def _known(self, asked: Asked) -> tuple[Ints, Ints]:
        """The span of the rows that have the value."""
        return self.span(asked.where, _value(asked), asked.window)

    def _values(self, asked: Asked) -> tuple[Ints, Floats]:
        """Where the rows of a condition stand that have a value, and that value."""
        value = _value(asked)
        places = self.rows.places(asked.where, value)
        return places, self.rows.value(value)[places]

    def _sums(self, asked: Asked, power: int = 1) -> ExactSums:
        return self.rows.sums(asked.where, _value(asked), power)

    def _counted(self, where: Expression, value: Expression | None) -> Ints:
        key = (where.text, "" if value is None else value.text)
        if key not in self._before:
            places = self.rows.places(where, value)
            cells = self._cell if len(places) == len(self.rows) else self._cell[places]
            self._before[key] = self.edges.counted(cells)
        return self._before[key]

    def _at_edge(self, asked: Asked, last: bool) -> Floats:
        low, high = self._known(asked)
        _, values = self._values(asked)
        return _taken(values, high - 1 if last else low, high > low)

    def _age(self, places: Ints, at: Ints, some: Flags) -> Floats:
        when = _taken(self.rows.when[places], at, some)
        return np.asarray((self.edges.as_of - when) / MICROS_PER_DAY)


def _value(asked: Asked) -> Expression:
    assert asked.value is not None
    return asked.value


def _slope(rows: Ints, pair: Ints, age: Floats, values: Floats) -> Floats:
    """How much the values of each pair rise a day, by least squares; not known where all are of one age.

    Args:
        rows: how many each pair has.
        pair: of each row.
        age: of each row, in days.
        values: of each row.
    """

    def summed(term: Floats) -> Floats:
        whole = np.bincount(pair, weights=millionths(term), minlength=len(rows))
        return whole / MILLIONTHS

    ages, totals = summed(age), summed(values)
    squares, products = summed(age * age), summed(age * values)
    varied = rows * squares - ages * ages
    fallen = ages * totals - rows * products
    return np.asarray(fallen / np.where(varied == 0, np.nan, varied))


def _not_zero(counts: Array) -> Floats:
    return np.where(counts > 0, counts, np.nan)


def _taken(values: Array, at: Ints, some: Flags) -> Floats:
    taken = np.full(len(at), np.nan)
    taken[some] = values[at[some]]
    return taken
