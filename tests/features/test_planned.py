"""Planned events, worked out by hand: known today, in the future, and no signs of life."""

import pytest
from histories import ago, measured_row, unknown

OPENED = {"account_id": "a", "opened_at": ago(500)}
VISIT = {"account_id": "a", "occurred_at": ago(40), "kind": "visit"}


def planned(scheduled, known, **rest):
    """An event so many days before the as-of date, known so many days before it; below 0 lies in the future."""
    times = {"scheduled_at": ago(scheduled), "known_at": ago(known)}
    return {"account_id": "a", **times, **rest}


@pytest.fixture
def measured(make_book):
    def measure(*events):
        book = make_book(
            accounts=[OPENED], interactions=[VISIT], scheduled=list(events)
        )
        return measured_row(book, "attention", "indifference")

    return measure


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([planned(-5, 8)], 5),
        ([planned(-5, 8), planned(-2, 1)], 2),
        ([planned(-5, 0)], 5),  # known at the moment itself
        ([planned(0, 8)], 0),  # today
        ([planned(3, 8), planned(-9, 8)], 9),  # one is over
        ([planned(-5, 8, scheduled_id="e"), planned(-7, 2, scheduled_id="e")], 7),
        ([planned(-5, 8, scheduled_id="e"), planned(-7, -1, scheduled_id="e")], 5),
    ],
)
def test_the_next_touch_is_the_first_planned_event_as_it_is_known(
    measured, events, days
):
    assert measured(*events)["days_to_next_touch"] == days


@pytest.mark.parametrize(
    "events",
    [
        [planned(-5, -1)],  # not known yet
        [planned(3, 8)],  # over
        [planned(-5, 8, cancelled=True)],
        [
            planned(-5, 8, scheduled_id="e", cancelled=False),
            planned(-5, 2, scheduled_id="e", cancelled=True),
        ],
    ],
)
def test_without_a_planned_event_there_is_no_next_touch(measured, events):
    assert unknown(measured(*events), "days_to_next_touch")


def test_a_planned_event_is_no_sign_of_life_and_moves_no_end(make_book):
    tables = {"accounts": [OPENED], "interactions": [VISIT]}
    without = make_book(**tables).recorded
    book = make_book(**tables, scheduled=[planned(2, 8), planned(-900, 1)])
    assert book.recorded == without
    assert book.doubts == []
    assert measured_row(book, "indifference")["days_silent"] == 40


def test_an_event_of_which_nobody_says_since_when_it_is_known_is_refused(make_book):
    unsaid = planned(-5, 8) | {"known_at": None}
    book = make_book(
        accounts=[OPENED], interactions=[VISIT], scheduled=[unsaid, planned(-5, 8)]
    )
    (bad,) = book.quarantine.to_dict("records")
    assert (bad["row"], bad["field"]) == (1, "known_at")
