"""Estimated performance: what figures come to on average, by going through all outcomes, and by drawing some."""

from itertools import product

import numpy as np
import pytest

from serving.monitoring.estimated import estimated
from training.metrics import defection_figures


def test_two_accounts_by_hand():
    # Pairs of a leaver and a stayer: .9 * .9 with the right order, .1 * .1 with the wrong one.
    assert estimated(np.array([0.1, 0.9])).auc == round(0.81 / 0.82, 4)
    # -(.1 ln .1 + .9 ln .9) for each of the two.
    assert estimated(np.array([0.1, 0.9])).log_loss == 0.3251
    assert estimated(np.array([0.1, 0.9])).lift_top_decile == 1.8


def test_ties_count_half():
    assert estimated(np.full(7, 0.3)).auc == 0.5


def test_pairs_are_those_of_all_outcomes():
    risk = np.array([0.2, 0.5, 0.5, 0.7])
    won = pairs = 0.0
    for outcome in product((0, 1), repeat=4):
        left = np.array(outcome)
        chance = np.prod(np.where(left, risk, 1 - risk))
        for leaver, stayer in product(np.flatnonzero(left), np.flatnonzero(1 - left)):
            pairs += chance
            won += chance * (
                (risk[leaver] > risk[stayer]) + (risk[leaver] == risk[stayer]) / 2
            )
    assert estimated(risk).auc == pytest.approx(won / pairs, abs=1e-4)


def test_of_calibrated_risks_the_figures_come_true():
    rng = np.random.default_rng(3)
    risk = rng.beta(1, 9, size=4000)
    drawn = [
        defection_figures((rng.random(4000) < risk).astype(float), risk)
        for _ in range(5)
    ]
    told = estimated(risk)
    for name, near in (("auc", 0.02), ("log_loss", 0.01), ("lift_top_decile", 0.2)):
        mean = np.mean([figures[name] for figures in drawn])
        assert getattr(told, name) == pytest.approx(mean, abs=near)


@pytest.mark.parametrize("risk", [[], [0.5], [np.nan, 0.2], [0.0, 1.0]])
def test_of_nobody_or_of_the_sure_nothing_is_estimated(risk):
    assert estimated(np.array(risk, dtype=float)) is None
