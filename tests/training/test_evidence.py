"""Evidence: intervals of the figures, by hand where that is possible, and words where they show nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from training.evaluation.evidence import (
    auc_interval,
    best_simple,
    intervals,
    leavers_of,
    not_enough,
)
from training.evaluation.outcomes import Evaluation, Outcome
from training.fitting.rivals import MODEL
from training.past.enough import FEWEST_OF_EACH


def outcome(model, left, risk, horizon=90, first=0):
    names = np.array(
        [f"a{number}" for number in range(first, first + len(left))], dtype=object
    )
    return Outcome(model, horizon, np.array(left, float), np.array(risk, float), names)


def evaluation(*outcomes):
    return Evaluation(0, [], [], list(outcomes))


LEFT = [1] * 10 + [0] * 30
SURE = [0.75] * 10 + [0.125] * 30
FLAT = [0.25] * 40
MIXED = [0.35] * 5 + [0.2] * 5 + [0.35] * 15 + [0.2] * 15
"""As high for half of the leavers as for half of those who stay."""


def test_the_auc_of_a_perfect_order_is_1_in_every_draw_and_that_of_no_order_a_half():
    assert auc_interval([outcome(MODEL, LEFT, SURE)]) == (1.0, 1.0)
    assert auc_interval([outcome(MODEL, LEFT, FLAT)]) == (0.5, 0.5)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_interval_of_the_auc_is_around_it_and_always_the_same(seed):
    draws = np.random.default_rng(seed)
    left = (np.arange(200) < 50).astype(float)
    said = outcome(MODEL, left, (draws.normal(size=200) + left).round(1))
    low, high = auc_interval([said])
    assert low < roc_auc_score(said.left, said.risk) < high
    assert (low, high) == auc_interval([said])
    # Hanley and McNeil: of 50 leavers and 150 stayers the standard error of an AUC of .76 is .040.
    assert high - low == pytest.approx(4 * 0.040, rel=0.4)


def test_an_account_is_drawn_with_its_rows_of_all_dates():
    """Two dates with the very same rows are no more evidence than one, but for the chance of the draws."""
    draws = np.random.default_rng(0)
    one = outcome(MODEL, LEFT, draws.random(40))
    assert auc_interval([one, one]) == pytest.approx(auc_interval([one]), abs=0.03)


def test_dates_that_differ_widen_the_interval():
    """A model that ranks rightly at one date and wrongly at the other: either date may have been the only one."""
    right, wrong = (
        outcome(MODEL, LEFT, SURE),
        outcome(MODEL, LEFT, [1.0 - risk for risk in SURE]),
    )
    assert auc_interval([right, wrong]) == (0.0, 1.0)


def test_of_a_handful_of_leavers_there_is_no_interval_of_the_auc():
    few = FEWEST_OF_EACH - 1
    left, risk = [1] * few + [0] * 30, np.linspace(0.9, 0.1, few + 30)
    assert np.isnan(auc_interval([outcome(MODEL, left, risk)])).all()
    assert not np.isnan(auc_interval([outcome(MODEL, [1, *left], [0.5, *risk])])).any()
    assert np.isnan(auc_interval([outcome(MODEL, [1] * 10, [0.5] * 10)])).all()


def test_leavers_are_counted_once_over_all_dates():
    first, second = (
        outcome(MODEL, [1, 0, 1], [0.5] * 3),
        outcome(MODEL, [1, 1, 0], [0.5] * 3),
    )
    assert leavers_of([first, second]) == 3


def test_the_difference_is_that_of_ours_from_the_best_simple_baseline():
    said = evaluation(
        outcome(MODEL, LEFT, SURE),
        outcome("recency", LEFT, FLAT),
        outcome("rhythm", LEFT, [0.5] * 40),
        outcome("logistic", LEFT, SURE),  # good, but not simple
    )
    assert best_simple([said], 90) == "recency"
    table = intervals([said]).set_index("model")
    assert table.loc["recency", ["auc_low", "auc_high"]].tolist() == [0.5, 0.5]
    # Ours (-10 ln 0.75 - 30 ln 0.875) / 40 = 0.1721, recency (-10 ln 0.25 - 30 ln 0.75) / 40 = 0.5623.
    assert table.loc[MODEL, "log_loss_difference"] == pytest.approx(-0.3903, abs=1e-4)
    assert (
        table.loc[MODEL, "difference_low"]
        < -0.3903
        < table.loc[MODEL, "difference_high"]
        < 0
    )
    assert table.drop(MODEL)["log_loss_difference"].isna().all()
    assert not_enough([said]) == []


def test_where_the_interval_holds_zero_the_evidence_is_not_enough_and_a_sentence_says_so():
    said = evaluation(outcome(MODEL, LEFT, MIXED), outcome("recency", LEFT, FLAT))
    # Ours -(5 ln .35 + 5 ln .2 + 15 ln .65 + 15 ln .8) / 40 = 0.5776, recency 0.5623.
    (sentence,) = not_enough([said])
    assert sentence.startswith(
        "defection at 90 days: not enough evidence that the model is better than recency alone: "
        "10 accounts left in the test dates, difference +0.0153, 95% between -"
    )


def test_where_the_baseline_is_surely_better_the_evidence_is_enough():
    assert (
        not_enough(
            [
                evaluation(
                    outcome(MODEL, LEFT, [0.5] * 40), outcome("recency", LEFT, SURE)
                )
            ]
        )
        == []
    )


def test_a_handful_of_leavers_proves_nothing_whatever_the_interval():
    left = [1] * (FEWEST_OF_EACH - 1) + [0] * 35
    sure = [0.75] * (FEWEST_OF_EACH - 1) + [0.125] * 35
    (sentence,) = not_enough(
        [evaluation(outcome(MODEL, left, sure), outcome("recency", left, FLAT))]
    )
    assert (
        f"{FEWEST_OF_EACH - 1} accounts left in the test dates, difference -0."
        in sentence
    )


def test_without_a_test_date_there_is_no_figure_and_that_is_said():
    assert intervals([]).empty
    (sentence,) = not_enough([])
    assert "not enough evidence for any figure" in sentence
