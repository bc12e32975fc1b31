"""Zones, each by a history that puts an account there (docs/adr/0006)."""

import pytest
from histories import AS_OF, ago

from features.engine import instant
from features.snapshot.frame import snapshot_of_pairs
from features.themes.dictionary import with_parts

RECOVERY, EXPECTATIONS, SURPRISES = 0.0, 1.0, 2.0


def event(days, kind, matter=None, minutes=None):
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        "minutes": minutes,
    }


@pytest.fixture
def zone(make_book):
    def measure(*interactions, product=None, people=None):
        scores = {"product": product, "people": people}
        rows = [
            {"item": item, "score": score}
            for item, score in scores.items()
            if score is not None
        ]
        book = make_book(
            accounts=[{"account_id": name, "opened_at": "2020-01-01"} for name in "ab"],
            interactions=[*interactions, {**event(20, "visit"), "account_id": "b"}],
            surveys=[
                {"account_id": "a", "occurred_at": ago(100), **row} for row in rows
            ]
            or [
                {
                    "account_id": "b",
                    "occurred_at": ago(100),
                    "item": "product",
                    "score": 5.0,
                }
            ],
        )
        pair = book.connection.execute(
            f"select 'a' as account_id, {instant(AS_OF)} as as_of_us"
        ).df()
        return snapshot_of_pairs(book, pair, with_parts(["zone"]))["zone"].item()

    return measure


VISIT = event(10, "visit")


def test_what_waits_for_us_to_make_good_is_recovery(zone):
    assert zone(VISIT, event(179, "failure", "f")) == RECOVERY
    assert zone(VISIT, event(30, "promise_made", "p", minutes=1440.0)) == RECOVERY
    assert (
        zone(
            VISIT,
            event(30, "failure", "f"),
            event(29, "resolution", "f"),
            event(28, "reopen", "f"),
        )
        == RECOVERY
    )
    assert zone(VISIT, event(80, "complaint", "c")) == RECOVERY
    assert zone(VISIT, event(80, "complaint"), product=2.0, people=2.0) == RECOVERY


def test_recovery_comes_before_surprises(zone):
    assert (
        zone(event(30, "failure", "f"), event(5, "surprise"), product=9.0, people=9.0)
        == RECOVERY
    )


def test_what_was_made_good_is_not_recovery_and_not_yet_time_for_surprises(zone):
    fixed = (event(30, "failure", "f"), event(29, "resolution", "f"))
    assert zone(VISIT, *fixed, product=9.0, people=9.0) == EXPECTATIONS
    settled = (event(30, "complaint", "c"), event(29, "resolution", "c"))
    assert zone(VISIT, *settled, product=9.0, people=9.0) == EXPECTATIONS


def test_exceptional_and_at_ease_is_for_surprises(zone):
    assert zone(VISIT, product=9.0, people=9.0) == SURPRISES
    assert (
        zone(VISIT, event(30, "question", "q"), product=9.0, people=9.0) == EXPECTATIONS
    )
    assert zone(VISIT, product=9.0, people=2.0) == EXPECTATIONS


def test_a_promise_not_due_yet_is_no_recovery(zone):
    assert (
        zone(VISIT, event(30, "promise_made", "p", minutes=31 * 1440.0)) == EXPECTATIONS
    )


def test_what_nobody_followed_up_for_half_a_year_no_longer_tells(zone):
    forgotten = (
        event(180, "failure", "f"),
        event(181, "promise_made", "p", minutes=1440.0),
        event(180, "question", "q"),
    )
    assert zone(VISIT, *forgotten) == EXPECTATIONS
    assert zone(VISIT, *forgotten, product=9.0, people=9.0) == SURPRISES
    assert (
        zone(VISIT, *forgotten, event(100, "failure", "g"), product=9.0, people=9.0)
        == RECOVERY
    )


def test_scores_alone_give_a_zone(zone):
    assert zone(product=9.0, people=9.0) == SURPRISES
    assert zone(product=9.0) == EXPECTATIONS


def test_without_surveys_praise_and_surprises_tell(zone):
    assert zone(VISIT) == EXPECTATIONS
    assert zone(VISIT, event(300, "compliment")) == SURPRISES
    assert zone(VISIT, event(300, "surprise")) == SURPRISES


def test_of_an_account_with_nothing_on_record_no_zone_is_known(zone):
    assert zone() != zone()
