"""Rows of one table in order of history and time, and what of them depends on no as-of date.

A *history* is a whole number: the rows that some pairs of account and as-of date read. Nothing here is computed before
it is asked for, and nothing twice.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from features.timeline.expression import ALL, Array, Columns, Expression

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MILLIONTHS = 1e6
_SAFE = 2**62


class Rows:
    """Rows sorted by history and time.

    Args:
        history: of each row, not falling.
        when: the moment of each row in microseconds since 1970, not falling within a history.
        columns: arrays by name, a value for each row; ``occurred_us`` is one anyway.
        histories: how many histories there are; some may have no row.
        kept: where the rows stand among those of ``of``, for a part of other rows.
        of: the rows that these are a part of.
    """

    def __init__(
        self,
        history: Ints,
        when: Ints,
        columns: Mapping[str, Array],
        histories: int,
        kept: Ints | None = None,
        of: Rows | None = None,
    ) -> None:
        self.history = history
        self.when = when
        own: Columns = {"occurred_us": when}
        self.columns: Columns = ChainMap(own, columns)  # type: ignore[arg-type]
        self.histories = histories
        self.kept = kept
        self.of = of
        self._masks: dict[str, Flags] = {}
        self._values: dict[str, Floats] = {}
        self._chosen: dict[tuple[str, str], Ints] = {}
        self._sums: dict[tuple[str, str, int], ExactSums] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.when)

    def root_columns(self, place: Ints) -> Columns:
        """All columns of some rows, those of the rows that these are a part of among them."""
        own = {name: values[place] for name, values in self.columns.items()}
        if self.of is None or self.kept is None:
            return own
        whole = self.of.root_columns(self.kept[place])
        return {**whole, **own}

    def mask(self, where: Expression) -> Flags:
        """Whether each row meets a condition."""
        if where is ALL:
            return np.ones(len(self), dtype=bool)
        if where.text not in self._masks:
            self._masks[where.text] = where.values(self.columns)
        return self._masks[where.text]

    def value(self, value: Expression) -> Floats:
        """A value of each row."""
        if value.text not in self._values:
            values = value.values(self.columns)
            self._values[value.text] = np.asarray(values, dtype=np.float64)
        return self._values[value.text]

    def places(self, where: Expression, value: Expression | None = None) -> Ints:
        """Where the rows stand that meet a condition and, if asked, have a value."""
        key = (where.text, "" if value is None else value.text)
        if key not in self._chosen:
            mask = self.mask(where)
            if value is not None:
                mask = mask & ~np.isnan(self.value(value))
            self._chosen[key] = mask.nonzero()[0]
        return self._chosen[key]

    def sums(self, where: Expression, value: Expression, power: int = 1) -> ExactSums:
        """Running sums of a value, or its square, over the rows that meet a condition and have the value."""
        key = (where.text, value.text, power)
        if key not in self._sums:
            values = self.value(value)[self.places(where, value)]
            self._sums[key] = ExactSums(values if power == 1 else values * values)
        return self._sums[key]

    def changes(self, where: Expression, value: Expression) -> Ints:
        """How often the value has changed up to each of the rows that meet a condition and have the value."""
        values = self.value(value)[self.places(where, value)]
        return np.cumsum(starts(values))

    def part(self, where: Expression, *names: str) -> Rows:
        """The rows that meet a condition, with some of the columns."""
        kept = np.flatnonzero(self.mask(where))
        columns = {name: self.columns[name][kept] for name in names}
        return Rows(
            self.history[kept], self.when[kept], columns, self.histories, kept, self
        )


class ExactSums:
    """Running sums of numbers in whole millionths: the same in every order.

    Numbers too large to be added up in 64 bits are added in two halves.
    """

    def __init__(self, values: Floats) -> None:
        whole = millionths(values)
        self._low = running(whole)
        self._high: Ints | None = None
        if len(whole) and float(np.abs(whole).max()) * len(whole) > _SAFE:
            self._low, self._high = running(whole & 0xFFFFFFFF), running(whole >> 32)

    def between(self, low: Ints, high: Ints) -> Floats:
        """The sums of the numbers from one place up to another."""
        return self.whole(low, high) / MILLIONTHS

    def whole(self, low: Ints, high: Ints) -> Floats:
        """The sums in whole millionths."""
        total = (self._low[high] - self._low[low]).astype(np.float64)
        if self._high is not None:
            total += (self._high[high] - self._high[low]) * 2.0**32
        return total


def millionths(values: Floats) -> Ints:
    """Numbers in whole millionths; halves are rounded away from zero.

    Example:
        >>> millionths(np.array([1.5, -0.0000005, 0.1]))
        array([1500000,      -1,  100000])
    """
    scaled = values * MILLIONTHS
    return np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int64)


def running(whole: Ints) -> Ints:
    """The sums of all numbers before each place, and of all of them."""
    sums = np.zeros(len(whole) + 1, dtype=np.int64)
    np.cumsum(whole, out=sums[1:])
    return sums


def running_maximum(values: Floats, history: Ints) -> Floats:
    """The largest value so far in each history: of two rows, then of four, and so on."""
    top, step = values.copy(), 1
    while step < len(top):
        same = history[step:] == history[:-step]
        if not same.any():
            break
        larger = np.maximum(top[step:], top[:-step])
        top[step:] = np.where(same, larger, top[step:])
        step *= 2
    return top


def starts(*keys: Array) -> Flags:
    """Whether a row begins a new group: where any of its keys differs from the row before."""
    new = np.ones(len(keys[0]), dtype=bool)
    if len(new):
        new[1:] = False
        for key in keys:
            new[1:] |= key[1:] != key[:-1]
    return new


def ends(*keys: Array) -> Flags:
    """Whether a row is the last of its group: where any of its keys differs from the row after."""
    last = np.ones(len(keys[0]), dtype=bool)
    last[:-1] = starts(*keys)[1:]
    return last


def first_of_group(new: Flags) -> Ints:
    """The place at which each row's group begins, given where groups begin."""
    places = np.where(new, np.arange(len(new)), 0)
    return np.maximum.accumulate(places)


def spread(low: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Runs of places laid one behind the other: of each place the number of its run, and the place.

    Example:
        >>> spread(np.array([5, 9]), np.array([2, 1]))
        (array([0, 0, 1]), array([5, 6, 9]))
    """
    run = np.repeat(np.arange(len(counts)), counts)
    began = np.cumsum(counts) - counts
    within = np.arange(len(run)) - np.repeat(began, counts)
    return run, low[run] + within


def in_order(history: Ints, key: Ints) -> Ints:
    """Where rows stand in order of history and a whole number not below 0; equal ones keep their order.

    Sorting small numbers takes one pass, so they are made small.
    """
    return np.lexsort((_small(key), _small(history)))


def _small(key: Ints) -> Array:
    largest = np.iinfo(np.uint16).max
    if not len(key) or key.max() > largest:
        return key
    return key.astype(np.uint16)
