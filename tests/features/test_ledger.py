"""The ledger, on lists written out by hand: who was named before leaving, how long before, and who never was."""

from datetime import date

import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY
from training.lists.surprises import keep_ledger

COLUMNS = ["account_id", "as_of_us", "rank", "left_us", "reason"]


def lists(*rows):
    """Rows of account, day of the list, rank, day it left and reason; days count from 1970-01-01."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(
        as_of_us=frame["as_of_us"] * MICROS_PER_DAY,
        left_us=frame["left_us"] * MICROS_PER_DAY,
    )


@pytest.fixture
def ledger():
    """Three lists, of which a team works one: ann leaves on day 100, bob on day 70, cyd on day 45; dan stays."""
    return keep_ledger(
        lists(
            *[
                ("ann", 0, 2, 100, "late"),
                ("bob", 0, 1, 70, "quiet"),
                ("cyd", 0, 4, 45, "dull"),
                ("dan", 0, 3, None, None),
            ],
            *[
                ("ann", 30, 1, 100, "sad"),
                ("bob", 30, 2, 70, "calm"),
                ("cyd", 30, 3, 45, "slow"),
                ("dan", 30, 4, None, None),
            ],
            *[
                ("ann", 60, 1, 100, "mad"),
                ("bob", 60, 3, 70, "mute"),
                ("dan", 60, 2, None, None),
            ],
        ),
        capacity=1,
    )


def test_each_departure_is_told_with_the_day_it_was_first_listed_and_the_days_from_then(
    ledger,
):
    told = ledger.departures.set_index("account_id")
    assert told.index.tolist() == ["cyd", "bob", "ann"]  # by the day they left
    assert told.loc["ann", ["left_on", "listed", "first_listed"]].tolist() == [
        date(1970, 4, 11),
        True,
        date(1970, 1, 31),
    ]
    assert told.loc["ann", ["days_ahead", "best_rank", "reason"]].tolist() == [
        70,
        1,
        "sad",
    ]
    assert told.loc[
        "bob", ["first_listed", "days_ahead", "best_rank", "reason"]
    ].tolist() == [*(date(1970, 1, 1), 70, 1, "quiet")]


def test_a_miss_is_told_by_name_with_its_best_rank_and_what_was_known_then(ledger):
    assert ledger.misses["account_id"].tolist() == ["cyd"]
    missed = ledger.misses.iloc[0]
    assert (missed["listed"], missed["best_rank"], missed["reason"]) == (
        False,
        3,
        "slow",
    )
    assert missed[["first_listed", "days_ahead"]].isna().all()


def test_recall_counts_those_who_were_customers_so_long_before(ledger):
    found = ledger.recall([0, 30, 60, 90, 180]).set_index("days_ahead")
    # 30 days before: ann on day 30 and 60, bob on day 0 and 30, cyd on day 0. 60 before: ann, bob. 90 before: ann.
    assert found["leavers"].tolist() == [3, 3, 2, 1, 0]
    assert found["listed"].tolist() == [2, 2, 2, 0, 0]
    assert found["recall"].tolist()[:4] == [2 / 3, 2 / 3, 1.0, 0.0]
    assert pd.isna(found["recall"][180])


def test_blind_lists_of_the_same_length_find_leavers_as_well(ledger):
    found = ledger.recall([0, 60]).set_index("days_ahead")["by_chance"]
    # One of four twice, then one of three: ann and bob are on all three lists, cyd on two.
    thrice, twice = 1 - 3 / 4 * 3 / 4 * 2 / 3, 1 - 3 / 4 * 3 / 4
    assert found[0] == pytest.approx((2 * thrice + twice) / 3)
    # 60 days before they left ann had been on the lists of day 0 and 30, bob on that of day 0.
    assert found[60] == pytest.approx((twice + 1 / 4) / 2)


def test_a_list_that_holds_everybody_misses_nobody():
    everybody = keep_ledger(
        lists(("ann", 0, 1, 40, "late"), ("bob", 0, 2, None, None)), capacity=5
    )
    assert everybody.misses.empty
    assert everybody.recall([30])[["recall", "by_chance"]].to_numpy().tolist() == [
        [1.0, 1.0]
    ]


def test_an_account_that_comes_back_and_leaves_again_has_two_departures():
    twice = keep_ledger(
        lists(
            ("ann", 0, 1, 20, "late"),
            ("ann", 60, 2, 80, "sad"),
            ("bob", 60, 1, None, None),
        ),
        capacity=1,
    )
    assert twice.departures[["left_on", "listed", "reason"]].to_numpy().tolist() == [
        [date(1970, 1, 21), True, "late"],
        [date(1970, 3, 22), False, "sad"],
    ]


def test_where_nobody_left_the_ledger_is_empty():
    empty = keep_ledger(lists(("ann", 0, 1, float("nan"), None)), capacity=1)
    assert empty.departures.empty
    assert empty.misses.empty
    assert empty.recall()["leavers"].tolist() == [0, 0, 0, 0]
