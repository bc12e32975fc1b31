"""Conditions and formulas over columns: what they give, above all where something is missing."""

import numpy as np
import pytest

from features.timeline.expression import ALL, of
from features.timeline.functions import (
    absolute,
    case,
    greatest,
    how_many,
    least,
    root,
    sign,
)

NAN = np.nan
COLUMNS = {
    "a": np.array([1.0, -4.0, NAN, 0.0]),
    "b": np.array([2.0, 0.0, 3.0, NAN]),
    "code": np.array([0, 3, 200, 7]),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (of.a + of.b, [3, -4, NAN, NAN]),
        (of.a - 1, [0, -5, NAN, -1]),
        (1 - of.a, [0, 5, NAN, 1]),
        (2 * of.a, [2, -8, NAN, 0]),
        (of.b**2, [4, 0, 9, NAN]),
        (of.a / of.b, [0.5, NAN, NAN, NAN]),
        (of.a / 0, [NAN, NAN, NAN, NAN]),
        (of.a.otherwise(of.b), [1, -4, 3, 0]),
        (of.a.otherwise(9), [1, -4, 9, 0]),
        (least(of.a, of.b), [1, -4, 3, 0]),
        (greatest(of.a, 0), [1, 0, 0, 0]),
        (absolute(of.a), [1, 4, NAN, 0]),
        (sign(of.a), [1, -1, NAN, 0]),
        (root(of.b), [np.sqrt(2), 0, np.sqrt(3), NAN]),
        (case(of.a > 0, 5, of.b), [5, 0, 3, NAN]),
        (case(of.a > 0, 5), [5, NAN, NAN, NAN]),
        (how_many([of.a < 1, of.b.known()]), [1, 2, 1, 1]),
    ],
)
def test_values(expression, expected):
    np.testing.assert_array_equal(
        np.asarray(expression.values(COLUMNS), dtype=float),
        np.array(expected, dtype=float),
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (ALL, [True, True, True, True]),
        (of.a > 0, [True, False, False, False]),
        (of.a <= 0, [False, True, False, True]),
        (~(of.a > 0), [False, True, True, True]),
        ((of.a >= 0) & (of.b < 3), [True, False, False, False]),
        ((of.a >= 0) | (of.b < 3), [True, True, False, True]),
        (of.a.equals(of.a), [True, True, False, True]),
        (of.a.differs(of.b), [True, True, False, False]),
        (of.a.missing(), [False, False, True, False]),
        (of.a.known(), [True, True, False, True]),
        (of.code.among(0, 7), [True, False, False, True]),
        (of.code.among(200), [False, False, True, False]),
    ],
)
def test_a_condition_does_not_hold_of_what_is_missing(condition, expected):
    assert condition.values(COLUMNS).tolist() == expected


def test_an_expression_tells_how_it_reads_and_what_it_reads():
    formula = case(of.a > 1, of.b / of.c)
    assert str(formula) == "((b / c) if (a > 1) else nan)"
    assert formula.reads == {"a", "b", "c"}
