"""Windows: who left after a day and up to the horizon, of those who had not left by that day."""

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY
from features.errors import EvidenceError
from models.fitted.boosting import Setting
from training.evaluation.outcomes import Evaluation, Outcome
from training.evaluation.window import evaluate_window, narrowed
from training.fitting.rivals import MODEL
from training.past.observed import observe

ACCOUNTS = np.array(["a", "b", "c", "d"], dtype=object)
LEFT = pd.DataFrame({90: [np.nan, 1.0, 0.0, 0.0]}, index=list("abcd"))
"""Account a had left by the start, b left within the window."""


def evaluation(*outcomes):
    return Evaluation(
        0, [], [{"model": MODEL}], list(outcomes), silent=[{"model": MODEL}]
    )


def outcome(horizon, left, risk, model=MODEL):
    return Outcome(
        model, horizon, np.array(left, dtype=float), np.array(risk), ACCOUNTS
    )


BY_90 = outcome(90, [1, 1, 0, 0], [0.9, 0.6, 0.5, 0.2])


def test_the_risk_is_that_by_the_horizon_given_that_not_by_the_start():
    by_7 = outcome(7, [1, 0, 0, 0], [0.5, 0.2, 0.0, 0.2])
    window = narrowed(evaluation(by_7, BY_90), LEFT, 7)
    (found,) = window.evaluation.outcomes
    assert (found.horizon, found.accounts.tolist(), found.left.tolist()) == (
        90,
        ["b", "c", "d"],
        [1.0, 0.0, 0.0],
    )
    # (.6 - .2) / (1 - .2), (.5 - 0) / (1 - 0), (.2 - .2) / (1 - .2)
    assert found.risk.tolist() == pytest.approx([0.5, 0.5, 0.0])
    (row,) = window.evaluation.defection
    assert (row["model"], row["horizon"], row["n"], row["positives"]) == (
        MODEL,
        90,
        3,
        1,
    )
    assert row["mean_risk"] == pytest.approx(1 / 3)
    assert window.conditional
    assert "P(left by the horizon | not by day 7)" in window.sentence
    assert window.evaluation.migration == window.evaluation.silent == []


def test_without_a_model_of_the_start_the_risk_is_that_by_the_horizon_and_it_is_said():
    window = narrowed(evaluation(BY_90), LEFT, 7)
    (found,) = window.evaluation.outcomes
    assert found.risk.tolist() == [0.6, 0.5, 0.2]
    assert not window.conditional
    assert window.sentence.endswith(
        "Too few had left by day 7 for a model of it: a risk is P(left by the horizon)."
    )


def test_a_baseline_whose_risk_falls_with_the_horizon_has_none_left():
    by_7 = outcome(7, [1, 0, 0, 0], [0.5, 0.7, 0.7, 0.7])
    (found,) = narrowed(evaluation(by_7, BY_90), LEFT, 7).evaluation.outcomes
    assert found.risk.tolist() == [0.0, 0.0, 0.0]


def test_a_window_without_a_known_outcome_is_refused_in_words():
    with pytest.raises(
        EvidenceError, match="no outcome of 1970-01-01 known after day 7"
    ) as caught:
        narrowed(evaluation(BY_90), LEFT * np.nan, 7)
    assert "--from" in caught.value.mend


@pytest.mark.parametrize(
    ("start", "horizons"), [(30, [30]), (30, [90, 14]), (180, None)]
)
def test_a_horizon_that_is_no_longer_than_the_start_is_refused_in_words(
    sample_book, start, horizons
):
    as_of = sample_book.watermark - 120 * MICROS_PER_DAY
    with pytest.raises(EvidenceError, match="expected horizons longer than"):
        evaluate_window(
            observe(sample_book, as_of), start, horizons, setting=Setting(trees=10)
        )
