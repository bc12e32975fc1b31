"""Levers, by hand: what each adds to the doses of the coming quarter, and for whom there is nothing to do."""

import pytest
from histories import AS_OF, ago

from features.edits.coming import as_usual
from features.edits.doses import DOSES, QUARTER_DAYS, doses_of, doses_of_chosen
from features.edits.levers import LEVERS
from features.edits.records import records_of
from features.engine import MICROS_PER_DAY, instant
from features.snapshot.cohort import choose_cohort

NOW = instant(AS_OF)
LATER = NOW + QUARTER_DAYS * MICROS_PER_DAY
EDITS = {lever.name: lever.edit for lever in LEVERS}


def event(account, days, kind, **rest):
    """An interaction some days before the as-of date."""
    when = {"account_id": account, "occurred_at": ago(days), "kind": kind}
    return {**when, "rep_id": None, **rest}


def matter(account, name, days, kind, settled=None):
    """A matter, and its settlement so many days before the as-of date."""
    rows = [event(account, days, kind, matter_id=name)]
    if settled is not None:
        rows.append(event(account, settled, "resolution", matter_id=name))
    return rows


@pytest.fixture
def book(make_book):
    """Account a waits for one of its matters and has a rep of another style than its own; of b nothing is told.

    What comes after the date, a hire as well, is there and nobody may look at it.
    """
    return make_book(
        accounts=[
            {"account_id": name, "opened_at": "2020-01-01", "style": style}
            for name, style in (("a", "nurturer"), ("b", None))
        ],
        interactions=[
            event("a", 400, "visit"),
            event("b", 400, "visit"),
            *matter("a", "fast", 20, "failure", settled=18),
            *matter("a", "slow", 40, "question", settled=30),
            *matter("a", "long ago", 200, "question", settled=199),
            *matter("a", "open", 10, "complaint"),
            event("a", 60, "promise_made", matter_id="p"),
            event("a", 50, "promise_kept", matter_id="p"),
            event("a", 5, "outreach", rep_id="ann"),
            event("a", -20, "promise_kept", matter_id="later"),
            event("b", -20, "failure", matter_id="later"),
        ],
        reps=[
            {"rep_id": rep, "hired_at": ago(days), "left_at": left, "style": style}
            for rep, days, left, style in (
                ("ann", 900, None, "pounder"),
                ("bob", 400, None, "nurturer"),
                ("cy", 300, None, "nurturer"),
                ("eve", -5, None, "nurturer"),
                ("dee", 950, ago(1), "nurturer"),
            )
        ],
    )


def told(values):
    """The doses that are not zero, by name."""
    return {name: value for name, value in zip(DOSES, values, strict=True) if value}


def of(book, *names):
    """The doses of a in the coming quarter, some levers pulled; b is given where it has any."""
    records = as_usual(records_of(book, ["a", "b"], NOW), NOW)
    for name in names:
        records = EDITS[name](records, NOW)
    mine, other = doses_of(records, LATER)
    return told(mine), told(other)


def test_doses_of_the_past_quarter_by_hand(book):
    choose_cohort(book, [NOW])
    found = doses_of_chosen(book).loc[("a", NOW), list(DOSES)]
    once = dict.fromkeys(("kept", "reached", "fast_grave", "late", "waiting"), 1)
    assert told(found) == once


def test_records_measure_as_the_book_does(book):
    choose_cohort(book, [NOW])
    records = records_of(book, ["a", "b"], NOW)
    measured = doses_of_chosen(book)[list(DOSES)].sort_index().to_numpy()
    assert doses_of(records, NOW).tolist() == measured.tolist()


def test_the_coming_quarter_as_usual_has_one_in_four_of_the_matters(book):
    """Of four matters of the last year one comes again: the latest, which is open and stays so."""
    assert of(book) == ({"waiting": 2}, {})


def test_what_is_open_is_settled_late_and_what_comes_waits_all_the_same(book):
    assert of(book, "settle") == ({"late": 1, "waiting": 1}, {})


def test_what_comes_is_settled_fast_and_what_is_open_waits_all_the_same(book):
    assert of(book, "answer") == ({"fast_grave": 1, "waiting": 1}, {})


def test_promises_and_contacts_are_three_for_everybody(book):
    assert of(book, "promise") == ({"kept": 3, "waiting": 2}, {"kept": 3})
    assert of(book, "reach_out") == ({"reached": 3, "waiting": 2}, {"reached": 3})


def test_an_account_goes_to_the_longest_serving_of_its_style_who_is_here(book):
    assert of(book, "hand_over") == ({"handed": 1, "fits": 1, "waiting": 2}, {})
    records = EDITS["hand_over"](records_of(book, ["a"], NOW), NOW)
    rows = records.tables["interactions"]
    assert rows.loc[rows["kind"] == "handover", "rep_id"].tolist() == ["bob"]


def test_who_has_a_rep_of_its_style_is_not_handed_over(book):
    records = EDITS["hand_over"](records_of(book, ["a"], NOW), NOW)
    again = EDITS["hand_over"](records, NOW + 2 * MICROS_PER_DAY)
    assert doses_of(again, LATER).tolist() == doses_of(records, LATER).tolist()


def test_two_levers_do_what_each_does(book):
    both, _ = of(book, "settle", "answer")
    assert both == {"fast_grave": 1, "late": 1}


def test_what_a_lever_raises_are_doses():
    for lever in LEVERS:
        assert set(lever.raises) <= set(DOSES)
        assert lever.seeds
