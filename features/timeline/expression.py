"""Conditions and formulas as small Python values: ``of.value > 0``, ``of.spent_90d / of.purchases_90d``.

Numbers are doubles, and a missing one is NaN. A comparison with what is missing does not hold, nor does its opposite in
other words: ``of.score >= 9`` and ``of.score < 9`` are both false of a missing score, while ``~(of.score >= 9)`` is
true of it. What is divided by zero is missing.

Example:
    >>> columns = {"spent": np.array([10.0, 4.0]), "purchases": np.array([4.0, 0.0])}
    >>> (of.spent / of.purchases).values(columns)
    array([2.5, nan])
    >>> print((of.spent > 5) & ~of.purchases.missing())
    ((spent > 5) and not (purchases is missing))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = Mapping[str, Array]


class Expression:
    """What can be computed of columns, row by row.

    Attributes:
        text: how it reads; equal texts say the same.
        reads: the columns that it is computed of.
        node: the name of what makes it, and of what it makes it, see `features.timeline.written`.
    """

    __slots__ = ("_compute", "node", "reads", "text")

    def __init__(
        self,
        text: str,
        compute: Callable[[Columns], Array],
        reads: frozenset[str] = frozenset(),
        node: tuple[Any, ...] = (),
    ) -> None:
        self.text = text
        self.reads = reads
        self.node = node
        self._compute = compute

    def values(self, columns: Columns) -> Array:
        """Its value in each row of some columns, arrays of one length."""
        return self._compute(columns)

    def named(self, text: str) -> Expression:
        """The same, reading otherwise."""
        return Expression(text, self._compute, self.reads, self.node)

    def __repr__(self) -> str:
        """As it reads."""
        return self.text

    def __add__(self, other: Expression | float) -> Expression:
        """The sum."""
        return binary("+", np.add, self, other)

    def __sub__(self, other: Expression | float) -> Expression:
        """The difference."""
        return binary("-", np.subtract, self, other)

    def __rsub__(self, other: float) -> Expression:
        """The difference from a number."""
        return binary("-", np.subtract, other, self)

    def __mul__(self, other: Expression | float) -> Expression:
        """The product."""
        return binary("*", np.multiply, self, other)

    def __rmul__(self, other: float) -> Expression:
        """The product with a number."""
        return binary("*", np.multiply, other, self)

    def __truediv__(self, other: Expression | float) -> Expression:
        """The quotient; missing where it is divided by zero."""
        return binary("/", _divided, self, other)

    def __pow__(self, other: Expression | float) -> Expression:
        """The power."""
        return binary("**", np.power, self, other)

    def __lt__(self, other: Expression | float) -> Expression:
        """Condition: it is smaller."""
        return binary("<", np.less, self, other)

    def __le__(self, other: Expression | float) -> Expression:
        """Condition: it is smaller or equal."""
        return binary("<=", np.less_equal, self, other)

    def __gt__(self, other: Expression | float) -> Expression:
        """Condition: it is larger."""
        return binary(">", np.greater, self, other)

    def __ge__(self, other: Expression | float) -> Expression:
        """Condition: it is larger or equal."""
        return binary(">=", np.greater_equal, self, other)

    def __and__(self, other: Expression) -> Expression:
        """Condition: both hold."""
        return binary("and", np.logical_and, self, other)

    def __or__(self, other: Expression) -> Expression:
        """Condition: either holds."""
        return binary("or", np.logical_or, self, other)

    def __invert__(self) -> Expression:
        """Condition: it does not hold."""
        return Expression(
            f"not {self}",
            lambda columns: np.logical_not(self.values(columns)),
            self.reads,
            ("not", self),
        )

    def equals(self, other: Expression | float) -> Expression:
        """Condition: the values are the same."""
        return binary("=", np.equal, self, other)

    def differs(self, other: Expression | float) -> Expression:
        """Condition: both values are known and not the same."""
        return binary("<>", _differing, self, other)

    def among(self, *values: int) -> Expression:
        """Condition: a whole number, not below 0, is one of these."""
        asked = np.zeros(max(values) + 1, dtype=bool)
        asked[list(values)] = True

        def found(columns: Columns) -> Array:
            codes = self.values(columns)
            return asked[np.minimum(codes, len(asked) - 1)] & (codes < len(asked))

        return Expression(
            f"({self} in {values})", found, self.reads, ("among", self, values)
        )

    def missing(self) -> Expression:
        """Condition: the value is not known."""
        return Expression(
            f"({self} is missing)",
            lambda columns: np.isnan(self.values(columns)),
            self.reads,
            ("missing", self),
        )

    def known(self) -> Expression:
        """Condition: the value is known."""
        return Expression(
            f"({self} is known)",
            lambda columns: ~np.isnan(self.values(columns)),
            self.reads,
            ("known", self),
        )

    def otherwise(self, other: Expression | float) -> Expression:
        """This value, and another where it is missing."""
        return binary("otherwise", _first_known, self, other)


class _Of:
    """``of.name`` and ``of["name"]`` are the column of that name."""

    def __getattr__(self, name: str) -> Expression:
        return self[name]

    def __getitem__(self, name: str) -> Expression:
        return Expression(
            name, lambda columns: columns[name], frozenset((name,)), ("of", name)
        )


of = _Of()
"""The columns by their names."""

ALL = Expression(
    "all",
    lambda columns: np.ones(len(next(iter(columns.values()))), dtype=bool),
    node=("all",),
)
"""Condition: every row."""


def as_expression(value: Expression | float) -> Expression:
    """A number as an expression; an expression as it is."""
    if isinstance(value, Expression):
        return value
    number = np.float64(value)
    return Expression(f"{value:g}", lambda columns: number, node=("number", value))  # type: ignore[arg-type, return-value]


def binary(
    name: str,
    function: Callable[[Array, Array], Array],
    one: Expression | float,
    other: Expression | float,
) -> Expression:
    """What a function makes of two values, row by row."""
    left, right = as_expression(one), as_expression(other)
    return Expression(
        f"({left} {name} {right})",
        lambda columns: function(left.values(columns), right.values(columns)),
        left.reads | right.reads,
        (name, left, right),
    )


def _divided(one: Array, other: Array) -> Array:
    return np.asarray(one / np.where(other == 0, np.nan, other))


def _differing(one: Array, other: Array) -> Array:
    return np.asarray((one != other) & ~np.isnan(one) & ~np.isnan(other))


def _first_known(one: Array, other: Array) -> Array:
    return np.where(np.isnan(one), other, one)
