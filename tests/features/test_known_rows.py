"""How many rows of each table were known at a moment."""

from datetime import date

from features.book.known_rows import known_rows
from features.engine import instant
from features.vocabulary.contract import TABLES

EARLY, LATE = "2024-01-10", "2024-03-10"


def test_rows_of_every_table_count_from_when_they_were_known(make_book):
    def both(**row):
        return [
            {"account_id": "a", **row, "occurred_at": day, "known_at": day}
            for day in (EARLY, LATE)
        ]

    book = make_book(
        accounts=[
            {"account_id": "a", "opened_at": EARLY},
            {"account_id": "b", "opened_at": EARLY},
            {"account_id": "c", "opened_at": LATE},
        ],
        interactions=both(kind="visit"),
        surveys=both(item="nps", score=8, scale_min=0, scale_max=10),
        departures=both(account_id="b"),
        outcomes=both(outcome="reached"),
        markets=[
            {"market": "m", "occurred_at": day, "kind": "price_rise"}
            for day in (EARLY, LATE)
        ],
        contracts=[
            {"account_id": "a", "starts_at": day, "known_at": EARLY}
            for day in (EARLY, LATE)
        ],
        scheduled=[
            {"account_id": "a", "scheduled_at": LATE, "known_at": day}
            for day in (EARLY, LATE)
        ],
        facts=[
            {"account_id": "a", "name": "seats", "value": "3", "known_at": day}
            for day in (EARLY, LATE)
        ],
        merges=[{"from_id": "c", "into_id": "b", "known_at": LATE}],
        reps=[{"rep_id": "r", "hired_at": LATE}],
        labels=[{"account_id": "a", "name": "Ada"}],
    )
    known = known_rows(book, instant(date(2024, 2, 1)))
    assert known == {
        "accounts": 2,
        **dict.fromkeys(("interactions", "surveys", "departures"), 1),
        **dict.fromkeys(("markets", "scheduled", "facts"), 1),
        "contracts": 2,
        "merges": 0,
        "reps": 1,
        "labels": 1,
    }
    assert {*known} == {*TABLES} - {"holdout", "outcomes"}
