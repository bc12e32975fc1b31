"""What became of a night: only once it can be known, of those that are still in the book."""

import pandas as pd
import pytest

from features.engine import instant
from training.evaluation.realised import realised
from training.past.observed import observe

NIGHT = instant(pd.Timestamp("2026-01-01").date())
RISKS = {"a": 0.8, "b": 0.4, "c": 0.2, "d": 0.1, "gone": 0.5}


@pytest.fixture
def observed(make_book):
    """Of four accounts a left after 20 days, which was known 10 days later, and c after 50; the data end after 90."""
    days = pd.date_range("2025-06-01", "2026-04-01", freq="7D").strftime("%Y-%m-%d")
    left = [("a", "2026-01-21", "2026-01-31"), ("c", "2026-02-20", "2026-02-20")]

    def at(until):
        book = make_book(
            accounts=[{"account_id": a, "opened_at": "2025-06-01"} for a in "abcd"],
            interactions=[
                {"account_id": a, "occurred_at": day, "kind": "visit"}
                for a in "abcd"
                for day in days
            ],
            departures=[
                {"account_id": a, "occurred_at": on, "known_at": known}
                for a, on, known in left
            ],
        )
        return observe(book, instant(pd.Timestamp(until).date()))

    return at


def scores(**more):
    frame = pd.DataFrame({"account_id": list(RISKS), "tier": "other"})
    for horizon in (14, 30, 60, 90, 180):
        frame[f"risk_{horizon}d"] = list(RISKS.values())
    return frame.assign(gain=[5.0, 4.0, 3.0, 2.0, 1.0], at_stake=0.1, **more)


def test_a_horizon_that_is_over_is_told_and_no_other(observed):
    at = observed("2026-03-15")
    told = realised(at, scores(), NIGHT, (30, 60, 90), 2, 0.0)
    assert [one.horizon for one in told] == [30, 60]
    month, two = told
    # a and b of four are on the list; risks sum to 1.5, with the variance .16 + .24 + .16 + .09 = .65.
    assert (month.accounts, month.left, month.expected.mean) == (4, 1, 1.5)
    assert (month.expected.low, month.expected.high) == (0.2, 2.8)
    assert month.as_expected
    assert (month.auc, month.lift_of_list) == (1.0, 2.0)
    # c left as well: of the pairs a-b, a-d, c-b, c-d only c-b is the wrong way round.
    assert (two.left, two.auc, two.lift_of_list) == (2, 0.75, 1.0)


def test_what_was_not_known_yet_is_not_told(observed):
    assert realised(observed("2026-01-30"), scores(), NIGHT, (30, 60), 2, 0.0) == []


def test_nobody_left_is_told_too(observed):
    (told,) = realised(observed("2026-01-20"), scores(), NIGHT, (14,), 2, 0.0)
    assert (told.left, told.auc, told.lift_of_list) == (0, None, None)
    assert not told.facts()["as_expected"]  # 1.5 of four were expected, .2 at the least
