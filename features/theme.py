"""How a feature is declared: a function whose name is the column and whose docstring is the dictionary entry.

    value = Theme("value", title="Value", seeds=("S9",), about="What the account spends with us.")

    @value.feature(windows=(30, 90), unit="purchases", says="{value:.0f} purchases in {window} days")
    def purchases(window: int) -> Measure:
        \"\"\"Purchases in the last {window} days.\"\"\"
        return count(INTERACTION, kind("purchase"), window)

The function says what is measured; `features.snapshot` turns all of them into one statement.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from features.engine import fixed
from features.history import Source
from features.kinds import code

TREND_SPAN = 30
"""Days that rows must lie apart, the first from the last, to tell a trend."""


@dataclass(frozen=True)
class Measure:
    """An aggregate over the rows of a source, for one account and as-of date.

    Attributes:
        source: whose rows.
        sql: the aggregate; its result must not depend on the order of the rows.
        empty: what it is where the source has no row; None for not known.
    """

    source: Source
    sql: str
    empty: float | None = None


@dataclass(frozen=True)
class Formula:
    """A feature made of other columns of the snapshot, as SQL that names them."""

    sql: str


_Declared = TypeVar("_Declared", bound=Callable[..., Measure | Formula])


@dataclass(frozen=True)
class Feature:
    """A column of the snapshot, with its entry in the dictionary.

    Attributes:
        name: the column.
        meaning: what it says of an account, in a sentence.
        unit: of its values.
        says: the reason in words, a format string over ``value``.
        theme: the name of its theme.
        seeds: the rows of the seed documents that it serves.
        how: what computes it.
    """

    name: str
    meaning: str
    unit: str
    says: str
    theme: str
    seeds: tuple[str, ...]
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
        self, *, unit: str, says: str, windows: tuple[int, ...] = (), seeds: tuple[str, ...] = ()
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
                        name=function.__name__ if window is None else f"{function.__name__}_{window}d",
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


def kind(*names: str) -> str:
    """Condition: the interaction is of one of these kinds."""
    return among("kind_code", *(code(name) for name in names))


def among(column: str, *values: int | str) -> str:
    """Condition: the column has one of these values."""
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def count(source: Source, where: str = "true", window: int | None = None) -> Measure:
    """How many rows; 0 where there are none."""
    return Measure(source, f"sum(case when {_and(where, window)} then 1 else 0 end)", 0.0)


def total(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The sum of a value; 0 where there are no rows."""
    return Measure(source, f"{_sum(value, _and(where, window))} / 1e6", 0.0)


def mean(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The mean of a value; not known where there are no rows."""
    condition = f"{_and(where, window)} and ({value}) is not null"
    rows = f"sum(case when {condition} then 1 else 0 end)"
    return Measure(source, f"{_sum(value, condition)} / nullif(1e6 * {rows}, 0)")


def share(source: Source, part: str, whole: str, window: int | None = None) -> Measure:
    """The share of the rows of the whole that are of the part as well; not known where the whole is empty."""
    both = f"{_and(whole, window)} and {part}"
    counted = f"nullif(sum(case when {_and(whole, window)} then 1 else 0 end), 0)"
    return Measure(source, f"cast(sum(case when {both} then 1 else 0 end) as double) / {counted}")


def smallest(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The smallest of a value; not known where there are no rows."""
    return Measure(source, f"min(case when {_and(where, window)} then {value} end)")


def largest(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The largest of a value; not known where there are no rows."""
    return Measure(source, f"max(case when {_and(where, window)} then {value} end)")


def latest(source: Source, value: str, where: str = "true", by: str = "occurred_us") -> Measure:
    """The last value there is, by a column without ties; not known where there is none."""
    return Measure(source, f"max_by({value}, case when ({where}) and ({value}) is not null then {by} end)")


def distinct(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """How many different values; 0 where there are no rows."""
    return Measure(source, f"count(distinct case when {_and(where, window)} then {value} end)", 0.0)


def spread(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The standard deviation of a value (of the population); not known for fewer than two rows."""
    condition = f"{_and(where, window)} and ({value}) is not null"
    rows = f"cast(sum(case when {condition} then 1 else 0 end) as double)"
    squares = f"{_sum(f'({value}) * ({value})', condition)} / 1e6"
    average = f"({_sum(value, condition)} / 1e6 / nullif({rows}, 0))"
    variance = f"{squares} / nullif({rows}, 0) - {average} * {average}"
    varies = f"max(case when {condition} then {value} end) > min(case when {condition} then {value} end)"
    deviation = f"case when {varies} then sqrt(greatest({variance}, 0e0)) else 0e0 end"
    return Measure(source, f"case when {rows} >= 2 then {deviation} end")


def trend(source: Source, value: str, where: str = "true", window: int | None = None) -> Measure:
    """The change of a value in 90 days, by least squares; not known for fewer than three rows, or too close ones."""
    condition = f"{_and(where, window)} and ({value}) is not null"
    rows = f"cast(sum(case when {condition} then 1 else 0 end) as double)"
    ages, values, squares, products = (
        f"{_sum(term, condition)} / 1e6" for term in ("age", value, "age * age", f"age * ({value})")
    )
    spanned = " - ".join(edge(source, "age", condition).sql for edge in (largest, smallest))
    varied = f"nullif({rows} * ({squares}) - ({ages}) * ({ages}), 0)"
    slope = f"(({ages}) * ({values}) - {rows} * ({products})) / {varied}"
    return Measure(source, f"case when {rows} >= 3 and {spanned} >= {TREND_SPAN} then 90 * {slope} end")


def _and(where: str, window: int | None) -> str:
    return f"({where})" if window is None else f"({where}) and age < {window}"


def _sum(value: str, condition: str) -> str:
    return f"cast(sum(case when {condition} then {fixed(value)} else 0 end) as double)"
