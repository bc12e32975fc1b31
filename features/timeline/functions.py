"""Functions of conditions and formulas: case, least, greatest, and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from features.timeline.expression import (
    Array,
    Columns,
    Expression,
    as_expression,
    binary,
)


def case(
    condition: Expression,
    then: Expression | float,
    otherwise: Expression | float = np.nan,
) -> Expression:
    """One value where a condition holds, and another where it does not."""
    yes, no = as_expression(then), as_expression(otherwise)

    def chosen(columns: Columns) -> Array:
        return np.where(
            condition.values(columns), yes.values(columns), no.values(columns)
        )

    return Expression(
        f"({yes} if {condition} else {no})",
        chosen,
        condition.reads | yes.reads | no.reads,
        ("case", condition, yes, no),
    )


def least(one: Expression | float, other: Expression | float) -> Expression:
    """The smaller of two values, or the one that is known."""
    return binary("least", np.fmin, one, other)


def greatest(one: Expression | float, other: Expression | float) -> Expression:
    """The larger of two values, or the one that is known."""
    return binary("greatest", np.fmax, one, other)


def absolute(value: Expression) -> Expression:
    """The value without its sign."""
    return _applied("absolute", f"|{value}|", np.abs, value)


def sign(value: Expression) -> Expression:
    """1, 0 or -1."""
    return _applied("sign", f"sign({value})", np.sign, value)


def to_six_decimals(value: Expression) -> Expression:
    """The value as everything is seen, to six decimals: the double nearest to it, which can stand at a cut."""
    return _applied("rounded", f"rounded({value})", _six_decimals, value)


def root(value: Expression) -> Expression:
    """The square root."""
    return _applied("root", f"root({value})", np.sqrt, value)


def how_many(conditions: Iterable[Expression]) -> Expression:
    """How many of some conditions hold."""
    first, *others = (case(condition, 1, 0) for condition in conditions)
    return sum(others, start=first)


def _applied(
    name: str, text: str, function: Callable[[Array], Array], value: Expression
) -> Expression:
    return Expression(
        text,
        lambda columns: function(value.values(columns)),
        value.reads,
        (name, value),
    )


def _six_decimals(values: Array) -> Array:
    """Halves go away from zero."""
    scaled = values * 1e6
    return np.asarray(np.trunc(scaled + np.copysign(0.5, scaled))) / 1e6
