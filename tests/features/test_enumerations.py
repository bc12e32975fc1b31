"""Enumerations: ids and names that read as texts and are numbers, and rows in the order in which they are measured."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.cleaning.enumerations import (
    NAMES,
    number_accounts,
    number_names,
    numbered_sql,
)
from features.cleaning.repeats import tied_sql
from features.engine import connect

COLUMNS = [
    "account_id",
    "kind",
    "occurred_us",
    "kind_code",
    "sign_of_life",
    "rep_id",
    "channel",
    "matter_id",
]


def kept(accounts, rows):
    """What is kept of rows of account, kind, moment, rep, channel and matter."""
    connection = connect()
    connection.register("accounts", pd.DataFrame({"account_id": accounts}))
    frame = pd.DataFrame(
        rows,
        columns=["account_id", "kind", "occurred_us", "rep_id", "channel", "matter_id"],
    )
    connection.register(
        "clean",
        frame.astype({"occurred_us": "int64"}).astype(
            {"rep_id": "str", "matter_id": "str"}
        ),
    )
    number_accounts(connection)
    number_names(
        connection,
        "interactions",
        [frame[name].dropna().tolist() for name in NAMES["interactions"]],
    )
    connection.execute(
        f"create table interactions as {numbered_sql('interactions', 'from clean', COLUMNS)}"
    )
    return connection


ROWS = [
    ("b", "visit", 3, "r2", "web", "m"),
    ("a", "seance", 5, "r1", None, None),
    ("b", "complaint", 1, None, "app", "n"),
    ("b", "visit", 2, "r1", "web", "m"),
]


def test_ids_and_names_read_as_texts_in_order_of_account_and_moment():
    query = "select account_id, kind, occurred_us, rep_id, channel from interactions"
    assert kept(["b", "a", "c"], ROWS).execute(query).fetchall() == [
        ("a", "seance", 5, "r1", None),
        ("b", "complaint", 1, None, "app"),
        ("b", "visit", 2, "r1", "web"),
        ("b", "visit", 3, "r2", "web"),
    ]


def test_names_are_numbered_in_their_own_order_and_accounts_too():
    connection = kept(["b", "a", "c"], ROWS)
    query = "select enum_code(account_id), enum_code(rep_id), enum_code(channel) from interactions"
    assert connection.execute(query).fetchall() == [
        (0, 0, None),
        (1, None, 0),
        (1, 0, 1),
        (1, 1, 1),
    ]
    numbers = connection.execute(
        "select account_id, number from numbered_accounts order by number"
    ).fetchall()
    assert numbers == [("a", 0), ("b", 1), ("c", 2)]


def test_what_a_kind_counts_as_is_looked_up_and_an_unknown_one_counts_as_other():
    kept_rows = kept(["a", "b"], ROWS)
    query = "select kind_code, sign_of_life from interactions"
    assert kept_rows.execute(query).fetchall() == [
        (0, False),
        (12, True),
        (2, True),
        (2, True),
    ]


def test_of_a_matter_a_hash_is_kept_the_same_for_the_same_matter():
    found = (
        kept(["a", "b"], ROWS).execute("select matter_id from interactions").fetchall()
    )
    none, n, m, again = (row[0] for row in found)
    assert none is None
    assert m == again != n


@pytest.mark.parametrize(
    ("moments", "tied"), [([1, 2, 3], 0), ([1, 1, 3], 1), ([2, 2, 2], 2)]
)
def test_rows_of_an_account_at_one_moment_are_tied(moments, tied):
    rows = [("a", "visit", moment, None, None, None) for moment in moments]
    rows.append(
        ("b", "visit", moments[-1], None, None, None)
    )  # of another account: no tie
    assert kept(["a", "b"], rows).execute(tied_sql("interactions")).fetchall() == [
        (tied,)
    ]


def test_a_purchase_below_zero_is_a_cancellation_though_no_row_names_one(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {
                "account_id": "a",
                "occurred_at": "2024-02-01",
                "kind": "purchase",
                "value": -5.0,
            }
        ],
    )
    assert book.ask(
        "select kind, kind_code, sign_of_life, value from interactions"
    ) == [("cancellation", 4, False, 5.0)]


ROW = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(["visit", "use", "seance"]),
    st.integers(-5, 5),
    st.sampled_from([None, "r", "s"]),
    st.sampled_from([None, "web"]),
    st.sampled_from([None, "m"]),
)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=9))
def test_every_row_is_kept_once_and_in_order(rows):
    query = "select account_id, kind, occurred_us, rep_id, channel from interactions"
    found = kept(["a", "b"], rows).execute(query).fetchall()
    assert sorted(found, key=str) == sorted((row[:5] for row in rows), key=str)
    assert [row[0::2][:2] for row in found] == sorted(row[0::2][:2] for row in found)
