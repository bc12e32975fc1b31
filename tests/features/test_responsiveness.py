"""Responsiveness, worked out by hand: what is settled, what is still open, and how it got there."""

import pytest
from histories import ago, measured_row, unknown


def event(days, kind, matter="m1", rep=None, **rest):
    """An interaction of account a, some days before the as-of date."""
    return {
        "account_id": "a",
        "occurred_at": ago(days),
        "kind": kind,
        "matter_id": matter,
        "rep_id": rep,
        **rest,
    }


@pytest.fixture
def measured(make_book):
    def measure(*interactions):
        book = make_book(
            accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
            interactions=[event(900, "visit", None), *interactions],
        )
        return measured_row(book, "responsiveness")

    return measure


def test_a_settled_matter_has_its_durations(measured):
    found = measured(
        event(20, "question", rep="r1"),
        event(19.75, "answer", rep="r2"),
        event(17, "resolution", rep="r2"),
    )
    assert (found["matters_30d"], found["matters_open"]) == (1.0, 0.0)
    assert (found["hours_to_answer_90d"], found["days_to_resolution_90d"]) == (6.0, 3.0)
    assert (found["resolution_rate_365d"], found["first_contact_resolution_365d"]) == (
        1.0,
        1.0,
    )
    assert found["hands_per_matter_365d"] == 2.0
    assert unknown(found, "longest_open_wait")


def test_an_open_matter_is_a_lower_bound_and_not_a_duration_of_zero(measured):
    found = measured(
        event(12, "complaint", "open"),
        event(40, "question", "answered"),
        event(39, "answer", "answered"),
        event(10, "question", "settled"),
        event(8, "resolution", "settled"),
    )
    assert (found["matters_open"], found["longest_open_wait"]) == (2.0, 40.0)
    assert found["freshest_open_wait"] == 12.0
    assert found["days_to_resolution_90d"] == 2.0  # of the settled one alone
    assert found["hours_to_answer_90d"] == (24 + 48) / 2  # of those that have an answer
    assert found["resolution_rate_365d"] == pytest.approx(1 / 3)


def test_with_open_matters_alone_no_duration_is_known(measured):
    found = measured(event(12, "complaint"))
    assert unknown(
        found,
        "days_to_resolution_90d",
        "days_to_resolution_365d",
        "hours_to_answer_90d",
    )
    assert unknown(found, "first_contact_resolution_365d")
    assert (found["resolution_rate_365d"], found["longest_open_wait"]) == (0.0, 12.0)


def test_a_reopened_matter_is_not_settled_until_it_is_settled_again(measured):
    opened = [event(20, "question"), event(18, "resolution"), event(15, "reopen")]
    found = measured(*opened)
    assert (
        found["matters_open"],
        found["longest_open_wait"],
        found["reopens_365d"],
    ) == (1.0, 20.0, 1.0)
    assert unknown(found, "days_to_resolution_90d")
    again = measured(*opened, event(12, "resolution"))
    assert (again["matters_open"], again["days_to_resolution_90d"]) == (0.0, 8.0)
    assert again["first_contact_resolution_365d"] == 0.0


def test_settled_by_a_single_answer_is_first_contact(measured):
    found = measured(
        *(event(30, "question", "once"), event(29, "resolution", "once")),
        *(
            event(30, "request", "told"),
            event(29, "answer", "told"),
            event(28, "resolution", "told"),
        ),
        *(
            event(30, "request", "twice"),
            event(29, "answer", "twice"),
            event(28, "answer", "twice"),
        ),
        event(27, "resolution", "twice"),
        *(
            event(30, "question", "back"),
            event(29, "resolution", "back"),
            event(28, "reopen", "back"),
        ),
        *(event(30, "failure", "ours"), event(29, "resolution", "ours")),
        event(30, "question", "open"),
    )
    # Settled: once, told, twice and ours; of these all but twice took one answer.
    assert found["first_contact_resolution_365d"] == 3 / 4
    assert found["resolution_rate_365d"] == pytest.approx(4 / 6)


def test_matters_belong_to_the_window_that_they_were_opened_in(measured):
    found = measured(
        *(event(100, "question", "old"), event(5, "resolution", "old")),
        *(event(20, "question", "new"), event(19, "resolution", "new")),
    )
    assert [found[f"matters_{window}d"] for window in (30, 90, 365)] == [1.0, 1.0, 2.0]
    assert (found["days_to_resolution_90d"], found["days_to_resolution_365d"]) == (
        1.0,
        48.0,
    )


def test_a_resolution_known_late_leaves_the_matter_open_until_it_is_known(measured):
    late = ago(-1)
    found = measured(event(20, "question"), event(18, "resolution", known_at=late))
    assert (found["matters_open"], found["longest_open_wait"]) == (1.0, 20.0)


def test_what_belongs_to_no_matter_or_was_never_opened_is_no_matter(measured):
    found = measured(
        event(20, "question", None),
        event(19, "answer", "m9"),
        event(18, "resolution", "m9"),
    )
    assert (found["matters_365d"], found["matters_open"]) == (0.0, 0.0)
    assert unknown(found, "resolution_rate_365d", "hours_to_answer_365d")


def test_minutes_on_hold_are_added_up(measured):
    found = measured(
        event(10, "hold", None, minutes=7.5),
        event(20, "hold", "m1", minutes=2.25),
        event(30, "hold", None),
        event(400, "hold", None, minutes=100.0),
        event(10, "use", None, minutes=60.0),
    )
    assert found["minutes_on_hold_365d"] == 9.75


def test_the_last_word_on_an_open_matter_is_anybodys_and_no_note_of_ours(measured):
    found = measured(
        *(event(400, "question", "old"), event(300, "answer", "old")),
        event(290, "note", "old"),
        *(event(500, "question", "older"), event(350, "question", "older")),
        *(event(9, "question", "settled"), event(8, "resolution", "settled")),
    )
    assert (found["longest_open_wait"], found["freshest_open_wait"]) == (500.0, 300.0)
