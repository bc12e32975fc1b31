"""Value and tenure, worked out by hand."""

import random

import pytest
from histories import AS_OF, ago, measured_row, unknown

from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES


def event(days, kind="purchase", value=None, **rest):
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "value": value,
        **rest,
    }


@pytest.fixture
def measured(make_book):
    def measure(*interactions, opened=1000.5):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": ago(opened)}],
            interactions=list(interactions),
        )
        return measured_row(book, "value", "tenure")

    return measure


def test_purchases_and_their_amounts(measured):
    found = measured(
        event(10, value=30.0),
        event(40, value=50.25),
        event(100),
        event(200, value=19.75),
        event(400, value=1000.0),
        event(5, "visit", value=7.0),
        event(6, "cancellation", value=30.0),
    )
    assert [found[f"purchases_{window}d"] for window in (30, 90, 180, 365)] == [
        1.0,
        2.0,
        3.0,
        4.0,
    ]
    assert (found["purchases_ever"], found["days_since_purchase"]) == (5.0, 10.0)
    assert (found["spent_90d"], found["spent_365d"], found["spent_ever"]) == (
        50.25,
        70.0,
        1070.0,
    )  # less the 30
    assert found["mean_purchase"] == 275.0  # of the four whose amount is known
    assert found["spending_ratio"] == pytest.approx((50.25 / 90) / (70 / 365))


def test_spending_is_set_against_a_year_or_the_time_since_the_beginning(measured):
    newer = measured(
        event(180, "visit"), event(10, value=30.0), event(100, value=60.0), opened=180
    )
    assert newer["spending_ratio"] == pytest.approx((30 / 90) / (90 / 180))
    brand_new = measured(event(2, "visit"), event(1, value=5.0), opened=2)
    assert brand_new["spending_ratio"] == pytest.approx(1.0)


def test_where_nothing_was_spent_the_ratio_is_not_known_and_where_it_stopped_it_is_nothing(
    measured,
):
    assert measured(event(100, value=5.0))["spending_ratio"] == 0.0
    free = measured(event(10, value=0.0))
    assert free["spending_ratio"] != free["spending_ratio"]


def test_an_amount_that_is_not_on_record_counts_in_no_mean(measured):
    found = measured(event(31, value=100.0), event(22), event(21))
    assert (found["mean_purchase"], found["purchase_size_ratio"]) == (100.0, 1.0)
    assert (found["purchases_90d"], found["spent_90d"]) == (3.0, 100.0)


def test_where_no_purchase_has_an_amount_spending_is_not_known_and_without_purchases_it_is_nothing(
    measured,
):
    found = measured(event(10), event(120, value=40.0))
    assert unknown(
        found, "spent_90d", "spending_ratio", "spent_ratio", "purchase_size_ratio"
    )
    assert (found["spent_180d"], found["spent_ever"], found["mean_purchase"]) == (
        40.0,
        40.0,
        40.0,
    )
    assert measured(event(10, "visit"))["spent_ever"] == 0.0
    assert unknown(measured(event(20, "visit"), event(10, "cancellation")), "spent_90d")


@pytest.mark.parametrize(
    "taken_back",
    [("cancellation", 600.0), ("cancellation", -600.0), ("purchase", -600.0)],
)
def test_what_is_taken_back_is_subtracted_on_its_own_date_however_it_is_booked(
    measured, taken_back
):
    kind, value = taken_back
    found = measured(event(200, value=100.0), event(100, kind, value=value))
    assert (found["spent_90d"], found["spent_180d"], found["spent_365d"]) == (
        0.0,
        -600.0,
        -500.0,
    )
    assert unknown(
        found, "spending_ratio", "spent_ratio"
    )  # of less than nothing there is no share
    assert (
        found["purchases_ever"],
        found["days_since_purchase"],
        found["mean_purchase"],
    ) == (1.0, 200.0, 100.0)
    assert (found["cancellations_365d"], found["cancelled_share_365d"]) == (1.0, 0.5)


def test_purchases_of_the_wrong_sign_are_warned_of(make_book):
    def warnings(*interactions):
        return make_book(
            accounts=[{"account_id": "a", "opened_at": ago(9)}],
            interactions=list(interactions),
        ).warnings

    wrong = [event(1, value=-5.0), event(2, value=-6.0), event(3, value=7.0)]
    assert warnings(*wrong) == [
        "2 cancellations and credit notes stand beside 1 purchases: where the amounts of purchases are below zero, "
        "write them above it"
    ]
    assert warnings(*wrong[1:]) == warnings(event(3, "visit")) == []


def test_spending_is_the_same_however_what_is_taken_back_is_booked(make_book):
    """Many accounts, each there twice: in signed amounts, and in cancellations."""
    chance = random.Random(0)
    rows, nets = [], {}
    for number in range(80):
        cents = [
            chance.choice([1, -1]) * chance.randint(1, 10**8)
            for _ in range(chance.randint(0, 6))
        ]
        for booked in ("signed", "apart"):
            name = f"{booked} {number}"
            nets[name] = sum(cents) / 100
            rows.append({**event(900, "visit"), "account_id": name})
            rows += [
                {
                    **booking(booked, amount),
                    "account_id": name,
                    "occurred_at": ago(when),
                }
                for when, amount in enumerate(cents, start=30)
            ]
    book = make_book(
        accounts=[{"account_id": name, "opened_at": ago(1000.5)} for name in nets],
        interactions=rows,
    )
    spent = {"spent_ever": FEATURES["spent_ever"]}
    found = snapshot(book, [instant(AS_OF)], spent).set_index("account_id")
    assert found["spent_ever"].to_dict() == nets


def booking(booked, cents):
    """An amount in cents, one below zero as it is or as a cancellation."""
    if booked == "apart" and cents < 0:
        return event(0, "cancellation", value=-cents / 100)
    return event(0, value=cents / 100)


def test_cancellations_are_counted_beside_purchases(measured):
    found = measured(
        event(10),
        event(20),
        event(300),
        event(15, "cancellation"),
        event(100, "cancellation"),
    )
    assert (found["cancellations_90d"], found["cancellations_365d"]) == (1.0, 2.0)
    assert found["cancelled_share_365d"] == pytest.approx(2 / 5)
    assert found["purchases_365d"] == 3.0


def test_amounts_add_up_exactly_however_small_or_large(measured):
    found = measured(
        *(event(days, value=0.1) for days in range(1, 11)), event(20, value=1e9)
    )
    assert found["spent_90d"] == 1e9 + 1.0


def test_items_are_those_of_purchases_that_tell_them_and_the_last_quarter_is_set_against_all(
    measured,
):
    """Of 8, 3 and 1 items the mean is 4; of the last quarter 2, half of that."""
    found = measured(
        *(event(200, items=8.0), event(80, items=3.0), event(10, items=1.0), event(5)),
        *(event(20, "cancellation", items=90.0), event(30, "visit", items=90.0)),
        event(40, items=90.0, known_at=ago(-1)),
    )
    assert (found["items_per_purchase"], found["items_ratio"]) == (4.0, 0.5)
    assert unknown(measured(event(200, items=8.0)), "items_ratio")
    assert unknown(
        measured(event(10), event(20, "visit", items=3.0)),
        "items_per_purchase",
        "items_ratio",
    )


def test_tenure_is_the_time_since_opening(measured):
    assert measured(event(10))["days_since_opened"] == 1000.5


def test_visits_and_the_spending_of_a_quarter_against_the_one_before(measured):
    found = measured(
        event(10, value=60.0),
        event(100, value=40.0),
        event(30, "visit"),
        event(200, "visit"),
    )
    assert (found["visits_90d"], found["visits_365d"]) == (1.0, 2.0)
    assert found["spent_ratio"] == 1.5
    alone = measured(event(10, value=60.0))
    assert alone["spent_ratio"] != alone["spent_ratio"]


KEY, GROWTH, NEW, OTHER = 0.0, 1.0, 2.0, 3.0


def test_a_tier_is_new_or_growing_or_other_by_the_accounts_own_history(measured):
    assert measured(event(10, value=60.0), opened=89)["account_tier"] == NEW
    # 40 in the 185 days before is .216 a day; half as much again in 180 days is 58.4.
    longer = event(400, "visit")
    assert (
        measured(longer, event(10, value=58.5), event(200, value=40.0))["account_tier"]
        == GROWTH
    )
    assert (
        measured(longer, event(10, value=58.3), event(200, value=40.0))["account_tier"]
        == OTHER
    )
    assert measured(longer, event(10, value=60.0))["account_tier"] == OTHER


def test_what_is_on_record_for_part_of_a_year_is_compared_day_by_day(measured):
    # 40 in 120 days is a third a day; half as much again in 180 days is 90.
    first = event(300, "visit")
    assert (
        measured(first, event(10, value=89.0), event(200, value=40.0))["account_tier"]
        == OTHER
    )
    assert (
        measured(first, event(10, value=91.0), event(200, value=40.0))["account_tier"]
        == GROWTH
    )
    assert (
        measured(event(269, "visit"), event(10, value=91.0), event(200, value=1.0))[
            "account_tier"
        ]
        == OTHER
    )


def test_who_is_key_is_for_the_book_to_say(make_book):
    tiers = {"a": "Key", "b": "basic", "c": None}
    book = make_book(
        accounts=[
            {"account_id": name, "opened_at": ago(10), "tier": tier}
            for name, tier in tiers.items()
        ],
        interactions=[
            {"account_id": name, "occurred_at": ago(5), "kind": "visit"}
            for name in tiers
        ],
    )
    found = snapshot(book, [instant(AS_OF)])
    assert found["account_tier"].tolist() == [KEY, NEW, NEW]
    assert found["key_account"].tolist()[:2] == [1.0, 0.0]
    assert found["key_account"].isna().tolist() == [False, False, True]
