"""Trust, worked out by hand: promises open, overdue, kept and broken, and what we said when things went wrong."""

import pytest
from histories import SECOND, ago, measured_row, unknown

from features.themes.dictionary import FEATURES

THEME = {
    name: feature for name, feature in FEATURES.items() if feature.theme == "trust"
}
DAY = 24 * 60.0
"""A day in minutes, the unit in which a promise says when it is due."""

MISSING = {
    "promises_kept_365d",
    "longest_overdue",
    "freshest_overdue",
    "days_since_unmet_request",
    "minutes_late_180d",
}
WINDOWS = [
    *(
        ("delay_notice", "delay_notices", 365),
        ("apology", "apologies", 365),
        ("request_declined", "declined", 180),
    ),
    *(
        ("option_offered", "options_offered", 180),
        ("unmet_request", "unmet_requests", 365),
    ),
]


def event(days, kind, matter=None, **rest):
    """An interaction of account a, some days before the as-of date."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        **rest,
    }


def promise(days, matter="p1", due_in=5, **rest):
    """A promise made some days before the as-of date, due some days after it was made."""
    return event(days, "promise_made", matter, minutes=due_in * DAY, **rest)


@pytest.fixture
def measured(make_book):
    def measure(*interactions):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
            interactions=[event(900, "visit"), *interactions],
        )
        return measured_row(book, "trust")

    return measure


def test_every_feature_of_the_theme_is_worked_out_once(measured):
    found = measured(
        *(promise(30, "kept"), event(27, "promise_kept", "kept")),
        *(promise(200, "old"), event(190, "promise_broken", "old")),
        *(promise(20, "broken"), event(10, "promise_broken", "broken")),
        *(promise(15, "overdue"), promise(2, "open")),
        *(event(40, "delay_notice"), event(39, "apology"), event(38, "apology")),
        *(
            event(60, "request_declined"),
            event(60, "option_offered"),
            event(59, "option_offered"),
        ),
        *(event(70, "unmet_request"), event(33, "unmet_request")),
        *(event(5, "delivery", minutes=30.0), event(6, "delivery", minutes=0.0)),
    )
    assert {name: found[name] for name in THEME} == {
        **{"promises_365d": 5.0, "promises_kept_365d": pytest.approx(1 / 3)},
        **{"promises_broken_365d": 2.0},
        **{"promises_overdue": 1.0, "longest_overdue": 10.0},
        "freshest_overdue": 10.0,
        **{
            "delay_notices_365d": 1.0,
            "apologies_365d": 2.0,
            "declined_180d": 1.0,
            "options_offered_180d": 2.0,
        },
        **{
            "unmet_requests_365d": 2.0,
            "days_since_unmet_request": 33.0,
            "minutes_late_180d": 15.0,
        },
    }


def test_where_nothing_was_promised_counts_are_zero_and_the_rest_is_not_known(measured):
    found = measured()
    assert unknown(found, *MISSING)
    assert all(found[name] == 0.0 for name in THEME if name not in MISSING)


@pytest.mark.parametrize(("kind", "name", "window"), WINDOWS)
def test_a_window_leaves_out_its_beginning_and_takes_in_the_as_of_date(
    measured, kind, name, window
):
    found = measured(
        event(0, kind),
        event(window - SECOND, kind),
        event(window, kind),
        event(-SECOND, kind),
    )
    assert found[f"{name}_{window}d"] == 2.0


def test_a_promise_belongs_to_the_window_that_it_was_made_in(measured):
    found = measured(
        *(
            promise(365, "at the edge"),
            promise(365 - SECOND, "within"),
            promise(0, "now"),
            promise(-SECOND, "later"),
        ),
        *(
            event(10, "promise_broken", "at the edge"),
            event(9, "promise_broken", "within"),
        ),
        *(promise(180, "half"), event(8, "promise_broken", "half")),
    )
    assert found["promises_365d"] == 3.0
    assert found["promises_broken_365d"] == 2.0
    assert found["promises_kept_365d"] == 0.0


def test_an_open_promise_is_neither_kept_nor_broken(measured):
    found = measured(promise(3))
    assert (
        found["promises_365d"],
        found["promises_broken_365d"],
        found["promises_overdue"],
    ) == (1.0, 0.0, 0.0)
    assert unknown(found, "promises_kept_365d", "longest_overdue")


def test_a_promise_is_overdue_only_after_the_moment_it_was_due(measured):
    just_due = measured(promise(5, due_in=5))
    assert just_due["promises_overdue"] == 0.0
    assert unknown(just_due, "longest_overdue")
    past = measured(promise(5.25, due_in=5))
    assert (past["promises_overdue"], past["longest_overdue"]) == (1.0, 0.25)


def test_the_oldest_overdue_promise_is_the_one_due_first_and_not_the_one_made_first(
    measured,
):
    found = measured(
        promise(100, "long", due_in=95),
        promise(20, "short", due_in=1),
        promise(400, "older", due_in=388),
    )
    assert (found["promises_overdue"], found["longest_overdue"]) == (3.0, 19.0)


def test_an_overdue_promise_is_not_yet_broken_and_lowers_no_share(measured):
    found = measured(
        promise(20, "overdue"), promise(40, "kept"), event(36, "promise_kept", "kept")
    )
    assert (
        found["promises_kept_365d"],
        found["promises_broken_365d"],
        found["promises_overdue"],
    ) == (1.0, 0.0, 1.0)


def test_a_promise_that_does_not_say_when_it_is_due_is_never_overdue(measured):
    found = measured(event(300, "promise_made", "p1"))
    assert (found["promises_365d"], found["promises_overdue"]) == (1.0, 0.0)
    assert unknown(found, "longest_overdue")


@pytest.mark.parametrize("outcome", ["promise_kept", "promise_broken"])
def test_a_promise_with_an_outcome_is_overdue_no_more(measured, outcome):
    found = measured(promise(20), event(1, outcome, "p1"))
    assert found["promises_overdue"] == 0.0
    assert unknown(found, "longest_overdue")
    assert found["promises_kept_365d"] == float(outcome == "promise_kept")


def test_an_outcome_known_late_leaves_the_promise_open_until_it_is_known(measured):
    found = measured(promise(20), event(16, "promise_kept", "p1", known_at=ago(-1)))
    assert (found["promises_overdue"], found["longest_overdue"]) == (1.0, 15.0)
    assert unknown(found, "promises_kept_365d")
    assert (
        measured(promise(20), event(16, "promise_kept", "p1", known_at=ago(0)))[
            "promises_kept_365d"
        ]
        == 1.0
    )


def test_a_promise_known_late_was_not_made_yet(measured):
    found = measured(
        promise(20, known_at=ago(-1)), event(15, "apology", known_at=ago(-1))
    )
    assert (
        found["promises_365d"],
        found["promises_overdue"],
        found["apologies_365d"],
    ) == (0.0, 0.0, 0.0)


def test_an_outcome_of_no_promise_on_record_is_no_promise(measured):
    found = measured(
        event(10, "promise_broken", "p9"),
        event(9, "promise_kept", "p8"),
        event(8, "promise_broken"),
    )
    assert (found["promises_365d"], found["promises_broken_365d"]) == (0.0, 0.0)
    assert unknown(found, "promises_kept_365d")


def test_days_since_an_unmet_request_reach_back_beyond_its_window(measured):
    found = measured(event(500, "unmet_request"), event(700, "unmet_request"))
    assert (found["unmet_requests_365d"], found["days_since_unmet_request"]) == (
        0.0,
        500.0,
    )


def test_minutes_late_are_those_of_deliveries_that_tell_them(measured):
    found = measured(
        *(
            event(10, "delivery", minutes=40.0),
            event(20, "delivery", minutes=-10.0),
            event(30, "delivery"),
        ),
        *(event(180, "delivery", minutes=999.0), event(10, "hold", minutes=999.0)),
        event(11, "delivery", minutes=999.0, known_at=ago(-1)),
    )
    assert found["minutes_late_180d"] == 15.0
    assert unknown(measured(event(30, "delivery")), "minutes_late_180d")
