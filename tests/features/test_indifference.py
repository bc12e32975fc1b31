"""Indifference, worked out by hand: silence against the account's own rhythm."""

import numpy as np
import pytest
from histories import ago, measured_row
from hypothesis import given, settings
from hypothesis import strategies as st

from features.themes.dictionary import FEATURES


def event(days, kind="visit", name="a", **rest):
    return {"account_id": name, "occurred_at": ago(days), "kind": kind, **rest}


@pytest.fixture
def measured(make_book):
    def measure(*interactions, opened=365):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": ago(opened)}],
            interactions=list(interactions),
        )
        return measured_row(book, "indifference", "tenure")

    return measure


def test_the_rhythm_is_in_the_gaps_between_active_days(measured):
    # Active days 40, 30, 28 and 10 days ago; twice on the last: gaps of 10, 2 and 18 days over a span of 30.
    found = measured(
        event(40), event(30, "purchase"), event(28), event(10), event(9.75, "question")
    )
    assert found["active_days"] == 4.0
    assert found["usual_gap"] == 10.0
    assert found["gap_spread"] == pytest.approx(((0 + 64 + 64) / 3) ** 0.5)
    assert (found["longest_gap"], found["last_gap"], found["active_span"]) == (
        18.0,
        18.0,
        30.0,
    )
    assert found["days_silent"] == 9.75
    assert found["silence_over_rhythm"] == 0.975
    # ((T + 30) / (T + 30 + s)) ** (n + 1/2), with n = 3 gaps over T = 30 days.
    assert found["silence_chance"] == pytest.approx((60 / 69.75) ** 3.5)


def test_one_active_day_is_no_rhythm_but_gives_a_chance_from_what_is_usual(measured):
    found = measured(event(90))
    unknown = (
        "usual_gap",
        "gap_spread",
        "longest_gap",
        "last_gap",
        "silence_over_rhythm",
    )
    assert all(found[name] != found[name] for name in unknown)
    assert (found["active_days"], found["active_span"], found["days_silent"]) == (
        1.0,
        0.0,
        90.0,
    )
    assert found["silence_chance"] == pytest.approx((30 / 120) ** 0.5)


def test_what_we_do_and_what_is_taken_back_is_no_sign_of_life(measured):
    found = measured(
        event(50),
        event(5, "outreach"),
        event(4, "cancellation"),
        event(1, "purchase", value=-9.0),
        event(3, "answer"),
        event(2, "strange"),
    )
    assert (found["days_silent"], found["signs_of_life_365d"]) == (50.0, 1.0)
    assert found["own_share_365d"] == 1 / 6


def test_signs_of_life_are_counted_in_their_windows(measured):
    found = measured(*(event(days) for days in (1, 13, 14, 29, 89, 179, 364, 365)))
    counts = [found[f"signs_of_life_{window}d"] for window in (14, 30, 90, 180, 365)]
    assert counts == [2.0, 4.0, 5.0, 6.0, 7.0]


def test_activity_is_set_against_half_a_year_or_the_time_since_the_beginning(measured):
    begins = 365
    long_known = measured(
        event(begins, "outreach"),
        *(event(days) for days in (1, 2, 40, 50, 100, 170)),
        opened=begins,
    )
    assert long_known["activity_ratio"] == pytest.approx((2 / 30) / (6 / 180))
    begins = 60
    newer = measured(
        event(begins, "outreach"),
        *(event(days) for days in (1, 2, 40, 50)),
        opened=begins,
    )
    assert newer["activity_ratio"] == pytest.approx((2 / 30) / (4 / 60))
    begins = 3
    brand_new = measured(event(begins, "outreach"), event(1), event(2), opened=begins)
    assert brand_new["activity_ratio"] == pytest.approx(1.0)


def test_an_account_that_stopped_has_no_activity_left_of_what_was_usual(measured):
    assert measured(event(100))["activity_ratio"] == 0.0


def test_words_are_heard_and_actions_alone_are_not(measured):
    found = measured(
        event(3),
        event(20, "complaint"),
        event(60, "compliment"),
        event(80, "complaint"),
        event(200, "question"),
    )
    assert found["days_unheard"] == 20.0
    assert (found["heard_90d"], found["heard_365d"]) == (3.0, 4.0)


def test_ways_to_reach_us_are_those_of_their_signs_of_life(measured):
    found = measured(
        event(2, channel="mail"),
        event(3, channel="mail"),
        event(4, channel="phone"),
        event(100, channel="shop"),
        event(5, "outreach", channel="letter"),
        event(6),
    )
    assert (found["channels_30d"], found["channels_180d"]) == (2.0, 3.0)


def chance(span, silent, days):
    """The chance of a silence of some days."""
    columns = {"active_span": span, "days_silent": silent, "active_days": days}
    return FEATURES["silence_chance"].how.expression.values(
        {name: np.float64(v) for name, v in columns.items()}
    )


@settings(max_examples=40, deadline=None)
@given(
    span=st.floats(0, 5000),
    silent=st.floats(0, 5000),
    more=st.floats(0.01, 5000),
    days=st.integers(1, 500),
)
def test_the_longer_the_silence_the_smaller_its_chance(span, silent, more, days):
    now, later = chance(span, silent, days), chance(span, silent + more, days)
    assert 0.0 <= later <= now <= 1.0
    assert chance(span, 0.0, days) == 1.0
    assert (
        chance(span, silent + more, days + 1) <= later
    )  # busier in the same span: more surprising
