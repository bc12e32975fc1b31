"""Who was reached from a list soon after an as-of date: a mark on what is learned from, which no model reads."""

from datetime import date

import pandas as pd
import pytest

from features.engine import instant
from training.past.labels import contacted
from training.past.observed import observe
from training.past.training_set import training_set

DAY = instant(date(2026, 3, 1))


@pytest.fixture
def book(make_book):
    """Accounts of which a was reached before, b the day after, c 30 days after, and d known only in June."""
    came = [
        ("a", "2026-03-01", "reached", None),
        ("b", "2026-03-02", "saved", None),
        ("c", "2026-03-31", "reached", None),
        ("d", "2026-03-02", "reached", "2026-06-01"),
        ("e", "2026-03-02", "lost", None),
    ]
    columns = ("account_id", "occurred_at", "outcome", "known_at")
    return make_book(
        accounts=[{"account_id": n, "opened_at": "2025-01-01"} for n in "abcde"],
        interactions=[
            {"account_id": name, "occurred_at": day, "kind": "visit"}
            for name in "abcde"
            for day in ("2025-12-01", "2026-02-20", "2026-05-30")
        ],
        departures=[{"account_id": "e", "occurred_at": "2026-05-31"}],
        outcomes=[dict(zip(columns, row, strict=True)) for row in came],
    )


@pytest.mark.parametrize(
    ("days", "until", "expected"),
    [(30, "2026-05-01", "bc"), (29, "2026-05-01", "b"), (30, "2026-06-02", "bcd")],
)
def test_contacts_after_the_date_and_known_by_the_end_count(
    book, days, until, expected
):
    cohort = pd.DataFrame({"account_id": list("abcde"), "as_of_us": DAY})
    observed = observe(book, instant(date.fromisoformat(until)))
    reached = contacted(observed, cohort, days)
    assert "".join(cohort["account_id"][reached == 1]) == expected


def test_rows_of_a_training_keep_the_mark(book):
    data = training_set(observe(book, instant(date(2026, 5, 1))), [DAY], [30])
    of = dict(zip(data.frame["account_id"], data.contacted, strict=True))
    assert of == {"a": 0.0, "b": 1.0, "c": 1.0, "d": 0.0, "e": 0.0}
    some = data.rows(data.frame["account_id"] == "b")
    assert some.contacted.tolist() == [1.0]
