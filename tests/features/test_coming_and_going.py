"""What a user is told of accounts whose dates do not fit, and of those that are not scored."""

import json
from datetime import datetime

import pandas as pd
import pytest
from conftest import write_book
from typer.testing import CliRunner

import pinch
from features.book.coming_and_going import oddities
from features.calendar.unscored import find_unscored
from features.engine import instant


def account(name, opened_at="2024-01-01", **facts):
    return {"account_id": name, "opened_at": opened_at, **facts}


def event(name, occurred_at, kind="visit"):
    return {"account_id": name, "occurred_at": occurred_at, "kind": kind}


def told(book):
    return {
        oddity.name: (oddity.rows, oddity.accounts, oddity.first)
        for oddity in oddities(book)
    }


def test_a_book_whose_dates_fit_says_nothing(make_book):
    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[event("a", "2024-01-01"), event("b", "2024-03-01", "return")],
        departures=[{"account_id": "b", "occurred_at": "2024-02-01"}],
    )
    assert oddities(book) == []


def test_what_is_dated_before_the_opening_is_kept_and_told(make_book):
    book = make_book(
        accounts=[account("a"), account("b"), account("c")],
        interactions=[
            event("a", "2023-12-31"),
            event("a", "2023-12-30"),
            event("b", "2024-01-01"),
            event("c", "2023-06-01"),
        ],
        surveys=[
            {
                "account_id": "b",
                "occurred_at": "2023-12-31",
                "item": "product",
                "score": 5.0,
            }
        ],
        departures=[{"account_id": "c", "occurred_at": "2021-06-01"}],
    )
    assert told(book) == {
        "departures_before_opening": (1, 1, ("c",)),
        "interactions_before_opening": (3, 2, ("a", "c")),
        "surveys_before_opening": (1, 1, ("b",)),
    }
    assert (book.rows["interactions"], len(book.quarantine)) == (4, 0)


def test_accounts_seen_again_are_counted_and_ten_are_named(make_book):
    names = [f"a{number:02d}" for number in range(12)]
    book = make_book(
        accounts=[account(name) for name in names],
        interactions=[
            row
            for name in names
            for row in (event(name, "2024-07-01"), event(name, "2024-08-01"))
        ],
        departures=[
            {"account_id": name, "occurred_at": "2024-02-01"} for name in names
        ],
    )
    assert told(book) == {"seen_again": (12, 12, tuple(names[:10]))}
    (oddity,) = oddities(book)
    assert "a09 and 2 more" in oddity.sentence
    assert "more than 60 days later" in oddity.sentence


def test_rows_that_give_an_id_other_facts_are_told(make_book):
    book = make_book(
        accounts=[
            *(
                account("a", plan="pro"),
                account("a", plan="free"),
                account("a", "2023-01-01", plan="old"),
            ),
            *(
                account("b", plan="pro"),
                account("b", plan="pro"),
                account("c", plan="pro"),
            ),
        ],
        interactions=[event("a", "2024-02-01")],
    )
    assert told(book) == {"ids_with_other_facts": (2, 1, ("a",))}
    assert book.ask("select plan from accounts where account_id = 'a'") == [("old",)]


AS_OF = instant(datetime.fromisoformat("2024-06-01"))


def test_with_departures_accounts_are_not_scored_before_they_open_and_after_they_left(
    make_book,
):
    book = make_book(
        accounts=[
            account("a"),
            account("b"),
            account("c", "2024-06-02"),
            account("quiet"),
        ],
        interactions=[event("a", "2024-02-01")],
        departures=[{"account_id": "b", "occurred_at": "2024-05-01"}],
    )
    found = find_unscored(book, AS_OF)
    assert (dict(found.counts), found.unheard) == ({"left": 1, "not opened yet": 1}, ())
    assert found.sentence == "Not scored: 1 left, 1 not opened yet"


def test_without_departures_accounts_that_were_never_heard_from_are_named(make_book):
    book = make_book(
        accounts=[
            account("a"),
            account("b"),
            account("c", "2024-06-02"),
            account("d"),
            account("later"),
        ],
        interactions=[
            event("a", "2024-02-01"),
            event("b", "2024-02-01", "outreach"),
            event("later", "2024-06-02"),
        ],
    )
    found = find_unscored(book, AS_OF)
    assert (dict(found.counts), found.unheard) == (
        {"never heard from": 3, "not opened yet": 1},
        ("b", "d", "later"),
    )


def test_where_all_are_scored_nothing_is_said(make_book):
    book = make_book(accounts=[account("a")], interactions=[event("a", "2024-02-01")])
    assert find_unscored(book, AS_OF).sentence is None


@pytest.fixture
def folder(tmp_path):
    """A book without departures: of 15 accounts 12 were never heard from, and one opens after its end."""
    names = [f"a{number:02d}" for number in range(14)]
    return write_book(
        tmp_path / "book",
        accounts=[*map(account, names), account("new", "2024-05-01")],
        interactions=[
            event(name, day.isoformat())
            for name in names[:2]
            for day in pd.date_range("2024-01-05", periods=90)
        ],
    )


def run(*arguments):
    result = CliRunner().invoke(pinch.app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_night_says_how_many_are_not_scored_and_why(folder, tmp_path):
    asked = ("score", folder, "--rules", "--out", tmp_path / "night")
    facts = json.loads(run(*asked, "--json"))
    assert facts["accounts"] == 2
    assert facts["not_scored"]["accounts"] == {
        "never heard from": 12,
        "not opened yet": 1,
    }
    assert facts["not_scored"]["never_heard_from"] == [
        f"a{number:02d}" for number in range(2, 14)
    ]
    said = " ".join(run(*asked).split())
    assert "Not scored: 12 never heard from, 1 not opened yet." in said
    assert "a11 and 2 more." in said


def test_check_tells_what_does_not_fit(folder):
    facts = json.loads(run("check", folder, "--json"))
    assert facts["oddities"] == []
    write_book(folder, departures=[{"account_id": "a00", "occurred_at": "2023-02-01"}])
    (before,) = json.loads(run("check", folder, "--json"))["oddities"]
    assert (before["name"], before["accounts"], before["first"]) == (
        "departures_before_opening",
        1,
        ["a00"],
    )
    assert before["sentence"].startswith(
        "1 departures are dated before the day their account opened"
    )
    assert "departures are dated before" in " ".join(run("check", folder).split())


def test_a_date_at_which_nobody_can_be_scored_says_why(make_book):
    from serving.night.without_models import rule_night

    book = make_book(
        accounts=[account("a"), account("b")],
        interactions=[event("a", "2024-02-01", "outreach")],
    )
    with pytest.raises(
        Exception, match="found no account; not scored: 2 never heard from"
    ):
        rule_night(book, AS_OF)
