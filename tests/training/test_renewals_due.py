"""Renewals due, worked out by hand: dates before an end, as the end was known then."""

from datetime import datetime, timedelta

import pytest

from features.engine import MICROS_PER_DAY, instant
from training.past.as_of_dates import training_dates
from training.past.observed import observe
from training.past.panel import make_panel
from training.past.renewals_due import renewals_due

START = datetime.fromisoformat("2023-01-01")


def on(days):
    return (START + timedelta(days=days)).isoformat()


def us(days):
    return instant(START) + days * MICROS_PER_DAY


def term(starts, ends, known=None, **rest):
    told = {"account_id": "a", "starts_at": on(starts), "ends_at": on(ends)}
    return told | {"known_at": None if known is None else on(known)} | rest


@pytest.fixture
def book_of(make_book):
    def make(*contracts, departures=()):
        visits = [
            {"account_id": name, "occurred_at": on(day), "kind": "visit"}
            for name in ("a", "b")
            for day in range(0, 800, 5)
        ]
        gone = {"departures": list(departures)} if departures else {}
        return make_book(
            accounts=[{"account_id": n, "opened_at": on(0)} for n in ("a", "b")],
            interactions=visits,
            contracts=list(contracts),
            **gone,
        )

    return make


def due_days(book, first=0, last=800):
    found = renewals_due(book, [us(first), us(last)])
    assert set(found["account_id"]) <= {"a"}
    return sorted((found["as_of_us"] - us(0)) // MICROS_PER_DAY)


def test_a_renewal_is_due_so_many_days_before_the_end(book_of):
    book = book_of(term(0, 365), term(365, 2000))
    # 275, 305, 335 and 351, on the grid that begins with the first date.
    assert due_days(book) == [270, 300, 330, 350]
    assert due_days(book, first=5) == [275, 305, 335, 345]


def test_only_between_the_dates_that_are_learned_from(book_of):
    assert due_days(book_of(term(0, 365)), 300, 340) == [300, 330]


def test_an_end_that_was_brought_forward_is_due_by_what_was_known(book_of):
    book = book_of(
        term(0, 730, contract_id="c"), term(0, 365, known=340, contract_id="c")
    )
    assert due_days(book) == [350]  # of 365; of 730 nothing was left by 640


def test_before_a_term_begins_or_is_known_nothing_is_due(book_of):
    assert due_days(book_of(term(100, 150))) == [120, 130]
    assert due_days(book_of(term(0, 365, known=340))) == [350]
    assert due_days(book_of(term(0, 365, known=351))) == []


def test_who_has_left_has_no_renewal_due(book_of):
    gone = {"account_id": "a", "occurred_at": on(320)}
    book = book_of(term(0, 365), departures=[gone])
    assert due_days(book) == [270, 300]


def test_without_contracts_nothing_is_due(make_book):
    visit = {"account_id": "a", "occurred_at": on(0), "kind": "visit"}
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": on(0)}], interactions=[visit]
    )
    assert renewals_due(book, [us(0), us(800)]).empty


def test_the_panel_learns_from_renewals_due_and_tests_none(book_of):
    book = book_of(term(0, 365), term(365, 2000))
    observed = observe(book)
    dates = training_dates(book, observed.until)
    panel = make_panel(observed, dates, dates[-2:])
    due = {
        us(day) - (us(day) - dates[0]) % (10 * MICROS_PER_DAY)
        for day in (275, 305, 335, 351)
    } - set(dates)
    assert due
    learned, weight = panel.before(dates)
    assert set(learned["as_of_us"]) == {*dates, *due}
    assert (weight == 1).all()
    assert not learned.duplicated(["account_id", "as_of_us"]).any()
    assert not set(panel.frame["as_of_us"][panel.tested]) & due


def test_at_an_earlier_test_date_later_renewals_are_not_there(book_of):
    book = book_of(term(0, 365), term(365, 2000))
    observed = observe(book)
    dates = training_dates(book, observed.until)
    panel = make_panel(observed, dates, dates)
    known = [date for date in dates if date <= us(340)]
    learned, _ = panel.before(known)
    assert learned["as_of_us"].max() == max(known)
    between = set(learned["as_of_us"]) - set(known)
    assert between and max(between) < max(known)
