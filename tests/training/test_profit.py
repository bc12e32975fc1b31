"""Profit of contacting, worked out by hand, and beside the figures of the paper."""

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY
from models.score.campaign import Campaign
from training.lists.profit import empc, profit_curve, profits

HALF = Campaign(contact_cost=1.0, offer_cost=10.0, acceptance=0.5)


def lists(day, left=(1.0, 0.0, 1.0)):
    """Three accounts at one date: the gains are 19, -1 and 54 at half acceptance."""
    return pd.DataFrame(
        {
            "as_of_us": day * MICROS_PER_DAY,
            "rank": [1, 2, 3],
            "horizon": 90,
            "risk": [0.5, 0.5, 0.25],
            "at_stake": [0.5, 0.5, 0.25],
            "left": left,
            "left_in_time": left,
            "value": [110.0, 30.0, 510.0],
        }
    )


def test_the_profits_of_a_date_by_hand():
    (found,) = profits(lists(30), HALF, capacity=1).to_dict("records")
    assert (str(found["as_of"]), found["accounts"]) == ("1970-01-31", 3)
    assert (
        found["worklist"] == 19.0
    )  # the first of the worklist, who left: 0.5 * 100 - 1
    assert found["worklist_happened"] == 49.0
    assert (
        found["at_capacity"],
        found["best_length"],
        found["best"],
        found["left_on_table"],
    ) == (54.0, 2, 73.0, 19.0)
    assert found["at_capacity_happened"] == 249.0  # 0.5 * 500 - 1


def test_who_left_too_soon_costs_the_contact_and_brings_nothing():
    soon = lists(30).assign(at_stake=[0.25, 0.5, 0.25], left_in_time=[0.0, 0.0, 1.0])
    (found,) = profits(soon, HALF, capacity=1).to_dict("records")
    # 0.25 * 0.5 * 100 - 0.5 * 10 - 1; that account left within the lead time: only the contact was spent.
    assert (found["worklist"], found["worklist_happened"]) == (6.5, -1.0)


def test_a_value_that_is_not_known_counts_as_nothing():
    unknown = lists(30).assign(value=[np.nan, 30.0, 510.0])
    (found,) = profits(unknown, HALF, capacity=1).to_dict("records")
    assert found["worklist"] == 0.5 * 0.5 * -10 - 0.5 * 10 - 1


def test_a_team_does_not_contact_those_it_would_lose_by():
    (found,) = profits(lists(30), HALF, capacity=3).to_dict("records")
    assert (found["worklist"], found["at_capacity"], found["left_on_table"]) == (
        72.0,
        73.0,
        0.0,
    )


def test_where_contact_never_pays_the_best_list_is_empty():
    dear = Campaign(contact_cost=1000.0, offer_cost=10.0, acceptance=0.5)
    (found,) = profits(lists(30), dear, capacity=2).to_dict("records")
    assert (
        found["best_length"],
        found["best"],
        found["at_capacity"],
        found["left_on_table"],
    ) == (0, 0.0, 0.0, 0.0)


def test_what_happened_is_missing_until_it_is_known_and_expectations_are_not():
    unknown = lists(60, left=(np.nan, np.nan, np.nan))
    found = profits(pd.concat([lists(30), unknown]), HALF, capacity=1)
    assert found["worklist"].tolist() == [19.0, 19.0]
    assert found[
        ["worklist_happened", "at_capacity_happened", "empc", "empc_share"]
    ].isna().all(axis=1).tolist() == [
        False,
        True,
    ]


def test_the_curve_is_the_mean_over_dates_whose_outcome_is_known():
    stayed = lists(60, left=(0.0, 0.0, 0.0))
    unknown = lists(90, left=(np.nan, np.nan, np.nan))
    found = profit_curve(pd.concat([lists(30), stayed, unknown]), HALF)
    assert found["length"].tolist() == [0, 1, 2, 3]
    assert found["expected"].tolist() == [0.0, 54.0, 73.0, 72.0]
    # By gain the third, the first, the second: 249, 49 and -11 on the first date, -11 each on the other.
    assert found["happened"].tolist() == [
        0.0,
        (249 - 11) / 2,
        (298 - 22) / 2,
        (287 - 33) / 2,
    ]


def test_without_a_known_outcome_there_is_no_curve():
    assert profit_curve(lists(30, left=(np.nan, np.nan, np.nan)), HALF).empty


def test_empc_of_a_perfect_model_contacts_the_leavers_where_that_pays():
    left = np.array([1.0, 0.0, 0.0, 0.0])
    profit, share = empc(left, left, 200.0, Campaign())
    # Contacting the one leaver of four gains 190 a - 1; a is hardly ever below 1 / 190, and 0.3 on average.
    assert profit == pytest.approx((190 * 0.3 - 1) / 4, rel=1e-3)
    assert share == pytest.approx(1 / 4, rel=1e-3)


@pytest.mark.parametrize(
    "campaign",
    [Campaign(acceptance=0.0), Campaign(acceptance=1.0), Campaign(offer_cost=500.0)],
)
def test_empc_is_missing_where_acceptance_is_certain_or_the_offer_costs_more_than_an_account_is_worth(
    campaign,
):
    assert profits(lists(30), campaign, capacity=1)["empc"].isna().all()
