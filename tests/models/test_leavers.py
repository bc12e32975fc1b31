"""How many are expected to leave, worked out by hand."""

import numpy as np
import pytest

from models.score.leavers import expected_leavers


def test_by_chance_alone():
    # 100 of .5: the variance is 25, and nine times of ten it is within 1.645 * 5 = 8.2 of 50.
    expected = expected_leavers(np.full(100, 0.5), 0.0)
    assert (expected.mean, expected.low, expected.high) == (50.0, 41.8, 58.2)


def test_risks_that_are_wrong_together_widen_it():
    # The variance is 25 + (.2 * 25)^2 = 50: 1.645 * 7.07 = 11.6.
    expected = expected_leavers(np.full(100, 0.5), 0.2)
    assert (expected.low, expected.high) == pytest.approx((38.4, 61.6))


def test_nobody_leaves_twice_nor_less_than_never_and_who_is_unknown_is_left_out():
    expected = expected_leavers(np.array([0.01, 0.99, np.nan]), 0.0)
    assert (expected.mean, expected.low, expected.high) == (1.0, 0.8, 1.2)
    assert expected_leavers(np.array([0.02, 0.02]), 1.0).low == 0.0
