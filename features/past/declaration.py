"""How a feature is declared: a function whose name is the column and whose docstring is the dictionary entry.

For example::

    value = Theme("value", title="Value", seeds=("S9",), about="What the account spends with us.")

    @value.feature(windows=(30, 90), unit="purchases", says="{value:.0f} purchases in {window} days")
    def purchases(window: int) -> Measure:
        \"\"\"Purchases in the last {window} days.\"\"\"
        return count(PURCHASE, kind("purchase"), window)

    @value.feature(unit="money", says="spends {value:,.0f} a purchase")
    def mean_purchase() -> Formula:
        \"\"\"Mean amount of a purchase of the last 90 days.\"\"\"
        return Formula(of.spent_90d / of.purchases_90d)

A measure is taken of the rows of a source, a formula is made of other features; `features.snapshot.frame` computes
both.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from features.timeline.expression import ALL, Expression, of
from features.timeline.histories import Source
from features.timeline.measures import Asked
from features.vocabulary.kinds import code


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


@dataclass(frozen=True, eq=False)
class Formula:
    """A feature made of other columns of the snapshot."""

    expression: Expression


_Declared = TypeVar("_Declared", bound=Callable[..., Measure | Formula])


@dataclass(frozen=True)
class Entry:
    """What the dictionary says of a column that models read.

    Attributes:
        name: the column.
        meaning: what it says of an account, in a sentence.
        unit: of its values.
        says: the reason in words, a format string over ``value``.
        theme: the name of its theme.
        seeds: the rows of the seed documents that it serves.
    """

    name: str
    meaning: str
    unit: str
    says: str
    theme: str
    seeds: tuple[str, ...]


@dataclass(frozen=True)
class Feature(Entry):
    """A column of the snapshot, with its entry in the dictionary.

    Attributes:
        how: what computes it.
    """

    how: Measure | Formula


@dataclass
class Theme:
    """A family of features that give one kind of reason.

    Attributes:
        name: as in code.
        title: as people read it.
        about: what its features have in common, in a sentence.
        seeds: the rows of the seed documents that it serves.
        features: in the order of their declaration.
    """

    name: str
    title: str
    about: str
    seeds: tuple[str, ...]
    features: list[Feature] = field(default_factory=list)

    def feature(
        self,
        *,
        unit: str,
        says: str,
        windows: tuple[int, ...] = (),
        seeds: tuple[str, ...] = (),
    ) -> Callable[[_Declared], _Declared]:
        """Declares a feature, or with ``windows`` (in days) one for each window, named ``{function}_{window}d``.

        Args:
            unit: of the values.
            says: the reason in words, a format string over ``value`` and ``window``.
            windows: handed to the function one by one.
            seeds: rows of the seed documents, where they differ from the theme's.
        """

        def declare(function: _Declared) -> _Declared:
            meaning = " ".join((inspect.getdoc(function) or "").split())
            for window in windows or (None,):
                self.features.append(
                    Feature(
                        name=function.__name__
                        if window is None
                        else f"{function.__name__}_{window}d",
                        meaning=meaning.replace("{window}", str(window)),
                        unit=unit,
                        says=says.replace("{window}", str(window)),
                        theme=self.name,
                        seeds=seeds or self.seeds,
                        how=function() if window is None else function(window),
                    )
                )
            return function

        return declare


def kind(*names: str) -> Expression:
    """Condition: the interaction is of one of these kinds."""
    among = of.kind_code.among(*(code(name) for name in names))
    return among.named(f"kind is {' or '.join(names)}")


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
