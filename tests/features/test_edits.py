"""Edits of the log: unedited records measure as the book does; a rep leaves; a competitor enters; who carries whom."""

import pandas as pd
import pytest
from histories import AS_OF, ago

from features.edits.carried import carried
from features.edits.events import CompetitorEnters, RepLeaves
from features.edits.records import records_of
from features.edits.rows import new_matter, with_interactions, without
from features.engine import MICROS_PER_DAY, instant
from features.snapshot.cohort import choose_cohort
from features.snapshot.frame import snapshot

NOW = instant(AS_OF)


def before(days):
    """A moment some days before the as-of date, in microseconds since 1970."""
    return NOW - days * MICROS_PER_DAY


def event(account, days, kind="answer", rep=None, **rest):
    """An interaction some days before the as-of date."""
    when = {"account_id": account, "occurred_at": ago(days), "kind": kind}
    return {**when, "rep_id": rep, **rest}


@pytest.fixture
def book(make_book):
    """Ann carries a, and took one contact of b in four; Bob carries b; Cy, who has left, once carried c."""
    return make_book(
        accounts=[
            {"account_id": name, "opened_at": "2020-01-01", "market": market}
            for name, market in (("a", "north"), ("b", "south"), ("c", "north"))
        ],
        interactions=[
            *(event(name, 95, "visit") for name in ("a", "b", "c")),
            *(event("a", days, rep="ann") for days in (40, 30)),
            event("a", 20, "complaint", matter_id="m"),
            *(event("b", days, rep="bob") for days in (30, 20, 10)),
            event("b", 5, rep="ann"),
            *(event("c", days, rep="cy") for days in (90, 80, 70)),
            event("c", 40, "handover", rep="bob"),
        ],
        reps=[
            {"rep_id": "ann", "hired_at": ago(900), "left_at": None},
            {"rep_id": "bob", "hired_at": ago(400), "left_at": None},
            {"rep_id": "cy", "hired_at": ago(400), "left_at": ago(41)},
        ],
        markets=[
            {
                "market": "north",
                "occurred_at": ago(50),
                "kind": "competitor_entered",
            }
        ],
    )


def test_records_that_nobody_edited_measure_as_the_book_does(sample_book):
    as_of = sample_book.end
    expected = snapshot(sample_book, [as_of])
    records = records_of(sample_book, expected["account_id"], as_of)
    pd.testing.assert_frame_equal(records.snapshot(as_of), expected)


def test_some_accounts_measure_as_they_do_among_all(sample_book):
    as_of = sample_book.end
    some = snapshot(sample_book, [as_of]).iloc[[3, 50, 90]].reset_index(drop=True)
    found = records_of(sample_book, some["account_id"], as_of).snapshot(as_of)
    pd.testing.assert_frame_equal(found, some)


def test_an_account_is_carried_by_the_rep_still_here_with_most_contact(book):
    choose_cohort(book, [NOW])
    found = carried(book).set_index("account_id")
    assert found["rep_id"].to_dict() == {"a": "ann", "b": "bob", "c": "bob"}
    assert found["known"].round(6).to_dict() == {
        "a": round(40 / 365, 6),
        "b": round(30 / 365, 6),
        "c": round(40 / 365, 6),
    }
    assert found["share"].to_dict() == {"a": 1.0, "b": 0.75, "c": 0.25}


def test_before_a_rep_left_the_rep_carried(book):
    choose_cohort(book, [before(41) - 1])
    found = carried(book).set_index("account_id")
    assert found.loc["c", ["rep_id", "share"]].tolist() == ["cy", 1.0]


def test_a_rep_leaves_the_accounts_to_a_beginner(book):
    records = records_of(book, ["a", "b"], NOW)
    edited = RepLeaves("ann", NOW, ("a",))(records).snapshot(NOW)
    told = edited.set_index("account_id")
    assert told.loc["a", "days_since_main_rep_left"] == 0
    assert told.loc["a", "rep_tenure"] == 0  # the successor is hired on that day
    assert told["handovers_180d"].tolist() == [1, 0]
    assert told.loc["b", "days_since_rep_left"] == 0  # Ann helped out there
    assert told.loc["b", "main_rep_share_365d"] == 0.75


def test_a_rep_leaves_the_accounts_to_a_colleague(book):
    records = records_of(book, ["a"], NOW)
    edited = RepLeaves("ann", NOW, ("a",), "bob")(records).snapshot(NOW)
    assert edited["rep_tenure"].tolist() == [400]


def test_contacts_of_the_rep_stop(book):
    records = records_of(book, ["b"], NOW)
    then = before(15)
    edited = RepLeaves("bob", then, ("b",), "ann")(records).snapshot(NOW)
    # Bob's last contact, 10 days ago, is not; Ann has one contact and the handover, Bob two.
    assert edited["reps_365d"].tolist() == [2]
    assert edited["main_rep_share_365d"].tolist() == [0.5]


def test_a_rep_without_a_row_of_its_own_can_leave(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
        interactions=[event("a", 30, rep="ann")],
    )
    records = records_of(book, ["a"], NOW)
    edited = RepLeaves("ann", NOW, ("a",))(records).snapshot(NOW)
    assert edited["days_since_rep_left"].tolist() == [0]


def test_a_competitor_enters_one_market(book):
    records = records_of(book, ["a", "b"], NOW)
    edited = CompetitorEnters("south", NOW)(records).snapshot(NOW)
    assert edited["days_since_competitor"].tolist() == [50, 0]
    assert edited["competitors_entered_365d"].tolist() == [1, 1]


def test_rows_are_put_in_and_taken_out(book):
    records = records_of(book, ["a"], NOW)
    matter = records.tables["interactions"]["matter_id"].max()
    assert new_matter(records) == matter + 1
    fixed = with_interactions(
        records,
        [
            {
                "account_id": "a",
                "occurred_us": before(1),
                "kind": "resolution",
                "matter_id": matter,
            }
        ],
    )
    assert records.snapshot(NOW)["waiting_180d"].tolist() == [1]
    assert fixed.snapshot(NOW)["waiting_180d"].tolist() == [0]
    back = without(
        fixed, "interactions", fixed.tables["interactions"]["kind"] == "resolution"
    )
    pd.testing.assert_frame_equal(back.snapshot(NOW), records.snapshot(NOW))


def test_what_is_put_in_is_known_only_as_it_happens(book):
    records = records_of(book, ["a", "b", "c"], NOW)
    later = NOW + 1
    edited = CompetitorEnters("north", later)(RepLeaves("ann", later, ("a",))(records))
    pd.testing.assert_frame_equal(edited.snapshot(NOW), records.snapshot(NOW))
