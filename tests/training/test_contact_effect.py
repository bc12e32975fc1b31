"""What contact saves, worked out by hand."""

import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY, instant
from training.lists.contact_effect import Arm, ContactEffect, contact_effect
from training.past.observed import observe


def test_the_interval_of_a_difference_is_newcombes():
    """Newcombe (1998), Table II, a: 56 of 70 less 48 of 80 is .2, by method 10 from .0524 to .3339."""
    effect = ContactEffect(listed=Arm(80, 48), withheld=Arm(70, 56))
    assert effect.saved == pytest.approx(0.2)
    assert effect.interval() == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_where_nobody_left_of_either_the_interval_is_still_not_nothing():
    """Newcombe (1998), Table II, g: 0 of 10 less 0 of 20 is 0, by method 10 from -.1611 to .2775."""
    effect = ContactEffect(listed=Arm(20, 0), withheld=Arm(10, 0))
    assert effect.interval() == pytest.approx((-0.1611, 0.2775), abs=5e-5)
    assert effect.needed is None
    assert "too few have left" in effect.sentence


def test_how_many_are_needed_follows_from_what_is_counted_on():
    """A fifth leave, half of them are counted on to be kept, and as many are withheld as listed: (1.96 + 0.84)²
    (0.2 x 0.8 + 0.1 x 0.9) / 0.1² is 196.2."""
    effect = ContactEffect(Arm(100, 20), Arm(100, 20), counted_on=0.5)
    assert (effect.needed, effect.known) == (197, False)
    assert "100 accounts withheld" in effect.sentence
    assert "about 97 more are needed" in effect.sentence
    enough = ContactEffect(Arm(200, 40), Arm(200, 40), counted_on=0.5)
    assert (enough.needed, enough.known) == (197, True)
    assert enough.sentence.startswith("Contact saves 0.0 of 100 accounts on a list")


def test_whether_it_is_known_does_not_depend_on_what_came_of_it():
    """As many left in all, so that no effect and a large one are known alike."""
    none = ContactEffect(Arm(200, 40), Arm(200, 40), counted_on=0.5)
    large = ContactEffect(Arm(200, 10), Arm(200, 70), counted_on=0.5)
    assert none.known and large.known
    assert large.facts()["saved"] == pytest.approx(0.3)


def test_without_anybody_withheld_nothing_is_known():
    effect = ContactEffect(Arm(50, 5), Arm(0, 0))
    assert effect.facts()["low"] is None
    assert (effect.known, effect.needed) == (False, None)


DAY = instant(pd.Timestamp("2026-01-01").date())


@pytest.fixture
def book(make_book):
    """Of six accounts a and b leave within 90 days of 1 January 2026, c later, and the others stay."""
    left = [("a", "2026-02-01"), ("b", "2026-03-31"), ("c", "2026-04-02")]
    return make_book(
        accounts=[{"account_id": n, "opened_at": "2025-01-01"} for n in "abcdef"],
        interactions=[
            {"account_id": name, "occurred_at": day, "kind": "visit"}
            for name in "abcdef"
            for day in ("2025-06-01", "2025-12-30")
        ]
        + [{"account_id": "f", "occurred_at": "2026-06-30", "kind": "visit"}],
        departures=[{"account_id": name, "occurred_at": day} for name, day in left],
    )


def standing(**arms):
    names = [(name, arm) for arm, some in arms.items() for name in some]
    frame = pd.DataFrame(names, columns=["account_id", "arm"])
    return frame.assign(as_of_us=DAY)


def test_who_left_within_the_horizon_is_counted_by_arm(book):
    observed = observe(book, DAY + 180 * MICROS_PER_DAY)
    effect = contact_effect(observed, standing(listed="acd", withheld="bef"), 90)
    assert (effect.listed, effect.withheld) == (Arm(3, 1), Arm(3, 1))


def test_an_outcome_that_is_not_known_yet_does_not_count(book):
    observed = observe(book, DAY + 80 * MICROS_PER_DAY)
    effect = contact_effect(observed, standing(listed="acd", withheld="bef"), 90)
    assert (effect.listed, effect.withheld) == (Arm(0, 0), Arm(0, 0))
    assert not effect.known
