"""The benchmark of training: settings read from words, and two settings compared on the same rows."""

import numpy as np
import pytest

from benchmarks.training import Cost, compared, read_setting
from models.fitted.boosting import Setting
from training.evaluation.outcomes import Evaluation, Outcome, StateOutcome
from training.fitting.rivals import MODEL


def evaluation(risk, chance):
    """Two accounts at one test date, one of which left within 90 days; each stayed poor with the chance given."""
    accounts = np.array(["a", "b"], dtype=object)
    outcome = Outcome(
        MODEL, 90, np.array([1.0, 0.0]), np.array([risk, 1.0 - risk]), accounts
    )
    chances = np.tile([chance, 1.0 - chance, 0.0, 0.0, 0.0], (2, 1))
    moved = StateOutcome(
        MODEL,
        np.zeros(2, dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        chances,
        accounts,
    )
    return Evaluation(0, [], [], [outcome], [moved])


def test_a_setting_is_the_default_with_what_is_named_changed():
    assert read_setting("trees=120,learning_rate=0.05") == Setting(
        trees=120, learning_rate=0.05
    )


def test_log_losses_are_compared_at_each_horizon_and_of_migration():
    rows = compared([evaluation(0.5, 0.5)], [evaluation(0.25, 0.25)])
    assert list(rows.index) == ["defection 90 d", "migration"]
    assert rows["log loss"].tolist() == pytest.approx([np.log(2.0)] * 2)
    assert rows["against"].tolist() == pytest.approx([np.log(4.0)] * 2)
    assert rows["difference (95%)"].tolist() == ["-0.6931 (-0.6931 to -0.6931)"] * 2


def test_what_is_spent_in_a_part_is_counted_to_it_alone():
    cost = Cost()
    with cost.of("sums"):
        np.random.default_rng(0).random((500, 500)).dot(np.ones((500, 500)))
    with cost.of("nothing"):
        pass
    assert cost.seconds["sums"] > cost.seconds["nothing"] >= 0.0
