"""Who is a customer when: openings, departures, returns, and signs of life long after a departure."""

import random
from datetime import date, datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from conftest import write_book

from features.book.book import open_book
from features.calendar.presence import RETURN_GRACE_DAYS, customers_sql
from features.engine import instant
from features.errors import BookError
from features.snapshot.cohort import choose_cohort
from pages.report.quarterly_sums import departures_known
from pages.report.report import make_report
from training.past.labels import left_by
from training.past.observed import observe
from training.past.when_left import has_left

LEFT = datetime.fromisoformat("2024-03-01")
OPENED = "2023-01-01"
MICROSECOND = timedelta(microseconds=1)


def on(days, more=timedelta()):
    """The moment some days after the departure."""
    return (LEFT + timedelta(days=days) + more).isoformat()


def event(days, kind="purchase", **rest):
    return {"account_id": "a", "occurred_at": on(days), "kind": kind, **rest}


def departure(days=0, **rest):
    return {"account_id": "a", "occurred_at": on(days), **rest}


@pytest.fixture
def book_of(make_book):
    """A book in which account a has some rows, beside one that stays."""

    def make(interactions=(), departures=(), opened_at=OPENED):
        return make_book(
            accounts=[
                {"account_id": "a", "opened_at": opened_at},
                {"account_id": "stays", "opened_at": OPENED},
            ],
            interactions=[
                *(
                    {"account_id": "stays", "occurred_at": on(day), "kind": "visit"}
                    for day in range(-400, 400, 20)
                ),
                *interactions,
            ],
            departures=list(departures)
            or [{"account_id": "stays", "occurred_at": "2034-01-01"}],
        )

    return make


def is_customer(book, *days):
    """Whether account a is in the cohort some days after the departure."""
    moments = [instant(datetime.fromisoformat(on(day))) for day in days]
    choose_cohort(book, moments)
    found = {
        when
        for (when,) in book.ask("select as_of_us from chosen where account_id = 'a'")
    }
    return [moment in found for moment in moments]


def test_signs_of_life_within_the_grace_are_the_last_of_what_was(book_of):
    book = book_of([event(5), event(RETURN_GRACE_DAYS)], [departure()])
    assert is_customer(book, -1, 0, 6, RETURN_GRACE_DAYS, 300) == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_sign_of_life_past_the_grace_brings_the_account_back_once_it_is_known(
    book_of,
):
    past = event(RETURN_GRACE_DAYS, kind="visit", known_at=on(90))
    past["occurred_at"] = on(RETURN_GRACE_DAYS, MICROSECOND)
    book = book_of([past], [departure()])
    assert is_customer(book, 61, 89, 90, 300) == [False, False, True, True]


def test_what_we_do_and_goods_sent_back_bring_nobody_back(book_of):
    book = book_of(
        [event(200, "outreach"), event(210, "survey_sent"), event(220, "cancellation")],
        [departure()],
    )
    assert is_customer(book, 300) == [False]


def test_an_account_may_leave_again_after_it_was_seen_again(book_of):
    book = book_of([event(100)], [departure(), departure(150)])
    assert is_customer(book, 99, 100, 149, 150, 300) == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_a_departure_before_the_day_of_the_opening_hides_nothing(book_of):
    book = book_of(departures=[departure()], opened_at=on(1))
    assert is_customer(book, -1, 0, 1, 300) == [False, False, True, True]


def test_a_departure_on_the_day_of_the_opening_follows_it(book_of):
    book = book_of(departures=[departure()], opened_at=on(0.4))
    assert is_customer(book, 0.5, 300) == [False, False]


def test_a_departure_known_only_after_the_sign_of_life_does_not_hide_it(book_of):
    book = book_of([event(100)], [departure(known_at=on(120))])
    assert is_customer(book, 50, 110, 130) == [True, True, True]


def test_the_grace_is_a_setting(tmp_path):
    tables = {
        "accounts": [{"account_id": "a", "opened_at": OPENED}],
        "interactions": [event(-10), event(8)],
        "departures": [departure()],
    }
    folder = write_book(tmp_path / "book", **tables)
    seen = {}
    for days in (7, 8):
        (folder / "book.toml").write_text(f"return_grace_days = {days}")
        seen[days] = is_customer(open_book(folder), 9)
    assert seen == {7: [True], 8: [False]}
    (folder / "book.toml").write_text('return_grace_days = "soon"')
    with pytest.raises(
        BookError, match=r"return_grace_days: .* a whole number of days"
    ):
        open_book(folder)


# Labels


def labelled(book, as_of_day, horizon=30):
    as_of = instant(datetime.fromisoformat(on(as_of_day)))
    until = instant(datetime.fromisoformat(on(390)))
    cohort = pd.DataFrame({"account_id": ["a"], "as_of_us": as_of})
    return left_by(observe(book, until), cohort, [horizon])[horizon].tolist()


def test_who_was_seen_again_is_labelled_as_any_other(book_of):
    book = book_of([event(100)], [departure(), departure(150)])
    assert (labelled(book, 110), labelled(book, 130)) == ([0.0], [1.0])


def test_whose_departure_became_known_after_it_came_back_had_not_left(book_of):
    late = departure(known_at=on(120))
    assert labelled(book_of([event(100)], [late]), 110) == [0.0]
    gone = labelled(book_of(departures=[late]), 110)
    assert gone[0] != gone[0]  # it had left before the as-of date, and nobody knew


def test_who_came_back_has_not_left(book_of):
    until = instant(datetime.fromisoformat(on(390)))
    for interactions, left in (
        ([], 1.0),
        ([event(100)], 0.0),
        ([event(10, "return")], 0.0),
    ):
        book = book_of(interactions, [departure()])
        assert has_left(observe(book, until)).to_dict() == {
            "a": left,
            "stays": 0.0,
        }


# The report


def known(book, days=390):
    found = departures_known(book, instant(datetime.fromisoformat(on(days))))
    return [
        (row.account_id, row.occurred_us, row.reason, row.overt)
        for row in found.itertuples()
    ]


def test_a_departure_reported_again_is_the_same_one_with_the_reason_that_was_known_last(
    book_of,
):
    at = instant(LEFT)
    reported = [
        departure(overt=None),
        departure(2, reason="moved", overt=True),
        departure(4, reason="died"),
    ]
    assert known(book_of(departures=reported)) == [("a", at, "died", 1)]
    assert known(book_of(departures=reported), days=3) == [("a", at, "moved", 1)]


@pytest.mark.parametrize("back", [event(50, "return"), event(100, "question")])
def test_a_departure_after_the_account_came_back_is_another_one(book_of, back):
    book = book_of([back], [departure(reason="moved"), departure(150, reason="died")])
    assert [reason for _, _, reason, _ in known(book)] == ["moved", "died"]


def test_a_departure_before_the_opening_is_none_of_this_account(book_of):
    book = book_of(
        departures=[departure(), departure(30, reason="moved")], opened_at=on(10)
    )
    assert [reason for _, _, reason, _ in known(book)] == ["moved"]


def value_by_quarter(report, figure):
    return report.of_book(figure).set_index("quarter")["value"].to_dict()


def test_the_report_tells_who_came_back(book_of):
    book = book_of([event(100), event(110)], [departure()])
    report = make_report(book, date(2025, 1, 1))
    figures = ("accounts", "accounts_lost", "accounts_won", "accounts_returned")
    first, second = (
        [value_by_quarter(report, figure)[quarter] for figure in figures]
        for quarter in ("2024-Q1", "2024-Q2")
    )
    assert (first, second) == ([2, 1, 0, 0], [1, 0, 1, 1])


def random_life(chance):
    """The days on which an account opened, gave signs and left."""
    signs = ["visit", "return", "outreach"]
    return {
        "opened": chance.randint(0, 700),
        "signs": [
            (chance.randint(0, 700), chance.choice(signs))
            for _ in range(chance.randint(0, 6))
        ],
        "left": [chance.randint(0, 700) for _ in range(chance.randint(0, 3))],
    }


def lived(life, day):
    """Whether an account is a customer at the end of a day: its life told row after row."""
    if life["opened"] > day:
        return False
    left = [when for when in life["left"] if when <= day]
    if not left or life["opened"] > max(left):
        return True
    return any(
        max(left) <= when <= day
        and (kind == "return" or when > max(left) + RETURN_GRACE_DAYS)
        for when, kind in life["signs"]
        if kind != "outreach"
    )


def test_what_came_less_what_went_is_what_is_there(tmp_path):
    chance = random.Random(0)
    lives = [random_life(chance) for _ in range(80)]
    start = datetime.fromisoformat("2023-01-01")

    def at(day):
        return (start + timedelta(days=day)).isoformat()

    names = [f"a{number:02d}" for number in range(len(lives))]
    named = list(zip(names, lives, strict=True))
    book = open_book(
        write_book(
            tmp_path,
            accounts=[
                {"account_id": "stays", "opened_at": at(0)},
                *(
                    {"account_id": name, "opened_at": at(life["opened"])}
                    for name, life in named
                ),
            ],
            interactions=[
                *(
                    {"account_id": "stays", "occurred_at": at(day), "kind": "visit"}
                    for day in range(0, 731, 5)
                ),
                *(
                    {
                        "account_id": name,
                        "occurred_at": at(day),
                        "kind": kind,
                        "value": float(row),
                    }
                    for name, life in named
                    for row, (day, kind) in enumerate(life["signs"])
                ),
            ],
            departures=[
                {"account_id": "stays", "occurred_at": at(900)},
                *(
                    {"account_id": name, "occurred_at": at(day)}
                    for name, life in named
                    for day in life["left"]
                ),
            ],
        )
    )
    moments = [instant(datetime.fromisoformat(at(day))) for day in range(0, 731, 73)]
    for until in (None, instant(datetime.fromisoformat(at(731)))):
        query = customers_sql(
            True, RETURN_GRACE_DAYS, f"(select unnest({moments}) as as_of_us)", until
        )
        found = set(book.ask(query))
        for day, moment in zip(range(0, 731, 73), moments, strict=True):
            expected = {name for name, life in named if lived(life, day)} | {"stays"}
            assert {name for name, when in found if when == moment} == expected
    report = make_report(book, date(2025, 1, 1))
    accounts = value_by_quarter(report, "accounts")
    came, went = (
        value_by_quarter(report, "accounts_won"),
        value_by_quarter(report, "accounts_lost"),
    )
    for quarter, following in pairwise(accounts):
        if went[quarter] == went[quarter]:  # it is missing until the first departure
            assert (
                accounts[quarter] + came[quarter] - went[quarter] == accounts[following]
            )
