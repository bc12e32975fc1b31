"""The difference of two models on the same rows, and how sure it is, worked out by hand."""

import numpy as np
import pytest

from training.evaluation.comparison import (
    Difference,
    compare,
    compare_said,
    compare_states,
    loss_of,
    state_loss_of,
)
from training.evaluation.outcomes import (
    Evaluation,
    Outcome,
    StateOutcome,
    answers_said,
    said,
    states_said,
)
from training.fitting.rivals import MODEL


def names(many):
    return np.array([f"a{number:03}" for number in range(many)], dtype=object)


def test_of_many_accounts_the_interval_is_that_of_the_normal_distribution():
    """Differences of -1 and 3, half each: mean 1, standard deviation 2, of 400 accounts 0.1."""
    ours = np.tile([-1.0, 3.0], 200)
    found = compare(names(400), np.zeros(400, int), ours, np.zeros(400))
    assert found.mean == 1.0
    assert found.low == pytest.approx(1 - 1.96 * 0.1, abs=0.01)
    assert found.high == pytest.approx(1 + 1.96 * 0.1, abs=0.01)


def test_a_difference_is_sure_where_its_interval_leaves_zero_out_and_enough_left():
    assert Difference(1.0, 0.1, 2.0).worse and not Difference(1.0, 0.1, 2.0).better
    assert Difference(-1.0, -2.0, -0.1).better
    assert not Difference(-1.0, -2.0, -0.1).worse
    for unsure in (
        Difference(1.0, 0.0, 2.0),
        Difference(-1.0, -2.0, 0.0),
        Difference(1.0, 0.1, 2.0, few=True),
        Difference(-1.0, -2.0, -0.1, few=True),
    ):
        assert not unsure.worse and not unsure.better


def states(model, right):
    """What a model said of two accounts, in states 0 and 1: the chance of the right one."""
    chances = np.array([[right, 1 - right], [1 - right, right]])
    today = np.array([0, 0])
    return StateOutcome(model, today, np.array([0, 1]), chances, names(2))


def outcome(model, risk, horizon=90):
    left = np.array([1.0, 0.0])
    return Outcome(model, horizon, left, np.array([risk, 1 - risk]), names(2))


FIRST = Evaluation(
    *(0, [], []),
    outcomes=[outcome(MODEL, 0.5), outcome("recency", 0.25), outcome(MODEL, 0.1, 30)],
    states=[states(MODEL, 0.5), states("stay_put", 0.25)],
    answers=[states(MODEL, 0.8), states("stay_put", 0.4)],
)
SECOND = Evaluation(1, [], [], outcomes=[outcome(MODEL, 0.125)])


def test_what_a_model_said_is_found_by_its_name_and_horizon():
    assert said([FIRST, SECOND], MODEL, 90) == [FIRST.outcomes[0], SECOND.outcomes[0]]
    assert states_said([FIRST, SECOND], "stay_put") == [FIRST.states[1]]
    assert answers_said([FIRST, SECOND], "stay_put") == [FIRST.answers[1]]


def test_losses_are_logarithms_of_what_was_said_of_what_happened():
    assert loss_of(said([FIRST, SECOND], MODEL, 90)) == pytest.approx(2 * np.log(2))
    assert state_loss_of(states_said([FIRST], "stay_put")) == pytest.approx(np.log(4))


def test_models_are_compared_at_the_dates_that_have_both():
    """Each row loses log 2 with ours and log 4 with the other; the second date has ours alone."""
    found = compare_said([FIRST, SECOND], "recency", 90)
    assert [found.mean, found.low, found.high] == pytest.approx([-np.log(2)] * 3)
    assert found.few and not found.better
    of_states = compare_states(
        states_said([FIRST], MODEL), states_said([FIRST], "stay_put")
    )
    assert [of_states.mean, of_states.low] == pytest.approx([-np.log(2)] * 2)
    assert of_states.better
