"""What came of lists: contacts among the interactions, who rests, and the last outcome of each account."""

from datetime import date

import pandas as pd
import pytest

from features.book.outcomes import Outcome, last_outcomes, resting
from features.engine import instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from serving.night.histories import history_writers

NIGHT = instant(date(2026, 6, 1))
ACCOUNTS = [{"account_id": name, "opened_at": "2025-01-01"} for name in "abc"]
VISITS = [
    {"account_id": name, "occurred_at": "2026-05-30", "kind": "visit"} for name in "abc"
]
TOLD = ("list_contacts_180d", "days_since_list_contact", "outreaches_180d")


def came(account, day, outcome, **rest):
    return {"account_id": account, "occurred_at": day, "outcome": outcome, **rest}


@pytest.fixture
def book_of(make_book):
    def book(*outcomes, **tables):
        return make_book(
            **{"accounts": ACCOUNTS, "interactions": VISITS, **tables},
            outcomes=list(outcomes),
        )

    return book


def told(book, as_of=NIGHT):
    frame = snapshot(book, [as_of], {name: FEATURES[name] for name in TOLD})
    return frame.set_index("account_id")[list(TOLD)].T.to_dict("list")


def test_reached_and_saved_are_contacts_and_no_outreach_lost_and_snoozed_are_none(
    book_of,
):
    book = book_of(
        came("a", "2026-05-22", "reached"),
        came("a", "2026-05-12", "saved"),
        came("b", "2026-05-22", "lost"),
        came("b", "2026-05-23", "snoozed", until="2026-07-01"),
    )
    found = told(book)
    assert found["a"] == [2.0, 10.0, 0.0]
    assert found["b"][0] == found["c"][0] == 0.0


def test_a_contact_is_seen_from_when_it_was_known_on(book_of):
    late = came("a", "2026-05-22", "reached", known_at="2026-06-01T00:00:01")
    book = book_of(late)
    assert told(book)["a"][0] == 0.0
    assert told(book, instant(date(2026, 6, 2)))["a"][0] == 1.0


def test_a_contact_is_no_sign_of_life_and_no_end_of_the_data(book_of):
    book = book_of(came("a", "2026-11-01", "reached"))
    assert book.recorded.last_day == date(2026, 5, 30)
    assert book.recorded.beyond == 0
    assert book.has("interactions") and book.rows["interactions"] == 3


def test_the_contact_of_a_merged_account_counts_for_the_one_that_stayed(book_of):
    merged = {"from_id": "b", "into_id": "a", "known_at": "2026-05-25"}
    book = book_of(came("b", "2026-05-22", "reached"), merges=[merged])
    assert told(book)["a"][:1] == [1.0]


def test_who_is_snoozed_rests_until_that_day_and_by_the_newest_word(book_of):
    book = book_of(
        came("a", "2026-05-01", "snoozed", until="2026-06-02"),
        came("b", "2026-05-01", "snoozed", until="2026-06-01"),
        came("c", "2026-05-01", "snoozed", until="2026-07-01"),
        came("c", "2026-05-02", "snoozed", until="2026-05-20"),
    )
    assert resting(book, NIGHT) == {"a"}
    assert resting(book, instant(date(2026, 5, 19))) == {"a", "b", "c"}


def test_nobody_rests_by_what_became_known_later_where_a_past_date_is_asked_for(
    book_of,
):
    book = book_of(
        came("a", "2026-05-31", "snoozed", until="2026-07-01", known_at="2026-06-03")
    )
    assert resting(book, NIGHT, known_by=NIGHT) == set()
    assert resting(book, NIGHT) == {"a"}


def test_another_outcome_does_not_end_a_rest_that_was_promised(book_of):
    book = book_of(
        came("a", "2026-05-01", "snoozed", until="2026-07-01"),
        came("a", "2026-05-10", "reached"),
    )
    assert resting(book, NIGHT) == {"a"}


def test_the_last_outcome_of_each_account_is_told_with_who_and_which_list(book_of):
    book = book_of(
        came("a", "2026-05-01", "reached", by="Ann", note="busy", list="2026-04-30"),
        came("a", "2026-05-10", "saved", by="Bob"),
        came("b", "2026-05-02", "reached", by="Ann", list="2026-05-01"),
    )
    days = {day: instant(date(2026, 5, day)) for day in (1, 2, 10)}
    assert last_outcomes(book) == {
        "a": Outcome("a", days[10], "saved", None, "Bob"),
        "b": Outcome("b", days[2], "reached", None, "Ann", days[1]),
    }
    assert last_outcomes(book, days[1])["a"].note == "busy"


def test_of_one_outcome_id_the_latest_known_stays(book_of):
    book = book_of(
        came("a", "2026-05-01", "lost", outcome_id="o1"),
        came("a", "2026-05-01", "saved", outcome_id="o1", known_at="2026-05-03"),
        max_bad_share=1.0,
    )
    assert last_outcomes(book)["a"].outcome == "saved"
    assert told(book)["a"][0] == 1.0


def test_a_word_of_ones_own_is_told_and_a_row_without_one_is_set_aside(book_of):
    book = book_of(
        came("a", "2026-05-01", "Reached"),
        came("nobody", "2026-05-01", "reached"),
        max_bad_share=1.0,
    )
    (unknown,) = book.unknown
    assert (unknown.names, unknown.near) == ({"Reached": 1}, {"Reached": "reached"})
    assert book.quarantine[["table", "field"]].values.tolist() == [
        ["outcomes", "account_id"]
    ]
    assert told(book)["a"][0] == 0.0


def test_histories_beside_a_night_hold_the_contacts(book_of, tmp_path):
    book = book_of(came("a", "2026-05-22", "reached", outcome_id="o1"))
    history_writers(book, NIGHT)["histories/interactions.parquet"](tmp_path / "kept")
    kept = pd.read_parquet(tmp_path / "kept")
    contacts = kept[kept["kind"] == "list_contact"]
    assert contacts[["account_id", "interaction_id"]].values.tolist() == [
        ["a", "outcome:o1"]
    ]
    assert len(kept) == 4
