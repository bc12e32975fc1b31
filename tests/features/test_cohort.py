"""The cohort: who is looked at, as far as was known at the as-of date."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from features.engine import instant
from features.snapshot.cohort import choose_cohort, choose_pairs


def us(text):
    return instant(datetime.fromisoformat(text))


def account(name, opened_at="2024-01-01"):
    return {"account_id": name, "opened_at": opened_at}


def event(name, occurred_at, kind="visit", **rest):
    return {"account_id": name, "occurred_at": occurred_at, "kind": kind, **rest}


def members(book, *days):
    """The accounts of the cohort at each day, as texts of their names."""
    choose_cohort(book, [us(day) for day in days])
    found = book.connection.execute(
        "select as_of_us, account_id from chosen order by all"
    ).fetchall()
    return ["".join(name for when, name in found if when == us(day)) for day in days]


@pytest.fixture
def departed(make_book):
    return make_book(
        accounts=[account("a"), account("b", "2024-03-01"), account("c"), account("d")],
        interactions=[
            event("a", "2024-01-05"),
            event("c", "2024-06-10", "return", known_at="2024-06-12"),
            event("d", "2024-06-10"),  # a visit is no return
        ],
        departures=[
            {"account_id": "a", "occurred_at": "2024-04-01", "known_at": "2024-04-20"},
            {"account_id": "c", "occurred_at": "2024-05-01"},
            {"account_id": "c", "occurred_at": "2024-08-01"},
            {"account_id": "d", "occurred_at": "2024-05-01"},
        ],
    )


def test_an_account_belongs_to_the_cohort_from_its_opening_on(departed):
    before, at = "2024-02-29T23:59:59.999999", "2024-03-01"
    assert members(departed, "2023-12-31", before, at) == ["", "acd", "abcd"]


def test_a_departure_removes_an_account_when_it_is_known_and_not_before(departed):
    assert members(departed, "2024-04-19T23:59:59.999999", "2024-04-20") == [
        "abcd",
        "bcd",
    ]
    assert members(departed, "2024-04-30T23:59:59.999999", "2024-05-01") == ["bcd", "b"]


def test_a_return_brings_an_account_back_when_it_is_known_until_it_departs_again(
    departed,
):
    assert members(
        departed, "2024-06-11", "2024-06-12", "2024-07-31", "2024-08-01"
    ) == ["b", "bc", "bc", "b"]


def test_a_departure_learnt_of_after_the_return_does_not_remove_the_account_again(
    make_book,
):
    book = make_book(
        accounts=[account("a")],
        interactions=[event("a", "2024-06-01", "return")],
        departures=[
            {"account_id": "a", "occurred_at": "2024-05-01", "known_at": "2024-07-01"}
        ],
    )
    assert members(book, "2024-05-15", "2024-06-15", "2024-07-15") == ["a", "a", "a"]


def test_without_departures_an_account_belongs_from_its_first_known_sign_of_life(
    make_book,
):
    book = make_book(
        accounts=[account("a"), account("b"), account("c"), account("d", "2024-05-01")],
        interactions=[
            event("a", "2024-02-01"),
            event("b", "2024-02-01", "outreach"),  # ours
            event("b", "2024-02-02", "cancellation"),  # theirs, and no sign of life
            event("b", "2024-03-01"),
            event("c", "2024-02-01", known_at="2024-04-01"),
            event("d", "2024-02-01"),  # before its opening
        ],
    )
    days = [
        "2024-01-31",
        "2024-02-01",
        "2024-03-01",
        "2024-03-31",
        "2024-04-01",
        "2024-05-01",
        "2034-01-01",
    ]
    assert members(book, *days) == ["", "a", "ab", "ab", "abc", "abcd", "abcd"]


def test_the_same_date_given_twice_counts_once(departed):
    assert members(departed, "2024-03-01", "2024-03-01") == ["abcd", "abcd"]
    choose_cohort(departed, [us("2024-03-01")] * 3)
    assert departed.connection.execute("select count(*) from chosen").fetchall() == [
        (4,)
    ]


def test_pairs_are_the_cohort_whoever_they_are(departed):
    pairs = pd.DataFrame(
        {
            "account_id": ["c", "a"],
            "as_of_us": [us("2024-07-31"), us("2020-01-01")],
            "more": [1, 2],
        }
    )
    choose_pairs(departed, pairs)
    found = departed.connection.execute(
        "select account_id, as_of_us from chosen order by account_id"
    ).fetchall()
    assert found == [("a", us("2020-01-01")), ("c", us("2024-07-31"))]


@pytest.mark.parametrize(
    "numbers",
    [np.array, pd.Index, pd.Series, lambda moments: [np.int64(us) for us in moments]],
)
def test_as_of_dates_are_whole_numbers_of_python_or_of_numpy(departed, numbers):
    choose_cohort(departed, numbers([us("2024-02-01"), us("2024-03-01")]))
    found = departed.connection.execute(
        "select as_of_us, account_id from chosen order by all"
    ).fetchall()
    assert found == [
        *((us("2024-02-01"), name) for name in "acd"),
        *((us("2024-03-01"), name) for name in "abcd"),
    ]


def test_as_of_dates_that_are_no_whole_numbers_are_refused(departed):
    with pytest.raises(TypeError, match="integer"):
        choose_cohort(departed, [float(us("2024-02-01"))])
