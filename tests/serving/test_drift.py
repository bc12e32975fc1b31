"""Drift: each kind that is planted on the last day is named the first night, and a usual night is quiet."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pandas as pd
import pytest

from features.engine import instant
from features.feeds.contents import contents, summed
from models.fitted.distribution import distribution_of
from models.fitted.reference import Reference
from serving.monitoring.drift import drift

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAYS, TRAINED = 120, 90
NIGHT = instant((FIRST + timedelta(days=DAYS)).date())
"""The night after the last day, 2026-05-04."""
LAST = DAYS - 1
ACCOUNTS = pd.DataFrame(
    {
        "account_id": [f"a{number:02}" for number in range(60)],
        "opened_at": "2025-01-01",
        "market": ["north"] * 20 + ["south"] * 40,
        "employees": [float(number % 10) for number in range(60)],
    }
)


def rows(a_day, **columns):
    """Rows on each day, the day in ``day``, with the values of each column in turn."""
    number = range(DAYS * a_day)
    told = pd.DataFrame({"day": [one // a_day for one in number]})
    for name, values in columns.items():
        told[name] = [values[one % len(values)] for one in number]
    told["account_id"] = [f"a{one % 60:02}" for one in number]
    told["occurred_at"] = [
        FIRST + timedelta(days=one // a_day, minutes=one % a_day) for one in number
    ]
    return told


def usual_tables():
    return {name: table.copy() for name, table in _usual().items()}


@cache
def _usual():
    purchases = rows(30, kind=["purchase"], value=[100.0, 120, 140], rep_id=["r", "s"])
    visits = rows(20, kind=["visit"], rep_id=["r"])
    scores = [9.0, 3, 7, 10, 6, 8, 4]
    return {
        "accounts": ACCOUNTS,
        "interactions": pd.concat([purchases, visits], ignore_index=True),
        "surveys": rows(14, item=["recommend"], score=scores),
    }


@pytest.fixture(scope="module")
def trained_rows(tmp_path_factory):
    from conftest import write_book

    from features.book.book import open_book

    tables = usual_tables()
    folder = write_book(tmp_path_factory.mktemp("usual"), **tables)
    with open_book(folder) as book:
        at_end = instant((FIRST + timedelta(days=TRAINED)).date())
        held = summed(contents(book, at_end))
    return tuple(held.to_dict("records"))


@pytest.fixture
def told(make_book, trained_rows):
    """The findings of the night of some tables, against the usual ones."""

    def told(**tables):
        accounts = tables.get("accounts", ACCOUNTS)
        planted = {**usual_tables(), **tables}
        book = make_book(**planted)
        facts = ["market", "employees"]
        columns = {name: distribution_of(ACCOUNTS[name]) for name in facts}
        reference = Reference(NIGHT, columns, {}, trained_rows)
        found = drift(book, NIGHT, reference.tally(accounts), reference)
        return {finding.kind: finding.sentence for finding in found.findings}

    return told


def last(table, **values):
    """A usual table with other values on the last day."""
    changed = usual_tables()[table]
    for name, value in values.items():
        on_last = changed["day"] == LAST
        changed.loc[on_last, name] = (
            value(changed.loc[on_last]) if callable(value) else value
        )
    return changed


def test_a_usual_night_is_quiet(told):
    assert told() == {}


def test_a_feed_that_stops(told):
    rows = usual_tables()["interactions"]
    stopped = rows[~((rows["kind"] == "visit") & (rows["day"] == LAST))]
    assert told(interactions=stopped) == {
        "stopped": "no interactions of kind visit since 2026-05-03 (usually 20 a day): the feed may have stopped"
    }


def test_a_kind_that_is_renamed(told):
    renamed = last("interactions", kind=lambda its: its["kind"].replace("visit", "mtg"))
    assert told(interactions=renamed) == {
        "renamed": "kind visit is gone since 2026-05-03 and kind mtg is new since 2026-05-04: renamed?"
    }


def test_a_kind_that_is_renamed_in_all_of_the_export(told):
    rows = usual_tables()["interactions"].replace({"kind": {"visit": "mtg"}})
    assert told(interactions=rows) == {
        "renamed": "kind visit is gone and kind mtg is new since 2026-01-05: renamed?"
    }


@pytest.mark.slow
def test_a_kind_that_is_left_out_of_the_export(told):
    rows = usual_tables()["interactions"]
    found = told(interactions=rows[rows["kind"] != "visit"])
    assert found == {
        "gone": "no interactions of kind visit in half a year, in training 8.6 a day: left out of the export?"
    }


def test_a_scale_that_changes_is_seen_in_what_is_set_aside(told):
    assert told(surveys=last("surveys", score=lambda its: its["score"] * 10)) == {
        "stopped": "no surveys of item recommend since 2026-05-03 (usually 14 a day): the feed may have stopped",
        "scale": "survey item recommend: was 0 to 10, and 14 scores of the last day are 30 to 100 and were set aside: "
        "asked on another scale?",
    }


def test_a_scale_that_shrinks_is_seen_in_the_scores(told):
    assert told(surveys=last("surveys", score=lambda its: its["score"] / 2)) == {
        "scale": "surveys, item recommend: was 3 to 10 of 10, is 1.5 to 5 in the last day: asked on another scale?"
    }


def test_amounts_in_cents(told):
    assert told(
        interactions=last("interactions", value=lambda its: its.value * 100)
    ) == {
        "amount": "interactions, kind purchase: a typical value is 11,887.84 in the last day, usually 118.88 "
        "(100 times as much: in cents?)"
    }


def test_a_column_that_is_emptied(told):
    assert told(interactions=last("interactions", rep_id=None)) == {
        "emptied": "interactions: rep_id is empty in all 50 rows in the last day of kind purchase, visit; "
        "usually 100% are filled"
    }


def test_a_fact_that_is_emptied(told):
    assert told(accounts=ACCOUNTS.assign(market=None)) == {
        "emptied": "accounts: market is empty for all 60, usually 100% are filled"
    }


def test_a_market_that_vanishes(told):
    south = ACCOUNTS.replace({"market": {"north": "nord"}})
    assert told(accounts=south) == {
        "vanished": "market north vanished: it had 20 accounts in training, and has none; 20 have a value that was not "
        "there"
    }


@pytest.mark.slow
def test_accounts_that_are_there_twice(told):
    again = ACCOUNTS.assign(account_id="b" + ACCOUNTS["account_id"])
    assert told(accounts=pd.concat([ACCOUNTS, again])) == {
        "accounts": "120 accounts are scored, and 60 were at the end of the training: are some there twice, or left "
        "out?"
    }


def test_a_column_that_is_spread_otherwise(told):
    assert told(accounts=ACCOUNTS.assign(employees=5.0)) == {
        "drifted": "employees is spread otherwise than in training (index 6.14, limit 1.25): 4 to 5 for 100%, usually "
        "for 10%"
    }


@pytest.mark.slow
def test_what_moves_by_itself_may_move_as_far(make_book, trained_rows):
    book = make_book(**usual_tables())
    columns = {"employees": distribution_of(ACCOUNTS["employees"])}
    reference = Reference(NIGHT, columns, {"employees": 6.0}, trained_rows)
    tally = reference.tally(ACCOUNTS.assign(employees=5.0))
    assert drift(book, NIGHT, tally, reference).findings == ()


def test_without_a_reference_rows_are_looked_at_alone(make_book):
    tables = {**usual_tables(), "interactions": last("interactions", rep_id=None)}
    book = make_book(**tables)
    found = drift(book, NIGHT, {}, None)
    assert [finding.kind for finding in found.findings] == ["emptied"]
    assert found.columns == ()
