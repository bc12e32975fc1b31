"""Feeds: streams that stop, and what rows hold, on books written out by rule."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np
import pytest

from features.engine import instant
from features.feeds.contents import contents, summed
from features.feeds.streams import Stopped, empty_by_chance, stopped

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
ACCOUNTS = [{"account_id": "a", "opened_at": "2025-01-01"}]


def each_day(days, kind="question", a_day=1, late=0, **values):
    """Rows of a kind on some days after the first, known so many days late."""
    return [
        {
            "account_id": "a",
            "kind": kind,
            "occurred_at": FIRST + timedelta(days=day, minutes=row),
            "known_at": FIRST + timedelta(days=day + late, minutes=row),
            **values,
        }
        for day in days
        for row in range(a_day)
    ]


def on(day):
    return instant((FIRST + timedelta(days=day)).date())


@pytest.fixture
def book_of(make_book):
    return lambda *rows: make_book(accounts=ACCOUNTS, interactions=[*chain(*rows)])


def test_a_feed_of_forty_a_day_is_missed_on_the_first_night(book_of):
    book = book_of(each_day(range(99), a_day=40), each_day(range(100), "use", 3))
    (stop,) = stopped(book, on(100))
    assert stop == Stopped("interactions", "kind", "question", "2026-04-13", 40.0)
    assert stopped(book, on(99)) == []


def test_a_feed_that_rests_at_weekends_is_missed_only_on_workdays(book_of):
    workdays = [day for day in range(110) if day % 7 < 5]
    book = book_of(each_day(workdays, a_day=40), each_day(range(110), "use", 3))
    for day in range(100, 107):
        assert stopped(book, on(day)) == []
    without = [day for day in workdays if day != 106 - 1 and day < 105]
    book = book_of(each_day(without, a_day=40), each_day(range(110), "use", 3))
    assert stopped(book, on(105)) == []
    assert [stop.name for stop in stopped(book, on(106))] == ["question"]


def test_rows_that_always_come_late_are_waited_for(book_of):
    book = book_of(each_day(range(100), a_day=40, late=2), each_day(range(100), "use"))
    assert stopped(book, on(100)) == []


def test_a_rare_kind_may_stay_away_for_long(book_of):
    book = book_of(each_day(range(0, 90, 9)), each_day(range(100), "use", 3))
    assert stopped(book, on(100)) == []


def test_a_feed_of_two_a_day_is_missed_within_a_week(book_of):
    book = book_of(each_day(range(93), a_day=2), each_day(range(100), "use", 3))
    found = [[stop.name for stop in stopped(book, on(day))] for day in (94, 100)]
    assert found == [[], ["question"]]


def test_a_book_of_a_month_tells_nothing(book_of):
    book = book_of(each_day(range(30), a_day=40), each_day(range(35), "use", 3))
    assert stopped(book, on(35)) == []


def test_the_chance_of_an_empty_window_by_hand():
    assert empty_by_chance(np.array([3.0, 3.0])) == pytest.approx(np.exp(-3))
    # Mean 2, variance 4: two successes at a half each, and none needed: a half squared.
    assert empty_by_chance(np.array([0.0, 4.0])) == 0.25
    assert empty_by_chance(np.zeros(3)) == 1.0


def test_contents_are_counted_by_window(book_of):
    rows = each_day([0, 80, 95, 99], "purchase", value=np.e, rep_id="r")
    book = book_of(rows, each_day(range(100), "use"))
    found = contents(book, on(100))
    values = found[(found["name"] == "purchase") & (found["field"] == "value")]
    by_bucket = values.set_index("bucket")["filled"].to_dict()
    assert by_bucket == {0: 1, 1: 1, 2: 1, 3: 1}
    together = summed(found).set_index(["name", "field"]).loc[("purchase", "value")]
    assert together[["rows", "filled", "positive"]].tolist() == [4, 4, 4]
    assert together["logs"] == pytest.approx(4.0)
    assert together["lowest"] == together["highest"] == pytest.approx(np.e)


def test_contents_hold_nothing_that_was_not_known(book_of):
    late = each_day([50], "purchase", late=60, value=1.0)
    book = book_of(late, each_day(range(120), "use"))
    assert "purchase" not in set(contents(book, on(100))["name"])
    assert "purchase" in set(contents(book, on(111))["name"])
