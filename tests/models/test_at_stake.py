"""What is at stake: of the longest risk that is known, and never of one that is not; and the order that it gives."""

import numpy as np
import pandas as pd
import pytest

from models.score.at_stake import at_stake, stake_horizon
from models.score.horizon import planned
from models.score.order import in_order

NAN = np.nan


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        ((14, 30, 60, 90, 180), 90),
        ((14, 30, 60), 60),
        ((0, 14), 14),
        ((0,), 0),
        ((14, 60, 180), 180),
        ((), None),
    ],
)
def test_lists_plan_for_90_days_or_else_for_the_longest_horizon_that_is_known(
    known, chosen
):
    assert planned(known) == chosen
    risks = {f"risk_{horizon}d": [0.5] for horizon in known}
    assert (
        stake_horizon(pd.DataFrame({"risk_90d": [NAN], "risk_60d": [NAN], **risks}))
        == chosen
    )


def test_the_riskiest_come_first_whichever_horizon_is_known():
    scores = pd.DataFrame(
        {
            "account_id": ["safe", "soon", "later"],
            "risk_14d": [0.0, 0.5, 0.25],
            "risk_60d": [0.125, 0.625, 0.75],
            "risk_90d": [NAN, NAN, NAN],
        }
    )
    assert at_stake(scores).tolist() == [0.125, 0.125, 0.5]
    assert scores["account_id"][in_order(scores)].tolist() == ["later", "safe", "soon"]


def test_nothing_is_taken_off_a_risk_that_is_within_the_lead_time_itself():
    scores = pd.DataFrame(
        {
            "account_id": ["a", "b"],
            "risk_0d": [0.25, 0.5],
            "risk_14d": [0.5, 0.75],
            "risk_90d": NAN,
        }
    )
    assert at_stake(scores).tolist() == [0.5, 0.75]
    assert at_stake(scores.assign(risk_14d=NAN)).tolist() == [0.25, 0.5]


def test_nothing_is_taken_off_where_the_risk_within_the_lead_time_is_not_known():
    assert at_stake(pd.DataFrame({"risk_14d": [NAN], "risk_90d": [0.75]})).tolist() == [
        0.75
    ]


def test_whose_risk_is_not_known_comes_last_and_is_no_zero():
    scores = pd.DataFrame(
        {
            "account_id": list("abc"),
            "risk_14d": [0.5, NAN, 0.5],
            "risk_90d": [0.25, NAN, 0.75],
        }
    )
    assert at_stake(scores).tolist() == pytest.approx([-0.25, NAN, 0.25], nan_ok=True)
    assert in_order(scores).tolist() == [2, 0, 1]


def test_without_any_risk_the_order_is_that_of_the_accounts():
    scores = pd.DataFrame({"account_id": ["b", "a"], "risk_90d": [NAN, NAN]})
    assert at_stake(scores).isna().all()
    assert in_order(scores).tolist() == [1, 0]
