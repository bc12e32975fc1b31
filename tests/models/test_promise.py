"""What a list promises: expectations by hand, and ranges that hold what happens as often as they say."""

import numpy as np
import pandas as pd
import pytest

from models.score.campaign import Campaign
from models.score.promise import SURE, promises
from training.evaluation.shift import shift_of

NAN = float("nan")
HALF = Campaign(contact_cost=1.0, offer_cost=10.0, acceptance=0.5)


def order(risk, at_stake=None, value=110.0):
    risk = np.asarray(risk, dtype=float)
    return pd.DataFrame(
        {
            "account_id": [f"a{place:03}" for place in range(len(risk))],
            "risk_90d": risk,
            "at_stake": risk if at_stake is None else at_stake,
            "value": value,
        }
    )


def test_what_is_expected_is_the_sum_over_the_first_accounts_by_hand():
    (promise,) = promises(order([0.5, 0.25], [0.5, 0.125]), 2, HALF)
    assert promise.calls == 2
    assert promise.at_risk.mean == 0.75
    assert promise.saved.mean == 0.5 * 0.625
    # 0.5 * 0.5 * 100 - 0.5 * 10 - 1, and 0.125 * 0.5 * 100 - 0.75 * 10 - 1.
    assert promise.kept.mean == 19.0 - 2.25


def test_it_is_told_for_the_calls_of_the_team_and_for_other_lengths_as_far_as_the_list_goes():
    def lengths(accounts, capacity):
        made = promises(order([0.5] * accounts), capacity)
        return [promise.calls for promise in made]

    assert lengths(100, 33) == [10, 20, 33, 40, 80]
    assert lengths(15, 50) == [10, 15]
    assert lengths(100, 20) == [10, 20, 40, 80]
    assert lengths(0, 50) == []


def test_sure_risks_have_no_range():
    (promise,) = promises(order([1.0, 1.0, 0.0]), 3, Campaign(acceptance=1.0))
    # Both that leave are saved, at 110 less the offer; the third takes the offer; each is contacted.
    assert (promise.at_risk.low, promise.at_risk.high) == (2.0, 2.0)
    assert (promise.saved.low, promise.saved.high) == (2.0, 2.0)
    assert (promise.kept.low, promise.kept.mean, promise.kept.high) == (187.0,) * 3


def test_without_a_shift_the_range_is_that_of_the_binomial_distribution():
    (*_, promise) = promises(order([0.5] * 40), 40, shift=0.0)
    # Of 40 tosses 15 to 25 heads hold at least 90 %: P(X < 15) = 0.040, P(X < 16) = 0.077.
    assert (promise.at_risk.low, promise.at_risk.high) == (15.0, 25.0)


def test_risks_that_were_wrong_together_widen_the_range():
    narrow, wide = (
        promises(order([0.3] * 40), 40, shift=shift)[-1].at_risk for shift in (0.0, 1.0)
    )
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)
    assert wide.mean == narrow.mean == pytest.approx(12.0)


def test_the_range_holds_what_happens_as_often_as_it_says():
    rng = np.random.default_rng(5)
    risk, shift = rng.uniform(0.05, 0.7, 40), 0.6
    expected = promises(order(risk), 40, shift=shift)[-1].at_risk
    odds = np.log(risk / (1 - risk)) + shift * rng.standard_normal((3_000, 1))
    left = (rng.random((3_000, 40)) < 1 / (1 + np.exp(-odds))).sum(axis=1)
    held = ((left >= expected.low) & (left <= expected.high)).mean()
    assert SURE - 0.02 < held < SURE + 0.05


def test_without_money_no_money_is_promised_and_without_risks_nothing():
    (promise,) = promises(order([0.5], value=NAN), 1)
    assert promise.kept is None
    assert promise.sentence.endswith(" saved")
    assert promises(order([NAN, NAN]), 2) == []


def test_an_account_of_unknown_worth_among_others_is_worth_nothing_in_it():
    (promise,) = promises(order([0.5, 0.5], value=[110.0, NAN]), 2, HALF)
    assert promise.kept.mean == 19.0 + (0.5 * 0.5 * -10 - 0.5 * 10 - 1)


def test_the_shift_of_past_lists_is_found_again():
    rng = np.random.default_rng(2)
    risk = rng.uniform(0.1, 0.6, 80)
    for shift in (0.0, 0.8):
        odds = np.log(risk / (1 - risk)) + shift * rng.standard_normal((400, 1))
        left = rng.random((400, 80)) < 1 / (1 + np.exp(-odds))
        found = shift_of((risk, once.astype(float)) for once in left)
        assert found == pytest.approx(shift, abs=0.12)


def test_of_no_list_and_of_unknown_outcomes_the_shift_is_the_usual():
    assert shift_of([]) == 0.3
    assert shift_of([(np.array([0.5]), np.array([NAN]))]) == 0.3
    # Two of four expected left of four: 2 ** 2 - 1 beyond chance over 1, and the usual for two lists.
    left = np.ones(4)
    assert shift_of([(np.full(4, 0.5), left)]) == pytest.approx(
        ((4 - 1 + 2 * 0.09) / 3) ** 0.5
    )
