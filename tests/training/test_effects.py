"""The event study on a book written out by hand: who was met, who stands beside them, and what was expected."""

import numpy as np
import pandas as pd
import pytest

from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES
from training.effects.exposure import exposed
from training.effects.matching import expected, prognosis
from training.effects.study import evidence_of, follow
from training.past.observed import observe

START = pd.Timestamp("2024-01-01")


def at(day):
    """A moment some days after the beginning of the records."""
    return (START + pd.Timedelta(days=day)).isoformat()


def contact(account, day, rep):
    """A question that a rep answers at once."""
    when = {"account_id": account, "occurred_at": at(day), "rep_id": rep}
    return {**when, "kind": "question"}


@pytest.fixture
def book(make_book):
    """Ann carries a0 to a9 and leaves on day 400, as half of these do by day 500; Bob carries b0 to b19, Cy c0.

    Cy leaves on day 450, too near for c0 to stand beside Ann's accounts. On day 700 the records end.
    """
    ours = {f"a{n}": "ann" for n in range(10)} | {f"b{n}": "bob" for n in range(20)}
    reps = {**ours, "c0": "cy"}
    gone = [f"a{n}" for n in range(5)] + ["b0", "b1"]
    return make_book(
        accounts=[
            {
                "account_id": name,
                "opened_at": at(-100),
                "market": "north" if rep == "ann" else "south",
            }
            for name, rep in reps.items()
        ],
        interactions=[
            contact(name, day, rep)
            for name, rep in reps.items()
            for day in range(0, 380 if name in gone else 700, 30)
        ],
        departures=[
            {"account_id": name, "occurred_at": at(480), "reason": "friend"}
            for name in gone
        ],
        reps=[
            {"rep_id": "ann", "hired_at": at(-100), "left_at": at(400)},
            {"rep_id": "bob", "hired_at": at(-100), "left_at": None},
            {"rep_id": "cy", "hired_at": at(-100), "left_at": at(450)},
        ],
        markets=[
            {"market": "north", "occurred_at": at(400), "kind": "competitor_entered"}
        ],
    )


def test_those_met_stand_beside_those_that_no_event_met(book):
    rows = exposed(observe(book), REP_LEAVES)
    first = rows[rows["event"] == 0]
    assert sorted(first.loc[first["met"], "account_id"]) == [f"a{n}" for n in range(10)]
    beside = set(first.loc[~first["met"], "account_id"])
    assert beside == {f"b{n}" for n in range(20)}  # c0 is met within 180 days
    # The rep has all contacts; the first of the last 365 days was on day 60.
    assert first.loc[first["met"], "share"].to_numpy() == pytest.approx(340 / 365)


def test_the_event_itself_is_not_known_yet(book):
    rows = exposed(observe(book), REP_LEAVES)
    moment = pd.Timestamp(at(400)).value // 1000
    assert rows["as_of_us"].min() == moment - 1


def test_a_market_holds_its_accounts(book):
    rows = exposed(observe(book), COMPETITOR_ENTERS)
    assert set(rows.loc[rows["met"], "account_id"]) == {f"a{n}" for n in range(10)}
    assert set(rows.loc[~rows["met"], "account_id"]) == {
        "c0",
        *(f"b{n}" for n in range(20)),
    }


def test_leavers_beside_leavers_of_matched_accounts(book):
    rows = follow(observe(book), REP_LEAVES)
    ann = rows[rows["event"] == 0]
    assert len(ann) == 10
    assert ann["left"].sum() == 5
    assert 0 <= ann["expected"].sum() <= 3  # of twenty others two left


def test_evidence_until_a_date_knows_nothing_later(book):
    early = observe(book, until=pd.Timestamp(at(399)).value // 1000)
    assert evidence_of(early, REP_LEAVES).events == 0
    soon = observe(book, until=pd.Timestamp(at(470)).value // 1000)
    assert evidence_of(soon, REP_LEAVES).count().left == 0
    late = evidence_of(observe(book), REP_LEAVES)
    assert late.count(late.event == 0).left == 5


def test_the_time_before_the_events_shows_no_effect(book):
    before = evidence_of(observe(book), REP_LEAVES).before
    assert (before.left, before.expected) == (0, 0)


def test_the_expected_share_by_hand():
    """Two accounts were met; of the quadrant of each five others, of which two and none left."""
    met = pd.DataFrame({"met": [True, True], "quadrant": [0.0, 3.0]})
    others = pd.DataFrame({"met": False, "quadrant": np.repeat([0.0, 3.0], 5)})
    frame = pd.concat([met, others], ignore_index=True)
    frame = frame.assign(event=0, prognosis=0.0, dependence=0.5)
    left = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], dtype=float)
    assert expected(frame, left)[:2].tolist() == [0.4, 0.0]


def test_no_own_outcome_is_in_a_prognosis(sample_book):
    """Those that were met are scored by others alone: their outcomes may be anything."""
    rng = np.random.default_rng(3)
    frame = follow(observe(sample_book), COMPETITOR_ENTERS)
    met = np.arange(len(frame)) % 3 == 0
    left = rng.integers(0, 2, len(frame)).astype(float)
    once = prognosis(frame, left, met)
    again = prognosis(frame, np.where(met, 1.0 - left, left), met)
    assert np.array_equal(once, again)
