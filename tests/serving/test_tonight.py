"""What tonight's page tells beside the scores: changes and why, movers, whom to win back, what happened."""

from datetime import date

import pandas as pd
import pytest

from features.engine import instant
from models.score.play import Action, Play
from serving.night.tonight import happened
from serving.night.tonight.changes import Change, changes
from serving.night.tonight.movers import movers
from serving.night.tonight.past import PATH, everybody_on, no_risks, paths
from serving.night.tonight.tonight import looked_by, tonight
from serving.night.tonight.win_back import win_back
from serving.night.without_models import rule_night

NIGHT = instant(date(2026, 6, 1))


def path(*rows):
    return pd.DataFrame(
        rows, columns=["account_id", "days_back", "risk", "silence", "tone"]
    )


def added(frame):
    """A model in which each column adds what it holds."""
    return pd.DataFrame(
        {"days_silent": frame["silence"], "tone_60d": frame["tone"]}, frame.index
    )


# Changes


def test_a_risk_that_rose_is_told_by_the_themes_that_pulled_it_up():
    told = changes(
        path(
            ("up", 30, 0.20, 0.1, 0.5),
            ("up", 0, 0.35, 1.1, 0.4),
            ("down", 30, 0.35, 1.0, 0.9),
            ("down", 0, 0.20, 0.8, -0.1),
        ),
        30,
        added,
    )
    assert told["up"] == Change(pytest.approx(0.15), ("Gone quiet",))
    # The tone fell by 1.0 and the silence by 0.2, which is less than a quarter of it.
    assert told["down"] == Change(pytest.approx(-0.15), ("What they let us feel",))


def test_two_themes_that_pull_alike_are_both_told_the_stronger_first():
    told = changes(path(("a", 1, 0.2, 0.0, 0.0), ("a", 0, 0.4, 0.5, 1.0)), 1, added)
    assert told["a"].themes == ("What they let us feel", "Gone quiet")


def test_what_did_not_move_or_was_not_there_has_no_why():
    told = changes(
        path(
            ("same", 1, 0.2, 0.0, 0.0),
            ("same", 0, 0.204, 0.5, 0.0),
            ("new", 0, 0.9, 1.0, 1.0),
        ),
        1,
        added,
    )
    assert told["same"] == Change(pytest.approx(0.004))
    assert told["new"] == Change(None)


def test_without_models_no_change_is_known():
    frame = path(("a", 1, float("nan"), 0.0, 0.0), ("a", 0, float("nan"), 1.0, 1.0))
    assert changes(frame, 1, lambda rows: rows[[]]) == {"a": Change(None)}


# Movers


def stood(**accounts):
    return pd.DataFrame.from_dict(
        accounts, orient="index", columns=["risk", "quadrant"]
    )


def test_who_crossed_a_line_and_which_way():
    then = stood(
        a=(0.09, "exceptional"),
        b=(0.6, "poor"),
        c=(0.1, "people_carried"),
        gone=(0.1, "poor"),
    )
    now = stood(
        a=(0.11, "poor"),
        b=(0.4, "people_carried"),
        c=(0.12, "product_carried"),
        new=(0.9, "poor"),
    )
    found = movers(now, then, 30)
    assert [(m.account_id, m.what, m.before, m.now, m.way) for m in found] == [
        ("b", "band", "acute", "high", "better"),
        ("b", "quadrant", "poor", "people_carried", "better"),
        ("a", "band", "low", "raised", "worse"),
        ("a", "quadrant", "exceptional", "poor", "worse"),
        ("c", "quadrant", "people_carried", "product_carried", "aside"),
    ]
    assert {mover.days_back for mover in found} == {30}


def test_what_is_not_known_is_no_line():
    then, now = stood(a=(float("nan"), "unknown")), stood(a=(0.9, "poor"))
    assert movers(now, then, 1) == movers(then, now, 1) == []


# The past, of a book

ACCOUNTS = [
    {"account_id": "a", "opened_at": "2026-01-01"},
    {"account_id": "b", "opened_at": "2026-05-15"},
]


def at(account, day, kind="visit", **more):
    return {"account_id": account, "occurred_at": day, "kind": kind, **more}


def test_a_path_begins_with_the_account_and_sees_what_was_known_on_each_day(make_book):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[
            at("a", "2026-01-05"),
            at("b", "2026-05-16"),
            at("a", "2026-05-20", known_at="2026-05-29"),
        ],
    )
    frame = paths(book, NIGHT, ["a", "b"], no_risks).set_index(
        ["account_id", "days_back"]
    )
    assert frame.loc["b"].index.tolist() == [14, 7, 1, 0]
    # Known on the 29th: on the 25th, a week before the night, the last visit was that of January.
    silent = frame.loc["a"]["days_silent"]
    assert silent[7] == pytest.approx(140.0)
    assert silent[1] == pytest.approx(11.0)
    assert set(frame.loc["a"].index) == {days for days in PATH if days <= 120}


def test_before_the_book_begins_nobody_stood_anywhere(make_book):
    book = make_book(accounts=ACCOUNTS, interactions=[at("a", "2026-05-20")])
    assert everybody_on(book, NIGHT, 30, no_risks).empty
    assert everybody_on(book, NIGHT, 1, no_risks).index.tolist() == ["a"]


# What happened


def test_the_last_contact_is_one_of_people_known_by_the_night(make_book):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[
            at("a", "2026-05-01", "question", channel="phone", rep_id="r"),
            at("a", "2026-05-02", "use"),
            at("a", "2026-05-03", "note"),
            at("a", "2026-05-20", "outreach", known_at="2026-06-02"),
            at("b", "2026-05-21", "visit"),
        ],
    )
    told = happened.last_contacts(book, NIGHT, ["a", "b"])
    assert told == {"a": [["2026-05-01", "question", 0, "r", "phone", None]]}
    rows = happened.interactions(book, NIGHT, ["a"])["a"]
    assert [row[1] for row in rows] == ["note", "question"]


def test_signs_of_life_are_counted_by_the_week_up_to_the_night(make_book):
    book = make_book(
        accounts=ACCOUNTS,
        interactions=[
            at("a", day) for day in ("2026-05-25", "2026-05-31", "2026-05-24T23:59")
        ],
    )
    weeks = happened.signs_of_life(book, NIGHT, ["a", "b"])
    assert weeks["a"] == [0] * 24 + [1, 2]
    assert weeks["b"] == [0] * 26


# Winning back


def test_who_left_in_the_last_year_with_what_fits_and_when(make_book):
    left = [
        ("a", "2026-05-22", "moved"),
        ("b", "2026-03-01", None),
        ("c", "2026-02-01", "died"),
    ]
    left += [("d", "2025-01-01", "moved"), ("e", "2026-03-01", "friend")]
    book = make_book(
        accounts=[{"account_id": id_, "opened_at": "2024-01-01"} for id_ in "abcde"],
        interactions=[
            at("a", "2026-03-01", "purchase", value=70.0),
            at("b", "2026-01-01", "purchase", value=50.0),
            at("b", "2024-06-01", "purchase", value=900.0),
        ],
        departures=[
            {"account_id": id_, "occurred_at": day, "reason": why}
            for id_, day, why in left
        ],
    )
    told = win_back(book, NIGHT, here=[], held_out=["e"])
    assert [(one["account_id"], one["value"], one["when"]) for one in told] == [
        ("b", 50.0, "2026-06-01"),  # 30 days after leaving have passed
        ("a", 70.0, "2026-07-21"),  # 60 days after 22 May
    ]
    assert told[1]["fits"].startswith("Ask whether we can serve them where they are")
    assert win_back(book, NIGHT, here=["a", "b"], held_out=["e"]) == []


def test_without_departures_nobody_is_won_back(make_book):
    book = make_book(accounts=ACCOUNTS, interactions=[at("a", "2026-05-20")])
    assert win_back(book, NIGHT, [], []) == []


# All together


def test_a_night_by_rules_tells_no_risks_and_all_the_rest(make_book):
    book = make_book(
        accounts=[*ACCOUNTS, {"account_id": "never", "opened_at": "2026-01-01"}],
        interactions=[at("a", "2026-01-05"), at("b", "2026-05-16", "complaint")],
        labels=[{"account_id": "b", "name": "Bee", "owner": "Ann"}],
    )
    night, everybody = rule_night(book, NIGHT)
    told = tonight(book, looked_by(None, night.scores, NIGHT), night, everybody, 1)
    assert (told["listed"], told["horizon"], told["accounts_in_all"]) == (1, None, 2)
    lines = {line["id"]: line for line in told["accounts"]}
    assert lines["b"]["name"] == "Bee"
    assert (lines["a"]["name"], lines["a"]["risk"], lines["a"]["band"]) == (
        None,
        None,
        "unknown",
    )
    assert lines["b"]["last"] == ["2026-05-16", "complaint", 0, None, None, None]


def test_a_renewal_calls_though_nothing_adds_to_the_risk_and_own_actions_come_first(
    make_book,
):
    book = make_book(
        accounts=ACCOUNTS[:1],
        interactions=[at("a", "2026-05-30")],
        contracts=[
            {"account_id": "a", "starts_at": "2025-07-01", "ends_at": "2026-07-01"}
        ],
        scheduled=[
            {
                "account_id": "a",
                "scheduled_at": "2026-06-11",
                "kind": "call",
                "known_at": "2026-05-01",
            }
        ],
    )
    night, everybody = rule_night(book, NIGHT)
    (line,) = tonight(book, looked_by(None, night.scores, NIGHT), night, everybody, 1)[
        "accounts"
    ]
    assert (line["action_code"], line["source"]) == ("prepare_renewal", "S9, S25")
    assert (line["renewal"], line["left"], line["touch"]) == (30.0, 30.0, 10.0)
    own = (Play(Action("invite", "Invite them."), ("handbook",)),)
    night, everybody = rule_night(book, NIGHT, plays=own)
    looked = looked_by(None, night.scores, NIGHT, own)
    (line,) = tonight(book, looked, night, everybody, 1)["accounts"]
    assert (line["action"], line["source"]) == ("Invite them.", "handbook")
