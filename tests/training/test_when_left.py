"""When accounts left, and who has left by a moment: at the edges, and only by what was known."""

from datetime import datetime, timedelta

import pandas as pd

from features.engine import MICROS_PER_DAY, instant
from training.past.labels import departed
from training.past.leaving import Leaving
from training.past.observed import Observed
from training.past.when_left import already_left, has_left, when_left

NOW = datetime.fromisoformat("2024-06-01")
NOW_US = instant(NOW)
DEPARTURES = Leaving(quiet_days=None, delay_days=0, came_back=None)
QUIET_10 = Leaving(quiet_days=10, delay_days=10, came_back=None)
MICROSECOND = timedelta(microseconds=1)


def on(days, more=timedelta()):
    """The moment some days from now, as a text."""
    return (NOW + timedelta(days=days) + more).isoformat()


def us(days):
    return NOW_US + days * MICROS_PER_DAY


def row(name, days, **rest):
    return {"account_id": name, "occurred_at": on(days), **rest}


def accounts(*names):
    return [{"account_id": name, "opened_at": "2020-01-01"} for name in names]


def cohort(*names):
    return pd.DataFrame({"account_id": list(names), "as_of_us": NOW_US})


def test_who_was_quiet_for_longer_than_the_quiet_period_has_left(make_book):
    visit = {"kind": "visit"}
    longer = {"account_id": "longer", "occurred_at": on(-10, -MICROSECOND), **visit}
    book = make_book(
        accounts=accounts(
            "longer", "as long", "back", "heard of late", "heard just now", "called"
        ),
        interactions=[
            longer,
            row("as long", -10, **visit),
            row("back", -30, **visit),
            row("back", -1, **visit),
            row("heard of late", -30, **visit),
            row("heard of late", -1, known_at=on(1), **visit),
            row("heard just now", -30, **visit),
            row("heard just now", -1, known_at=on(0), **visit),
            row("called", -30, **visit),
            row("called", -1, kind="outreach"),
        ],
    )
    assert has_left(Observed(book, NOW_US, QUIET_10)).to_dict() == {
        "as long": 0.0,
        "back": 0.0,
        "called": 1.0,
        "heard just now": 0.0,
        "heard of late": 1.0,
        "longer": 1.0,
    }


def test_of_accounts_opened_by_now_those_have_left_whose_departure_is_known(make_book):
    opened = [
        {"account_id": "opened now", "opened_at": on(0)},
        {"account_id": "opened later", "opened_at": on(0, MICROSECOND)},
    ]
    book = make_book(
        accounts=[*accounts("gone", "back", "known later", "stays"), *opened],
        interactions=[
            row("back", -2, kind="return"),
            row("stays", -9, kind="visit"),
        ],
        departures=[
            row("gone", -5),
            row("back", -5),
            row("known later", -5, known_at=on(1)),
        ],
    )
    assert has_left(Observed(book, NOW_US, DEPARTURES)).to_dict() == {
        "back": 0.0,
        "gone": 1.0,
        "known later": 0.0,
        "opened now": 0.0,
        "stays": 0.0,
    }


GONE = [
    row("known", -5),
    row("known later", -5, known_at=on(3)),
    row("at the date, known later", 0, known_at=on(3)),
    row("later", 2),
    row("later, known later", 2, known_at=on(3)),
    row("twice", 4),
    row("twice", 2),
]
NAMES = list(dict.fromkeys(departure["account_id"] for departure in GONE))


def of_gone(make_book):
    return make_book(
        accounts=accounts(*NAMES),
        interactions=[row("known", -9, kind="visit")],
        departures=GONE,
    )


def test_who_had_left_before_the_date_is_told_once_it_is_known(make_book):
    book = of_gone(make_book)
    then = already_left(Observed(book, us(3) - 1, DEPARTURES), cohort(*NAMES))
    assert not then.any()
    now = already_left(Observed(book, us(3), DEPARTURES), cohort(*NAMES))
    assert now[now].index.tolist() == [1, 2]
    assert not already_left(Observed(book, us(3), QUIET_10), cohort(*NAMES)).any()


def test_who_was_heard_of_before_leaving_had_left_unless_brought_back(make_book):
    late = {"known_at": on(3)}
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=[
            row("a", -9, kind="visit"),
            row("b", -9, kind="visit"),
            row("b", -2, kind="return"),
        ],
        departures=[row("a", -5, **late), row("b", -5, **late)],
    )
    found = already_left(Observed(book, us(3), DEPARTURES), cohort("a", "b"))
    assert found.tolist() == [True, False]


def test_the_next_departure_after_the_date_is_when_an_account_left(make_book):
    book = of_gone(make_book)
    never = float("inf")
    found = when_left(Observed(book, us(3), DEPARTURES), cohort(*NAMES))
    assert found.tolist() == [never, never, never, us(2), us(2), us(2)]
    sooner = when_left(Observed(book, us(3) - 1, DEPARTURES), cohort(*NAMES))
    assert sooner.tolist() == [never, never, never, us(2), never, us(2)]
    known = departed(Observed(book, us(3), DEPARTURES), cohort(*NAMES))
    assert known.dropna().to_dict() == {3: us(2), 4: us(2), 5: us(2)}


def test_of_one_that_had_left_before_the_date_a_later_departure_is_none(make_book):
    """It was reported late, and again: who looks ahead must not count it as one who left after the date."""
    twice = [row("a", -5, known_at=on(3)), row("a", 2)]
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=[row("b", -9, kind="visit")],
        departures=twice,
    )
    assert when_left(Observed(book, us(3), DEPARTURES), cohort("a")).tolist() == [us(2)]
    assert departed(Observed(book, us(3), DEPARTURES), cohort("a")).isna().all()


def test_in_silence_an_account_left_at_its_last_sign_of_life_or_the_date(make_book):
    book = make_book(
        accounts=accounts("before", "after", "back", "known later"),
        interactions=[
            row("before", -3, kind="visit"),
            row("after", 4, kind="visit"),
            row("back", 4, kind="visit"),
            row("back", 20, kind="visit"),
            row("known later", -3, kind="visit"),
            row("known later", 4, kind="visit", known_at=on(40)),
        ],
    )
    names = ["before", "after", "back", "known later"]
    found = when_left(Observed(book, us(30), QUIET_10), cohort(*names))
    assert found.tolist() == [us(0), us(4), us(4), us(0)]
    at_once = departed(Observed(book, us(30), QUIET_10), cohort(*names))
    assert at_once.isna().tolist() == [True, False, False, True]
    # After ten days without a sign by the moment itself, and not before.
    assert when_left(Observed(book, us(14), QUIET_10), cohort("after")).tolist() == [
        us(4)
    ]
    early = when_left(Observed(book, us(14) - 1, QUIET_10), cohort("after"))
    assert early.tolist() == [float("inf")]
