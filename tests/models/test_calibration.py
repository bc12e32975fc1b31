"""Calibration: finds the line that distorted the log-odds, and gives probabilities that sum to 1."""

import numpy as np
import pytest

from benchmarks.peers.line import fit_calibration
from models.fitted.calibration import Calibration, StateCalibration, sigmoid, softmax
from training.fitting.calibration import fit_state_calibration


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, -1.0), (2.0, 0.7)])
def test_the_line_behind_simulated_outcomes_is_found(slope, intercept):
    draws = np.random.default_rng(5)
    log_odds = draws.normal(0.0, 1.5, 40_000)
    left = (draws.random(len(log_odds)) < sigmoid(slope * log_odds + intercept)).astype(
        float
    )
    line = fit_calibration(log_odds, left)
    assert line.slope == pytest.approx(slope, abs=0.06)
    assert line.intercept == pytest.approx(intercept, abs=0.05)


def test_calibrated_probabilities_are_as_high_on_average_as_what_happened():
    draws = np.random.default_rng(6)
    log_odds = draws.normal(2.0, 1.0, 500)
    left = (draws.random(500) < 0.1).astype(float)
    assert sigmoid(log_odds).mean() > 0.8
    assert fit_calibration(log_odds, left).probability(
        log_odds
    ).mean() == pytest.approx(left.mean(), abs=0.001)


def test_probabilities_of_a_line_worked_out_by_hand():
    line = Calibration(slope=2.0, intercept=-np.log(3.0))
    assert line.probability(np.array([0.0, np.log(3.0)])) == pytest.approx([0.25, 0.75])


def test_without_a_line_probabilities_stay_as_they_are():
    log_odds = np.log([0.25 / 0.75, 1.0, 3.0])
    assert Calibration().probability(log_odds) == pytest.approx([0.25, 0.5, 0.75])


def test_without_a_line_chances_stay_as_they_are_whatever_the_quadrant_of_today():
    shares = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]])
    found = StateCalibration().chances(np.log(shares), np.array([3, 0]))
    assert found == pytest.approx(shares)


def test_log_odds_beyond_35_say_no_more_than_35():
    edge = 1.0 / (1.0 + np.exp(35.0))
    assert sigmoid(np.array([-36.0]))[0] == pytest.approx(edge, rel=1e-9, abs=0)
    assert sigmoid(np.array([-34.0]))[0] == pytest.approx(
        np.exp(1) * edge, rel=1e-9, abs=0
    )


def test_the_line_of_states_counts_each_row_by_its_weight():
    """Of an account that stays and one that goes, the first is three: it stays with three in four."""
    even, today = np.zeros((2, 2)), np.array([0, 0])
    line = fit_state_calibration(even, today, np.array([0, 1]), np.array([3.0, 1.0]))
    assert line.chances(even, today)[0] == pytest.approx([0.75, 0.25], abs=1e-4)


def test_a_sigmoid_stays_between_0_and_1_without_overflow():
    found = sigmoid(np.array([-1e9, -np.log(3.0), 0.0, np.log(3.0), 1e9]))
    assert found[1:4] == pytest.approx([0.25, 0.5, 0.75])
    assert 0.0 < found[0] < 1e-15
    assert 1 - 1e-15 < found[4] <= 1.0


def test_a_softmax_of_logarithms_gives_their_shares_and_does_not_overflow():
    found = softmax(np.array([np.log([1.0, 2.0, 5.0]), [1000.0, 1000.0, 0.0]]))
    assert found == pytest.approx(np.array([[0.125, 0.25, 0.625], [0.5, 0.5, 0.0]]))


def test_states_that_move_more_often_than_was_said_are_calibrated_for():
    draws = np.random.default_rng(0)
    today = draws.integers(0, 4, 4000)
    said = np.log(np.where(np.eye(4)[today] == 1, 0.91, 0.03))
    state = np.where(
        draws.random(4000) < 0.7, today, draws.integers(0, 4, 4000)
    )  # stays with .775
    chances = fit_state_calibration(said, today, state, np.ones(len(state))).chances(
        said, today
    )
    assert chances[np.arange(4000), today].mean() == pytest.approx(
        (state == today).mean(), abs=1e-3
    )
    assert chances.sum(axis=1) == pytest.approx(np.ones(4000))


def test_an_unknown_quadrant_of_today_has_no_addend():
    even = np.zeros((1, 4))
    assert StateCalibration(2.0, 5.0).chances(even, np.array([4])).tolist() == [
        [0.25] * 4
    ]
