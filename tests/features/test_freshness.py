"""How old a book may be at an as-of date, table by table, by each table's own rhythm."""

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

import pinch
from features.calendar.freshness import ages, require_fresh
from features.engine import instant
from features.errors import EvidenceError, StaleError

START = date(2024, 1, 1)


def rows(days, **rest):
    return [
        {"account_id": "a", "occurred_at": str(START + timedelta(days=day)), **rest}
        for day in days
    ]


def visits(days):
    return rows(days, kind="visit")


def scores(days):
    return rows(days, item="product", score=5.0)


def book_of(make_book, interactions, **tables):
    return make_book(
        accounts=[{"account_id": "a", "opened_at": str(START)}],
        interactions=interactions,
        **tables,
    )


def at(day):
    return instant(START + timedelta(days=day))


def aged(book, day, **rest):
    return {
        age.table: (age.days, age.allowed, age.binding)
        for age in ages(book.recorded, at(day), **rest)
    }


WEEKDAYS = [day for day in range(140) if day % 7 < 5]


@pytest.mark.parametrize(
    ("days", "allowed"),
    [(range(140), 2), (WEEKDAYS, 4), (range(0, 140, 7), 8), (range(0, 420, 30), 31)],
    ids=["daily", "weekdays", "weekly", "monthly"],
)
def test_interactions_may_be_a_day_older_than_their_usual_lag(make_book, days, allowed):
    book = book_of(make_book, visits(days))
    last = max(days)
    assert aged(book, last + 1) == {"interactions": (1, allowed, True)}
    assert require_fresh(book, at(last + allowed))[0].stale is False
    with pytest.raises(
        StaleError,
        match=f"interactions end on .*, {allowed + 1} days before, and {allowed} are allowed",
    ):
        require_fresh(book, at(last + allowed + 1))


def test_a_book_of_one_day_has_no_rhythm_and_is_stopped_by_a_setting_alone(make_book):
    book = book_of(make_book, visits([0]))
    assert aged(book, 31) == {"interactions": (31, None, True)}
    assert require_fresh(book, at(31))[0].stale is False
    with pytest.raises(StaleError, match="31 days before, and 30 are allowed"):
        require_fresh(book, at(31), max_age=30)


def test_one_long_holiday_in_half_a_year_does_not_change_what_is_usual(make_book):
    days = [day for day in range(180) if not 90 <= day < 102]
    assert aged(book_of(make_book, visits(days)), 180) == {"interactions": (1, 2, True)}


def test_surveys_of_a_quarter_are_told_and_stop_no_night_and_weekly_ones_do(make_book):
    quarterly = book_of(make_book, visits(range(400)), surveys=scores([0, 91, 182]))
    assert aged(quarterly, 400)["surveys"] == (218, 92, False)
    told = require_fresh(quarterly, at(400))
    assert [age.table for age in told if age.stale] == ["surveys"]


def test_surveys_that_usually_come_every_week_stop_a_night_once_they_do_not(make_book):
    weekly = book_of(make_book, visits(range(140)), surveys=scores(range(0, 100, 7)))
    assert aged(weekly, 140)["surveys"] == (42, 8, True)
    with pytest.raises(
        StaleError,
        match=r"surveys end on 2024-04-08.*leave tables out of the book that nobody fills",
    ):
        require_fresh(weekly, at(140))


def test_the_only_departure_there_is_stops_no_night(make_book):
    book = book_of(make_book, visits(range(140)), departures=rows([3]))
    assert aged(book, 140)["departures"] == (137, None, False)
    assert [age for age in require_fresh(book, at(140)) if age.stale] == []


def test_that_competitors_enter_nowhere_for_long_is_not_stale(make_book):
    entries = [
        {"market": "north", "occurred_at": "2024-01-04", "kind": "competitor_entered"},
        {"market": "south", "occurred_at": "2024-02-10", "kind": "competitor_entered"},
    ]
    book = book_of(make_book, visits(range(400)), markets=entries)
    assert aged(book, 400)["markets"] == (360, None, False)
    assert [age for age in require_fresh(book, at(400)) if age.stale] == []


def test_a_setting_allows_more_or_less_to_the_tables_that_bind(make_book):
    book = book_of(make_book, visits(range(140)), surveys=scores([0, 91]))
    assert aged(book, 150, max_age=11) == {
        "interactions": (11, 11, True),
        "surveys": (59, 92, False),
    }
    assert require_fresh(book, at(150), max_age=11)
    with pytest.raises(StaleError):
        require_fresh(book, at(150), max_age=10)


def test_a_planned_meeting_makes_no_old_book_look_new(make_book):
    book = book_of(make_book, visits([*range(140), 170]))
    with pytest.raises(StaleError, match="32 days before"):
        require_fresh(book, at(171))


def test_an_as_of_date_before_the_first_row_is_refused_and_the_day_after_is_not(
    make_book,
):
    book = book_of(make_book, visits(range(10, 40)))
    with pytest.raises(EvidenceError, match="a date from 2024-01-12 on"):
        require_fresh(book, at(10), stale_ok=True)
    assert require_fresh(book, at(11))


# The command


@pytest.fixture
def folder(tmp_path):
    days = [
        *(
            f"{name},{START + timedelta(days=day)},visit"
            for day in range(60)
            for name in "ab"
        ),
        "a,2024-05-01,visit",
    ]
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at\na,2024-01-01\nb,2024-01-01\n"
    )
    (tmp_path / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *days])
    )
    return tmp_path


def score(folder, *options, **environment):
    arguments = [
        "score",
        str(folder),
        "--out",
        str(folder / "night"),
        "--rules",
        "--json",
        *options,
    ]
    result = CliRunner().invoke(pinch.app, arguments, env=environment)
    return result.exit_code, json.loads(result.stdout)


def test_without_a_date_the_night_looks_from_the_day_after_the_end_and_sees_all_of_the_last_day(
    folder,
):
    code, facts = score(folder)
    assert (code, facts["as_of"], facts["last_day"], facts["stale"]) == (
        0,
        "2024-03-01",
        "2024-02-29",
        [],
    )
    assert facts["ages"] == [
        {
            "table": "interactions",
            "last_day": "2024-02-29",
            "days": 1,
            "allowed": 2,
            "binding": True,
            "stale": False,
        }
    ]


def test_what_is_dated_beyond_the_end_is_told_by_the_night(folder):
    told = "The data end on 2024-02-29; rows dated after it, until 2024-05-01: interactions 1."
    assert score(folder)[1]["beyond"].startswith(told)


def test_a_feed_that_stopped_ends_the_night_with_the_figures_unless_it_is_allowed(
    folder,
):
    code, facts = score(folder, "--as-of", "2024-03-14")
    assert (code, facts["error"]) == (1, "StaleError")
    assert (
        facts["found"]
        == "interactions end on 2024-02-29, 14 days before, and 2 are allowed"
    )
    assert (facts["ages"][0]["days"], facts["ages"][0]["allowed"]) == (14, 2)
    code, facts = score(folder, "--as-of", "2024-03-14", "--stale-ok")
    assert (code, facts["as_of"], facts["accounts"]) == (0, "2024-03-14", 2)
    assert facts["stale"] == [
        "interactions end on 2024-02-29, 14 days before, and 2 are allowed."
    ]


def test_the_bound_is_an_option_or_a_setting(folder):
    assert score(folder, "--as-of", "2024-03-14", "--max-age", "14")[0] == 0
    assert score(folder, "--as-of", "2024-03-14", PINCH_MAX_AGE="14")[0] == 0
    assert score(folder, "--as-of", "2024-03-14", PINCH_MAX_AGE="13")[0] == 1


def test_a_date_before_the_book_begins_is_refused(folder):
    code, facts = score(folder, "--as-of", "2023-06-01", "--stale-ok")
    assert (code, facts["error"]) == (1, "EvidenceError")
    assert facts["found"] == "a book that begins on 2024-01-01"


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2023-06-01", "a book that begins on 2024-01-01"),
        ("2024-03-01", "data until 2024-02-29"),
    ],
)
def test_evaluating_a_date_outside_the_data_says_where_they_are(folder, day, found):
    result = CliRunner().invoke(
        pinch.app, ["evaluate", str(folder), "--as-of", day, "--json"]
    )
    facts = json.loads(result.stdout)
    assert (result.exit_code, facts["error"], facts["found"]) == (
        1,
        "EvidenceError",
        found,
    )
