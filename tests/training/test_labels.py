"""Labels: what happened after the as-of date, given only once it can be known, and alike for leavers and stayers."""

import random
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.errors import EvidenceError
from training.past.label_statements import SILENT_DAYS
from training.past.labels import (
    left_by,
    left_silently,
    left_within,
    state_at,
)
from training.past.leaving import Leaving, leaving
from training.past.observed import Observed

AS_OF = datetime.fromisoformat("2024-06-01")
MICROSECOND = timedelta(microseconds=1)
FAR = instant(datetime.fromisoformat("2030-01-01"))


def after(days=0, more=timedelta()):
    """The moment some days after the as-of date, as a text."""
    return (AS_OF + timedelta(days=days) + more).isoformat()


def us(days=0, more=0):
    """The same in microseconds since 1970."""
    return instant(AS_OF) + int(days * MICROS_PER_DAY) + more


def accounts(*names):
    return [{"account_id": name, "opened_at": "2020-01-01"} for name in names]


def visits(name, *days):
    """Signs of life of an account, each some days after the as-of date."""
    return [
        {
            "account_id": name,
            "occurred_at": after(*(day if isinstance(day, tuple) else (day,))),
            "kind": "visit",
        }
        for day in days
    ]


def cohort(*names, as_of=None):
    return pd.DataFrame(
        {
            "account_id": list(names),
            "as_of_us": instant(AS_OF) if as_of is None else as_of,
        }
    )


DEPARTURES = Leaving(quiet_days=None, delay_days=0, came_back=None)
QUIET_10 = Leaving(quiet_days=10, delay_days=10, came_back=None)


def labels(book, names, horizons, until=FAR, meaning=DEPARTURES):
    found = left_by(Observed(book, until, meaning), cohort(*names), horizons)
    return dict(zip(names, found[horizons].values.tolist(), strict=True))


def test_who_departs_after_the_as_of_date_and_up_to_the_horizon_has_left(make_book):
    moments = {
        "long before": after(-40),
        "at the as-of date": after(),
        "just after it": after(0, MICROSECOND),
        "just before the horizon": after(30, -MICROSECOND),
        "at the horizon": after(30),
        "just after the horizon": after(30, MICROSECOND),
    }
    book = make_book(
        accounts=accounts(*moments, "never"),
        interactions=visits("never", -100),
        departures=[
            {"account_id": name, "occurred_at": moment}
            for name, moment in moments.items()
        ],
    )
    assert labels(book, [*moments, "never"], [30, 60]) == {
        "long before": [0.0, 0.0],
        "at the as-of date": [0.0, 0.0],
        "just after it": [1.0, 1.0],
        "just before the horizon": [1.0, 1.0],
        "at the horizon": [1.0, 1.0],
        "just after the horizon": [0.0, 1.0],
        "never": [0.0, 0.0],
    }


def test_a_departure_that_is_followed_by_a_return_is_a_departure_all_the_same(
    make_book,
):
    back = {"account_id": "a", "occurred_at": after(20), "kind": "return"}
    gone = [{"account_id": "a", "occurred_at": after(days)} for days in (10, 80)]
    book = make_book(
        accounts=accounts("a"), interactions=[*visits("a", -5), back], departures=gone
    )
    assert labels(book, ["a"], [5, 30, 90]) == {"a": [0.0, 1.0, 1.0]}


def test_who_left_within_a_window_is_asked_of_those_who_had_not_left_before_it(
    make_book,
):
    moments = {
        "early": after(7),
        "just in": after(7, MICROSECOND),
        "late": after(90),
        "beyond": after(90, MICROSECOND),
    }
    book = make_book(
        accounts=accounts(*moments, "never"),
        interactions=visits("never", -100),
        departures=[
            {"account_id": name, "occurred_at": moment}
            for name, moment in moments.items()
        ],
    )
    found = left_within(
        Observed(book, FAR, DEPARTURES), cohort(*moments, "never"), 7, [30, 90]
    )
    assert found[30].fillna(-1).tolist() == [-1, 1, 0, 0, 0]
    assert found[90].fillna(-1).tolist() == [-1, 1, 1, 0, 0]
    known = left_within(
        Observed(book, us(89), DEPARTURES), cohort(*moments, "never"), 7, [30, 90]
    )
    assert known[30].fillna(-1).tolist() == [-1, 1, 0, 0, 0]
    assert known[90].isna().all()


def test_a_departure_counts_once_it_is_known(make_book):
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=visits("a", -5),
        departures=[
            {"account_id": "a", "occurred_at": after(10), "known_at": after(40)}
        ],
    )
    assert labels(book, "ab", [30], until=us(40, -1)) == {"a": [0.0], "b": [0.0]}
    assert labels(book, "ab", [30], until=us(40)) == {"a": [1.0], "b": [0.0]}


def test_what_cannot_be_known_yet_is_missing_for_leavers_and_stayers_alike(make_book):
    book = make_book(
        accounts=accounts("leaves", "stays"),
        interactions=visits("stays", -5),
        departures=[{"account_id": "leaves", "occurred_at": after(1)}],
    )
    reported_late = Leaving(quiet_days=None, delay_days=7, came_back=None)
    frame = cohort("leaves", "stays")
    early = left_by(Observed(book, us(37, -1), reported_late), frame, [14, 30])
    assert early[14].tolist() == [1.0, 0.0]
    assert early[30].isna().all()
    assert left_by(Observed(book, us(37), reported_late), frame, [14, 30])[
        30
    ].tolist() == [
        1.0,
        0.0,
    ]


def test_rows_stay_in_the_order_of_the_cohort_under_its_own_index(make_book):
    book = make_book(
        accounts=accounts("a", "b", "c"),
        interactions=visits("a", -5),
        departures=[{"account_id": "b", "occurred_at": after(1)}],
    )
    frame = pd.concat([cohort("c", "b"), cohort("b", "a", as_of=us(2))]).set_axis(
        [7, 3, 9, 1]
    )
    found = left_by(Observed(book, FAR, DEPARTURES), frame, [30])
    assert found.index.tolist() == [7, 3, 9, 1]
    assert found[30].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_the_reporting_delay_is_that_of_ninety_nine_departures_in_a_hundred(make_book):
    names = [f"a{number:02}" for number in range(100)]
    delays = [
        timedelta(days=50),
        *[timedelta(days=2, hours=1)] * 4,
        *[timedelta(hours=1)] * 95,
    ]
    book = make_book(
        accounts=accounts(*names),
        interactions=visits("a00", -5),
        departures=[
            {"account_id": name, "occurred_at": after(1), "known_at": after(1, delay)}
            for name, delay in zip(names, delays, strict=True)
        ],
    )
    assert leaving(book, FAR) == Leaving(quiet_days=None, delay_days=3, came_back=None)
    assert leaving(book, us(1.5)).delay_days == 1  # as far as is known by then
    assert leaving(book, us()).delay_days == 0


def test_a_departure_reported_again_does_not_make_the_first_report_late(make_book):
    reported = [
        {"account_id": "a", "occurred_at": after(day), "known_at": after(known)}
        for day, known in ((1, 1), (2, 40))
    ]
    book = make_book(
        accounts=accounts("a"), interactions=visits("a", -5), departures=reported
    )
    assert leaving(book, FAR).delay_days == 0


SILENT = {
    "gone": ([-5], [1, 1, 1]),
    "gone at the as-of date": ([0], [1, 1, 1]),
    "back in time, then gone": ([-5, 10], [0, 1, 1]),
    "back a moment too late": ([-5, (10, MICROSECOND), 18, 27, 36, 45], [1, 1, 1]),
    "back a day too late": ([-5, 11, 18, 27, 36, 45], [1, 1, 1]),
    "steady": ([-5, 5, 15, 25, 35, 45], [0, 0, 0]),
    "falls silent at the horizon": ([-5, 5, 14, 23, 30], [0, 0, 1]),
    "falls silent a moment after it": ([-5, 5, 14, 23, (30, MICROSECOND)], [0, 0, 0]),
    "falls silent a day before": ([-5, 5, 14, 23, 29], [0, 1, 1]),
}


def test_silence_is_leaving_when_no_sign_of_life_comes_within_the_quiet_period(
    make_book,
):
    book = make_book(
        accounts=accounts(*SILENT),
        interactions=[
            row for name, (days, _) in SILENT.items() for row in visits(name, *days)
        ],
    )
    found = labels(book, list(SILENT), [0, 29, 30], meaning=QUIET_10)
    assert found == {name: expected for name, (_, expected) in SILENT.items()}


def test_what_we_do_ourselves_is_no_sign_of_life(make_book):
    ours = {"account_id": "a", "occurred_at": after(5), "kind": "outreach"}
    took_back = {"account_id": "a", "occurred_at": after(6), "kind": "cancellation"}
    credited = {
        "account_id": "a",
        "occurred_at": after(7),
        "kind": "purchase",
        "value": -20.0,
    }
    book = make_book(
        accounts=accounts("a"),
        interactions=[*visits("a", -5), ours, took_back, credited],
    )
    assert labels(book, ["a"], [0], meaning=QUIET_10) == {"a": [1.0]}


def test_silence_is_known_a_quiet_period_after_the_horizon_and_not_before(make_book):
    book = make_book(
        accounts=accounts("gone", "steady"),
        interactions=[*visits("gone", -5), *visits("steady", -5, 5, 15, 25, 35)],
    )
    frame = cohort("gone", "steady")
    known = left_by(Observed(book, us(30), QUIET_10), frame, [0, 20])
    assert known.values.tolist() == [[1.0, 1.0], [0.0, 0.0]]
    early = left_by(Observed(book, us(30, -1), QUIET_10), frame, [0, 20])
    assert early[0].tolist() == [1.0, 0.0]
    assert early[20].isna().all()


def test_the_share_that_came_back_is_of_the_quiet_stretches(make_book):
    book = make_book(
        accounts=accounts("x", "y", "z"),
        # Quiet stretches by day 60: x from 5 to 20 (came back) and from 25 on; y from 0 to 30 and 30 to 60 (both did).
        interactions=[
            *visits("x", 0, 5, 20, 25),
            *visits("y", 0, 30, 60),
            *visits("z", 55),
        ],
    )
    assert leaving(book, us(60), 10) == Leaving(
        quiet_days=10, delay_days=10, came_back=0.75
    )
    assert leaving(book, us(59), 10).came_back == pytest.approx(
        1 / 2
    )  # y is still silent
    assert leaving(book, us(9), 10).came_back is None


def test_the_quiet_period_is_the_longest_of_nineteen_gaps_in_twenty_unless_it_is_given(
    tmp_path,
):
    # Gaps between active days: nineteen of 2 days, then one of 10. Their 95th percentile is 2 + 0.05 * (10 - 2) = 2.4.
    days = [*range(0, 40, 2), 48]
    rows = [
        f"a,{after(day)},visit\na,{after(day, timedelta(hours=3))},visit\n"
        for day in days
    ]
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2020-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n" + "".join(rows)
    )
    assert leaving(open_book(tmp_path), FAR).quiet_days == 3
    assert (
        leaving(open_book(tmp_path), us(47)).quiet_days == 2
    )  # the long gap is not known yet
    (tmp_path / "book.toml").write_text("quiet_days = 33")
    assert leaving(open_book(tmp_path), FAR).quiet_days == 33
    assert leaving(open_book(tmp_path), FAR, quiet_days=5).quiet_days == 5


def test_without_two_active_days_there_is_no_rhythm_to_go_by(make_book):
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=[*visits("a", 0, 0.1), *visits("b", 4)],
    )
    with pytest.raises(EvidenceError, match="--quiet"):
        leaving(book, FAR)


def scores(name, *given):
    """Scores of both axes, each some days after the as-of date: (days, product, people) and when they were known."""
    return [
        {
            "account_id": name,
            "occurred_at": after(day),
            "item": item,
            "score": points,
            "known_at": after(*(known or [day])),
        }
        for day, product, people, *known in given
        for item, points in (("product", product), ("people", people))
    ]


def test_the_state_is_the_quadrant_as_known_at_the_horizon_or_defected_or_missing(
    make_book,
):
    book = make_book(
        accounts=accounts("rises", "later", "late", "left", "unasked"),
        interactions=visits("rises", -5),
        surveys=[
            *scores(
                "rises", (-10, 2.0, 2.0), *((day, 9.0, 9.0) for day in (10, 20, 30))
            ),
            *scores("later", (-10, 2.0, 8.0), (31, 9.0, 9.0)),
            *scores("late", (-10, 8.0, 2.0), (20, 1.0, 1.0, 31)),
            *scores("left", (-10, 8.0, 8.0)),
        ],
        departures=[{"account_id": "left", "occurred_at": after(3)}],
    )
    names = ["rises", "later", "late", "left", "unasked"]
    frame = cohort(*names).set_axis([5, 4, 3, 2, 1])
    state = state_at(Observed(book, us(30), DEPARTURES), frame, 30)
    assert state.index.tolist() == [5, 4, 3, 2, 1]
    # rises: the last three occasions are all 9. later, late: what came or was known after the horizon does not count.
    assert state.tolist()[:4] == [3.0, 1.0, 2.0, 4.0]
    assert state.isna().tolist() == [False, False, False, False, True]
    assert state_at(Observed(book, us(30, -1), DEPARTURES), frame, 30).isna().all()


# Silently or overtly


def silence_of(book, names, until=FAR, meaning=DEPARTURES):
    silent = left_silently(Observed(book, until, meaning), cohort(*names))
    return {
        name: None if value != value else value
        for name, value in zip(names, silent, strict=True)
    }


def said(name, day, kind="complaint", **rest):
    return {"account_id": name, "occurred_at": after(day), "kind": kind, **rest}


def departure(name, day, **rest):
    return {"account_id": name, "occurred_at": after(day), **rest}


def test_the_departure_says_whether_it_was_silent_whatever_was_said_before(make_book):
    book = make_book(
        accounts=accounts("overt", "silent", "late", "too late", "stays"),
        interactions=[said("silent", -1), said("stays", -1)],
        departures=[
            departure("overt", 5, overt=True),
            departure("silent", 5, overt=False),
            departure("late", 90, overt=False),
            departure("too late", 91, overt=True),
        ],
    )
    expected = {
        "overt": 0.0,
        "silent": 1.0,
        "late": 1.0,
        "too late": None,
        "stays": None,
    }
    assert silence_of(book, list(expected)) == expected


def test_what_a_departure_says_counts_once_it_is_known(make_book):
    late = departure("a", 5, overt=True, known_at=after(120))
    book = make_book(
        accounts=accounts("a"), interactions=visits("a", -5), departures=[late]
    )
    assert silence_of(book, ["a"], until=us(120, -1)) == {"a": None}
    assert silence_of(book, ["a"], until=us(120)) == {"a": 0.0}


def test_of_two_reports_of_one_departure_one_that_heard_a_word_is_enough(make_book):
    reports = [
        departure("a", 5, overt=overt, reason=str(overt)) for overt in (True, False)
    ]
    book = make_book(
        accounts=accounts("a"), interactions=visits("a", -5), departures=reports
    )
    assert silence_of(book, ["a"]) == {"a": 0.0}


def test_of_two_departures_the_next_one_counts(make_book):
    book = make_book(
        accounts=accounts("a"),
        interactions=visits("a", -5),
        departures=[
            departure("a", 80, overt=True),
            departure("a", 10, overt=False),
            departure("a", -9, overt=True),
        ],
    )
    assert silence_of(book, ["a"]) == {"a": 1.0}


BEFORE_LEAVING = {  # day of leaving: 40
    "no word": (visits("no word", 39), 1.0),
    "complaint": ([said("complaint", 40)], 0.0),
    "reopened": ([said("reopened", 30, "reopen")], 0.0),
    "lacking": ([said("lacking", 30, "unmet_request")], 0.0),
    "only asked": (
        [said("only asked", 30, "question"), said("only asked", 30, "compliment")],
        1.0,
    ),
    "failed": ([said("failed", 30, "failure")], 1.0),
    "sent back": ([said("sent back", 30, "cancellation")], 1.0),
    "just in time": ([said("just in time", 40 - SILENT_DAYS + 1e-6)], 0.0),
    "long ago": ([said("long ago", 40 - SILENT_DAYS)], 1.0),
    "afterwards": ([said("afterwards", 41)], 1.0),
    "known too late": ([said("known too late", 30, known_at=after(200))], 1.0),
}


def test_where_the_departure_does_not_say_the_words_before_it_do(make_book):
    book = make_book(
        accounts=accounts(*BEFORE_LEAVING),
        interactions=[row for rows, _ in BEFORE_LEAVING.values() for row in rows],
        departures=[departure(name, 40) for name in BEFORE_LEAVING],
    )
    expected = {name: silent for name, (_, silent) in BEFORE_LEAVING.items()}
    assert silence_of(book, list(expected), until=us(199)) == expected
    assert silence_of(book, ["known too late"], until=us(200)) == {
        "known too late": 0.0
    }


def test_in_a_book_that_holds_no_word_of_anybody_nobody_is_known_to_be_silent(
    make_book,
):
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=visits("a", -5),
        departures=[departure("a", 10, overt=None), departure("b", 10, overt=True)],
    )
    assert silence_of(book, ["a", "b"]) == {"a": None, "b": 0.0}


def test_where_leaving_is_silence_the_words_before_the_last_sign_of_life_tell(
    make_book,
):
    names = ["spoke", "spoke before", "no word", "steady"]
    book = make_book(
        accounts=accounts(*names),
        interactions=[
            *(
                said("spoke", -100),
                *visits("spoke", -50),
            ),  # left on day 0; the word was 50 days before its last sign
            *(
                said("spoke before", -70),
                *visits("spoke before", 10),
            ),  # 80 days before it
            *visits("no word", -5, 20),
            *visits("steady", *range(-5, 130, 5)),
        ],
    )
    expected = {"spoke": 0.0, "spoke before": 1.0, "no word": 1.0, "steady": None}
    assert silence_of(book, names, meaning=QUIET_10) == expected


def test_of_two_silences_the_words_before_the_first_tell(make_book):
    book = make_book(
        accounts=accounts("a"),
        interactions=[said("a", 4), *visits("a", -5, 5, 100)],
    )
    assert silence_of(book, ["a"], meaning=QUIET_10) == {"a": 0.0}


def test_until_the_horizon_is_known_those_who_are_gone_already_count(make_book):
    names = ["gone", "goes later"]
    book = make_book(
        accounts=accounts(*names),
        interactions=[
            said("gone", -5),
            *visits("gone", -5),
            *visits("goes later", -5, 4, 13),
        ],
    )
    assert silence_of(book, names, until=us(10), meaning=QUIET_10) == {
        "gone": 0.0,
        "goes later": None,
    }
    assert silence_of(book, names, until=us(10, -1), meaning=QUIET_10) == {
        "gone": None,
        "goes later": None,
    }
    assert silence_of(book, names, until=us(100), meaning=QUIET_10) == {
        "gone": 0.0,
        "goes later": 1.0,
    }


def test_who_left_silently_stays_in_the_rows_of_the_cohort(make_book):
    book = make_book(
        accounts=accounts("a", "b"),
        interactions=visits("a", -5),
        departures=[departure("b", 1, overt=False)],
    )
    found = left_silently(
        Observed(book, FAR, DEPARTURES), cohort("b", "a").set_axis([7, 3])
    )
    assert found.index.tolist() == [7, 3]
    assert found.loc[7] == 1.0


HORIZONS = [0, 7, 14, 30, 60]


def random_lives(size=200):
    """Days of signs of life of many accounts, each seen before the as-of date."""
    chance = random.Random(1)
    return [
        sorted({-20, *(chance.randint(-20, 80) for _ in range(chance.randint(0, 9)))})
        for _ in range(size)
    ]


def random_book(folder, days_of, departure_of=()):
    names = [f"a{number}" for number in range(len(days_of))]
    opened = "".join(f"{name},2020-01-01\n" for name in names)
    seen = "".join(
        f"{name},{after(day)},visit\n"
        for name, days in zip(names, days_of, strict=True)
        for day in days
    )
    (folder / "accounts.csv").write_text(f"account_id,opened_at\n{opened}")
    (folder / "interactions.csv").write_text(f"account_id,occurred_at,kind\n{seen}")
    if departure_of:
        gone = "".join(
            f"{name},{after(day)}\n"
            for name, day in zip(names, departure_of, strict=False)
        )
        (folder / "departures.csv").write_text(f"account_id,occurred_at\n{gone}")
    return open_book(folder), cohort(*names)


def falls_silent(days, horizon, quiet):
    """Whether there is a day t of 0 to the horizon without any sign of life in (t, t + quiet]."""
    return any(
        not any(t < day <= t + quiet for day in days) for t in range(horizon + 1)
    )


@pytest.fixture(scope="module")
def silent_lives(tmp_path_factory):
    lives = random_lives()
    return (*random_book(tmp_path_factory.mktemp("book"), lives), lives)


@settings(max_examples=60, deadline=None)
@given(quiet=st.integers(1, 30), seen=st.integers(0, 100))
def test_silence_is_what_the_definition_says_and_never_decreases_with_the_horizon(
    silent_lives, quiet, seen
):
    book, frame, lives = silent_lives
    found = left_by(
        Observed(book, us(seen), Leaving(quiet, quiet, None)), frame, HORIZONS
    )
    for horizon in HORIZONS:
        if horizon + quiet > seen:
            assert found[horizon].isna().all()
        else:
            expected = [float(falls_silent(days, horizon, quiet)) for days in lives]
            assert found[horizon].tolist() == expected
    known = found.dropna(axis=1)
    assert (known.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert list(known.columns) == HORIZONS[: len(known.columns)]


@pytest.fixture(scope="module")
def departing_lives(tmp_path_factory):
    departures = range(-10, 71)
    lives = [[-5]] * len(departures)
    return (
        *random_book(tmp_path_factory.mktemp("book"), lives, departures),
        departures,
    )


@settings(max_examples=60, deadline=None)
@given(seen=st.integers(0, 80))
def test_the_label_of_a_departure_never_decreases_with_the_horizon(
    departing_lives, seen
):
    book, frame, departures = departing_lives
    found = left_by(Observed(book, us(seen), DEPARTURES), frame, HORIZONS)
    for horizon in HORIZONS:
        if horizon > seen:
            assert found[horizon].isna().all()
        else:
            expected = [float(0 < gone <= horizon) for gone in departures]
            assert found[horizon].tolist() == expected
