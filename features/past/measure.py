"""What is measured of the rows of a source: one function for each measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from features.timeline.expression import ALL, Expression, of
from features.timeline.histories import Source
from features.timeline.measures import Asked
from features.vocabulary.kinds import OWN, code


@dataclass(frozen=True, eq=False)
class Measure:
    """What is measured of the rows of a source, for one account and as-of date.

    Attributes:
        source: whose rows.
        how: the measure, a method of `features.timeline.measures.Timeline` or `features.timeline.things.Things`.
        asked: of which rows and which value.
    """

    source: Source
    how: str
    asked: Asked


_WORDS: ContextVar[Callable[[str], str]] = ContextVar("_WORDS")


@contextmanager
def speaking(spoken: Callable[[str], str]) -> Iterator[None]:
    """Has `kind` know the kinds of a book's own, while a file of its own declares features.

    Args:
        spoken: gives the kind of ours that stands for one; it raises where there is none.
    """
    before = _WORDS.set(spoken)
    try:
        yield
    finally:
        _WORDS.reset(before)


def kind(*names: str) -> Expression:
    """Condition: the interaction is of one of these kinds."""
    spoken = _WORDS.get(str)
    among = of.kind_code.among(*(code(spoken(name)) for name in names))
    said = [name for name in names if not name.startswith(OWN)]
    return among.named(f"kind is {' or '.join(said)}")


def count(
    source: Source, where: Expression = ALL, window: int | None = None
) -> Measure:
    """How many rows; 0 where there are none."""
    return Measure(source, "count", Asked(None, where, window))


def total(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The sum of a value; 0 where there are no rows."""
    return Measure(source, "total", Asked(value, where, window))


def amount(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The sum of a value; 0 where there are no rows, not known where no row has the value."""
    return Measure(source, "amount", Asked(value, where, window))


def relative_mean(
    source: Source, value: Expression, where: Expression, window: int
) -> Measure:
    """The mean of a value within a window over that of all rows; missing where that is nothing or below."""
    return Measure(source, "relative_mean", Asked(value, where, window))


def mean(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The mean of a value; not known where there are no rows."""
    return Measure(source, "mean", Asked(value, where, window))


def share(
    source: Source, part: Expression, whole: Expression = ALL, window: int | None = None
) -> Measure:
    """The share of the rows of the whole that are of the part as well; not known where the whole is empty."""
    return Measure(source, "share", Asked(None, whole, window, part))


def days_since_last(source: Source, where: Expression = ALL) -> Measure:
    """Days since the last row; not known where there is none."""
    return Measure(source, "days_since_last", Asked(None, where))


def days_since_first(source: Source, where: Expression = ALL) -> Measure:
    """Days since the first row; not known where there is none."""
    return Measure(source, "days_since_first", Asked(None, where))


def latest(source: Source, value: Expression, where: Expression = ALL) -> Measure:
    """The last value there is, of a source without two rows at one moment; not known where there is none."""
    return Measure(source, "latest", Asked(value, where))


def extent(source: Source, value: Expression) -> Measure:
    """The last value there is less the first; not known where there is none."""
    return Measure(source, "extent", Asked(value, ALL))


def smallest(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The smallest of a value of things; not known where there are none."""
    return Measure(source, "smallest", Asked(value, where, window))


def largest(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The largest of a value; not known where there are no rows."""
    return Measure(source, "largest", Asked(value, where, window))


def spread(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The standard deviation of a value (of the population); not known for fewer than two rows."""
    return Measure(source, "spread", Asked(value, where, window))


def trend(
    source: Source,
    value: Expression,
    where: Expression = ALL,
    window: int | None = None,
) -> Measure:
    """The change of a value in 90 days, by least squares; not known for fewer than three rows, or too close ones."""
    return Measure(source, "trend", Asked(value, where, window))
