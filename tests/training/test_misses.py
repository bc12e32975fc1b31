"""Misses: who left beside who was expected to, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from training.evaluation.misses import misses, off
from training.evaluation.outcomes import Outcome


def names(*accounts):
    return np.array(accounts, dtype=object)


def test_a_surplus_is_told_in_standard_deviations_of_calibrated_risks():
    # 3 left and 2 of 4 were expected, each with a variance of 1/4.
    assert off(
        names(*"abcd"), np.array([1.0, 1, 1, 0]), np.full(4, 0.5)
    ) == pytest.approx(1.0)
    assert off(
        names(*"abcd"), np.array([0.0, 0, 0, 1]), np.full(4, 0.5)
    ) == pytest.approx(-1.0)


def test_rows_of_one_account_tell_of_one_leaving():
    # One account at four dates: its surplus is 2, and so is its deviation.
    assert off(names(*"aaaa"), np.ones(4), np.full(4, 0.5)) == pytest.approx(1.0)


def test_risks_that_are_sure_and_right_are_not_off():
    assert off(names("a", "b"), np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0.0


def outcome(left, risk):
    accounts = names(*(f"a{place}" for place in range(len(left))))
    return Outcome("pinch", 90, np.array(left), np.full(len(left), risk), accounts)


def segments(**off):
    told = [
        {"fact": "plan", "segment": name, "left": 35, "expected": 15.1, "off": its}
        for name, its in off.items()
    ]
    return pd.DataFrame(told, columns=["fact", "segment", "left", "expected", "off"])


def test_all_together_are_told_where_they_are_beyond_chance():
    # 1,000 accounts: 34 left and 26 were expected, 1.6 deviations off by 5.03 or 5.8; 40 are 2.4 off.
    near, far = ([1.0] * left + [0.0] * (1000 - left) for left in (34, 40))
    assert misses([outcome(near, 0.026)], segments()) == []
    assert misses([outcome(far, 0.026)], segments()) == [
        "The risks are too low: 2.6% on average, and 4.0% left, beyond chance."
    ]
    assert misses([outcome(near, 0.06)], segments())[0].startswith(
        "The risks are too high: 6.0% on average"
    )


def test_every_segment_beyond_chance_is_told_the_largest_first():
    assert misses([], segments(gold=3.5, basic=0.1, trial=-4.0)) == [
        "Where plan is trial 35 left and 15.1 were expected, beyond chance.",
        "Where plan is gold 35 left and 15.1 were expected, beyond chance.",
    ]


def test_the_largest_miss_is_told_even_where_chance_could_give_it():
    (said,) = misses([], segments(gold=0.5, basic=-2.9))
    assert said.startswith(
        "Where plan is basic 35 left and 15.1 were expected, the largest miss of 2 segments"
    )
    assert said.endswith("which chance alone could give.")
    assert misses([], segments()) == []
