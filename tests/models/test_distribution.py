"""Distributions: bins, counts, and the population stability index, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from models.fitted.distribution import (
    by_chance,
    chi_squared,
    distribution_of,
    of_facts,
    stability_index,
)

COUNTS = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(np.array)


def test_numbers_fall_in_their_tenths_and_beyond_and_apart_where_missing():
    spread = distribution_of(pd.Series([*range(1, 11), None], dtype=float))
    assert spread.counts == (0, *[1] * 10, 0, 1)
    beyond = spread.tally(pd.Series([0.5, 1.0, 1.5, 11.0, None]))
    assert beyond.tolist() == [1, 1, 1, *[0] * 8, 1, 1]


def test_a_value_that_most_have_is_one_bin():
    assert distribution_of(pd.Series([0.0] * 95 + [7.0] * 5)).counts == (0, 95, 5, 0, 0)


def test_texts_have_a_bin_each_and_others_one_together():
    spread = distribution_of(pd.Series(["north", "south", "south", None]))
    assert spread.names == ("south", "north")
    assert spread.counts == (2, 1, 0, 1)
    found = spread.tally(pd.Series(["north", "moon", "mars", None]))
    assert found.tolist() == [0, 1, 2, 1]


def test_rows_count_by_their_weight():
    spread = distribution_of(pd.Series([1.0, 2.0]))
    found = spread.tally(pd.Series([1.0, 2.0]), np.array([3.0, 0.5]))
    assert found.tolist() == [0, 3, 0.5, 0, 0]


def test_it_is_read_as_it_was_written():
    for values in ([1.0, None, 3.0], ["a", None, "b"], [None, None]):
        spread = distribution_of(pd.Series(values))
        assert of_facts(spread.facts()) == spread


def test_the_index_by_hand():
    # (.5 - .8) ln(.5 / .8) + (.5 - .2) ln(.5 / .2) = .141 + .275
    index = stability_index(np.array([50.0, 50.0]), np.array([80.0, 20.0]))
    assert index == pytest.approx(0.4159, abs=1e-4)
    assert stability_index(np.zeros(2), np.array([80.0, 20.0])) == 0


@given(COUNTS, COUNTS)
def test_the_index_is_never_negative_and_the_same_both_ways(one, other):
    there, back = stability_index(one, other), stability_index(other, one)
    assert there >= 0
    assert there == pytest.approx(back)
    assert stability_index(one, 3 * one) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("degrees", [1, 3, 11, 40])
def test_the_quantile_of_chance_is_that_of_chi_squared(degrees):
    for share in (0.5, 0.95, 0.99999):
        assert chi_squared(degrees, share) == pytest.approx(
            chi2.ppf(share, degrees), rel=0.12, abs=0.03
        )


def test_chance_exceeds_what_is_allowed_as_seldom_as_said():
    rng = np.random.default_rng(7)
    usual = rng.multinomial(400, np.full(8, 1 / 8), size=500).astype(float)
    nights = rng.multinomial(300, np.full(8, 1 / 8), size=500).astype(float)
    beyond = [
        stability_index(night, of) > by_chance(night, of, 0.05)
        for night, of in zip(nights, usual, strict=True)
    ]
    assert 0.02 < np.mean(beyond) < 0.09
