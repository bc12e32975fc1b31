"""The page of an event that has not happened: what it says, and that no name on it is taken for HTML."""

import pytest

from pages.whatif.page import page

RANGE = {"mean": 2.0, "low": 1.0, "high": 3.5}
EVIDENCE = [{"kind": "rep_leaves", "sentences": ["Past departures of reps: 2, few."]}]


def lost(days):
    """What is lost within some days."""
    return {
        "days": days,
        "before": 4.0,
        "more": RANGE,
        "more_by_edit": 1.5,
        "value_more": None,
    }


@pytest.fixture
def answer():
    risk = {"before": 0.05, "after": {"mean": 0.1, "low": 0.07, "high": 0.16}}
    account = {
        "account_id": "<b>a</b>",
        "quadrant": "people_carried",
        "heading_before": "people_carried",
        "heading_after": "poor",
        "risks": [{"days": days, **risk} for days in (30, 90, 180)],
    }
    return {
        "as_of": "2026-01-01",
        "questions": ["rep R1 leaves"],
        "accounts": 1,
        "lost": [lost(30), lost(90), lost(180)],
        "evidence": EVIDENCE,
        "moved": [account],
        "hand_over": [{"account_id": "<b>a</b>", "to": "R2", "why": "20 accounts"}],
    }


def test_the_headline_tells_the_longest_horizon(answer):
    found = page(answer)
    assert "If rep R1 leaves: 2.0 (1.0 to 3.5) more lost within 180 days" in found
    assert "Past departures of reps: 2, few." in found


def test_an_account_is_told_with_whom_it_goes_to(answer):
    found = page(answer)
    assert "people-carried to poor" in found
    assert found.count("5.0% to 10.0% (7.0% to 16.0%)") == 2  # 90 and 180 days
    assert "R2" in found and "20 accounts" in found


def test_every_line_has_all_cells_where_some_are_handed_over(answer):
    stays = {**answer["moved"][0], "account_id": "b"}
    found = page({**answer, "moved": [*answer["moved"], stays]})
    table = found[found.index("Which accounts move") :]
    assert table.count("<td>") == 2 * 6


def test_names_are_texts(answer):
    found = page(answer)
    assert "<b>a</b>" not in found
    assert "&lt;b&gt;a&lt;/b&gt;" in found


def test_every_rep_has_a_line():
    part = {"accounts": 3, "more": RANGE}
    row = {
        "holder": "R9",
        "accounts": 6,
        "days": 180,
        "before": 1.0,
        "more": RANGE,
        "people_carried": part,
        "others": part,
        "value_more": RANGE,
        "first": "a7",
    }
    told = {
        "as_of": "2026-01-01",
        "evidence": EVIDENCE,
        "everybody": {"rep_leaves": [row]},
    }
    found = page(told)
    assert "Who the book hangs on" in found
    assert "R9" in found and "a7" in found
