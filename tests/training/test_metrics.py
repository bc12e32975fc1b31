"""Figures, each worked out by hand or checked against a simulation that is calibrated by construction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics import (
    BINS,
    calibration_error,
    calibration_floor,
    defection_figures,
    gains,
    lift,
    migration_figures,
    reliability,
)


def array(*values):
    return np.array(values, dtype=np.float64)


def test_the_figures_of_defection_by_hand():
    left, risk = array(0, 0, 1, 1), array(0.1, 0.6, 0.4, 0.9)
    found = defection_figures(left, risk)
    assert (found["n"], found["positives"], found["base_rate"]) == (4, 2, 0.5)
    assert found["mean_risk"] == pytest.approx((0.1 + 0.6 + 0.4 + 0.9) / 4)
    # Of the pairs of a leaver and a stayer: 0.4 beats 0.1 and not 0.6, 0.9 beats both.
    assert found["auc"] == 3 / 4
    # Down the ranking 0.9, 0.6, 0.4: the first leaver at precision 1/1, the second at 2/3.
    assert found["pr_auc"] == pytest.approx((1 + 2 / 3) / 2)
    assert found["log_loss"] == pytest.approx(
        -(math.log(0.9) * 2 + math.log(0.4) * 2) / 4
    )
    # Squared errors 0.01, 0.36, 0.36, 0.01 against 0.25 of the base rate.
    assert found["brier_skill"] == pytest.approx(1 - 0.185 / 0.25)
    assert found["calibration_error"] == pytest.approx(
        (0.1 + 0.6 + 0.6 + 0.1) / 4
    )  # four rows are four bins
    assert (found["lift_top_decile"], found["lift_maximum"]) == (2.0, 2.0)


def test_a_perfect_model_and_a_useless_one():
    left = array(*[0] * 90, *[1] * 10)
    perfect = defection_figures(left, left)
    assert (perfect["auc"], perfect["pr_auc"], perfect["brier_skill"]) == (
        1.0,
        1.0,
        1.0,
    )
    assert perfect["log_loss"] == pytest.approx(1e-6, rel=1e-3)  # nobody may be sure
    assert (perfect["lift_top_decile"], perfect["lift_maximum"]) == (10.0, 10.0)
    useless = defection_figures(left, np.full(100, 0.1))
    assert (useless["auc"], useless["pr_auc"], useless["lift_top_decile"]) == (
        0.5,
        0.1,
        1.0,
    )
    assert useless["brier_skill"] == pytest.approx(0.0)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_where_all_share_one_outcome_figures_that_compare_are_none(outcome):
    found = defection_figures(np.full(5, outcome), array(0.1, 0.2, 0.3, 0.4, 0.5))
    assert all(
        found[name] is None
        for name in ("auc", "pr_auc", "brier_skill", "lift_top_decile", "lift_maximum")
    )
    assert found["log_loss"] > 0
    assert found["calibration_error"] == pytest.approx(abs(0.3 - outcome))


def test_lift_counts_leavers_in_the_top_tenth_over_their_share_of_all():
    left = array(1, 0, 1, 1, *[0] * 16)
    risk = np.linspace(
        1, 0, 20
    )  # the top tenth is one leaver and one stayer; 3 of 20 leave
    assert lift(left, risk) == pytest.approx((1 / 2) / (3 / 20))
    assert lift(left, risk, top=0.2) == pytest.approx((3 / 4) / (3 / 20))


def test_lift_shares_out_ties_at_the_edge():
    # Two places: one is above the edge and a leaver, the other is shared by three equals, one of whom leaves.
    left = array(1, 1, 0, 0, *[0] * 16)
    risk = array(0.9, 0.5, 0.5, 0.5, *[0.1] * 16)
    assert lift(left, risk) == pytest.approx(((1 + 1 / 3) / 2) / (2 / 20))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=60),
    seed=st.integers(0, 99),
)
def test_lift_does_not_depend_on_the_order_of_the_rows_and_stays_within_its_maximum(
    rows, seed
):
    left, risk = (array(*column) for column in zip(*rows, strict=True))
    left[0] = 1.0
    order = np.random.default_rng(seed).permutation(len(left))
    found = lift(left, risk)
    assert found == pytest.approx(lift(left[order], risk[order]))
    assert 0.0 <= found <= 1 / left.mean() + 1e-9
    assert found <= 10.0 + 1e-9


def test_the_maximum_of_lift_is_reached_by_a_perfect_ranking():
    left = array(
        1, *[0] * 14
    )  # the top tenth of 15 accounts is 2, so at best 1 of 2 where 1 of 15 is usual
    found = defection_figures(left, np.linspace(1, 0, 15))
    assert found["lift_top_decile"] == pytest.approx(7.5)
    assert found["lift_maximum"] == pytest.approx(7.5)


def test_gains_are_the_leavers_found_by_the_accounts_looked_at():
    looked_at, found = gains(array(0, 1, 0, 1), array(0.2, 0.9, 0.5, 0.4))
    assert looked_at.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert found.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert gains(array(0, 0), array(0.2, 0.1))[1].tolist() == [0.0, 0.0]


def test_bins_of_the_calibration_hold_equally_many_rows_in_the_order_of_risk():
    risk = np.arange(30) / 30
    left = (np.arange(30) % 2).astype(float)
    order = np.random.default_rng(5).permutation(30)
    risks, rates, sizes = reliability(left[order], risk[order])
    assert sizes.tolist() == [2.0] * BINS
    assert rates.tolist() == [0.5] * BINS
    assert risks == pytest.approx([(4 * place + 1) / 60 for place in range(BINS)])


def test_the_calibration_error_is_the_distance_of_risk_and_frequency_weighed_by_rows():
    # Sixteen rows make fifteen bins, the first of two rows; risk 0.2 where none of the first two leaves, all others do.
    left, risk = array(0, 0, *[1] * 14), array(0.2, 0.2, *[0.9] * 14)
    assert calibration_error(left, risk) == pytest.approx((2 * 0.2 + 14 * 0.1) / 16)


@pytest.mark.parametrize("size", [300, 3000])
def test_the_floor_is_the_calibration_error_of_a_model_that_is_calibrated_by_construction(
    size,
):
    draws = np.random.default_rng(11)
    risk = draws.beta(1, 4, size)
    errors = [
        calibration_error((draws.random(size) < risk).astype(float), risk)
        for _ in range(100)
    ]
    assert calibration_floor(risk) == pytest.approx(np.mean(errors), rel=0.08)
    assert calibration_floor(risk) > 0


def test_the_floor_falls_with_more_accounts_and_a_miscalibrated_model_stands_above_it():
    draws = np.random.default_rng(3)
    risk = draws.beta(2, 5, 4000)
    left = (draws.random(4000) < risk).astype(float)
    assert calibration_floor(risk) < 0.5 * calibration_floor(risk[:400])
    assert calibration_error(left, risk) < calibration_floor(risk) + 0.01
    assert calibration_error(left, risk**2) > calibration_floor(risk**2) + 0.05


def test_the_floor_of_risks_that_are_sure_is_nothing():
    assert calibration_floor(array(0, 0, 1, 1)) == 0.0


def test_the_figures_of_migration_by_hand():
    state, today = array(0, 3, 4), array(0, 1, 3)
    chances = np.array(
        [
            [0.5, 0.2, 0.1, 0.1, 0.1],
            [0.1, 0.1, 0.1, 0.6, 0.1],
            [0.0, 0.0, 0.0, 0.2, 0.8],
        ]
    )
    found = migration_figures(state, chances, today)
    assert (found["n"], found["positives"], found["base_rate"]) == (
        3,
        2,
        pytest.approx(2 / 3),
    )
    assert found["log_loss"] == pytest.approx(
        -(math.log(0.5) + math.log(0.6) + math.log(0.8)) / 3
    )
    # Squared errors: 0.25 + 0.04 + 3 * 0.01; 4 * 0.01 + 0.16; 0.04 + 0.04. Of the shares, thirds: 3 * (4 + 1 + 1) / 9.
    assert found["brier_skill"] == pytest.approx(1 - (0.32 + 0.20 + 0.08) / 2)
    # Three rows are three bins, so each state's error is the mean distance: 0.6, 0.3, 0.2, 0.7 and 0.4 over three rows.
    assert found["calibration_error"] == pytest.approx(
        (0.6 + 0.3 + 0.2 + 0.7 + 0.4) / 3 / 5
    )
    assert found["calibration_floor"] > 0
    assert all(
        found[name] is None
        for name in ("auc", "pr_auc", "lift_top_decile", "lift_maximum")
    )


def test_a_chance_of_nothing_for_what_happened_is_bad_and_not_infinite():
    found = migration_figures(
        array(1, 0), np.array([[1.0, 0, 0, 0, 0]] * 2), array(1, 0)
    )
    assert found["log_loss"] == pytest.approx(-math.log(1e-6) / 2)


def test_where_all_are_in_one_state_the_skill_of_migration_is_none():
    found = migration_figures(
        array(2, 2), np.array([[0.1, 0.1, 0.6, 0.1, 0.1]] * 2), array(2, 1)
    )
    assert found["brier_skill"] is None
