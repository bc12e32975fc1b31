"""Telling: what is said of a value against the account's own usual and its peers, and when nothing is."""

import re

import numpy as np
import pytest

from features.themes.dictionary import ENTRIES
from models.score.reasons_page import example
from models.score.telling import Row, sentence

NAN = float("nan")
HEARD = {"heard_365d": 5.0, "heard_90d": 2.0}
OLD = {"days_on_record": 900.0}


def said(feature, value, typical=None, **columns):
    row = {feature: value} | columns
    arrays = {name: np.array([each]) for name, each in row.items()}
    peers = {} if typical is None else {feature: typical}
    return sentence(ENTRIES[feature], Row(arrays, 0), peers)


@pytest.mark.parametrize(
    ("usual_gap", "expected"),
    [
        (12.0, "No sign of life for 53 days; they usually come every 12 days"),
        (7.0, "No sign of life for 53 days; they usually come every week"),
        (36.0, None),  # less than one and a half times their usual pause
    ],
)
def test_silence_is_told_against_their_own_rhythm(usual_gap, expected):
    found = said("days_silent", 53.0, 90.0, usual_gap=usual_gap, active_days=9.0)
    assert found == expected


def test_an_order_that_is_late_is_told_against_their_usual_gap():
    # 5 purchases over 101 - 53 = 48 days: one every 12 days.
    late = {"purchases_ever": 5.0, "days_since_opened": 101.0}
    assert said("days_since_purchase", 53.0, **late) == (
        "No order for 53 days; they usually order every 12 days"
    )
    # Over 300 - 53 = 247 days it is one every 62 days.
    slow = late | {"days_since_opened": 300.0}
    assert said("days_since_purchase", 53.0, **slow) is None


@pytest.mark.parametrize(
    ("feature", "value", "typical", "expected"),
    [
        ("people_level", 3.2, 5.8, "Scores our people 3.2 of 10; others 5.8"),
        ("people_level", 7.2, 5.8, None),
        ("outreaches_365d", 0.0, 4.0, "We have not reached out in a year; others heard from us 4 times"),
        ("outreaches_365d", 0.0, 0.0, None),
        ("outreaches_365d", 1.0, 4.0, "We reached out once in a year; others heard from us 4 times"),
        ("mean_purchase", 1_250.0, 3_400.4, "An order of theirs comes to 1,250; those of others to 3,400"),
        ("mean_purchase", 1_250.0, 900.0, None),
        ("purchases_365d", 0.0, 0.0, None),
        ("minutes_late_180d", 150.0, 0.0, "Deliveries came 2.5 hours late"),
        ("minutes_late_180d", 150.0, 30.0, "Deliveries came 2.5 hours late; to others 30 minutes"),
        ("complaints_90d", 0.0, None, None),
        ("complaints_90d", NAN, None, None),
        ("hours_to_answer_90d", 5.0, 4.1, "Waits 5 hours for a first answer; others 4.1 hours"),
        ("hours_to_answer_90d", 72.0, 58.0, "Waits 3 days for a first answer; others 2 days"),
        ("days_to_resolution_90d", 1.4, 1.1, None),  # both would read as 1 day
        ("reps_365d", 4.0, 3.0, "4 people of ours served them in a year; 3 is typical"),
    ],
)  # fmt: skip
def test_a_value_is_told_against_its_peers_where_it_is_worse(
    feature, value, typical, expected
):
    assert said(feature, value, typical) == expected


@pytest.mark.parametrize(
    ("feature", "value", "columns", "expected"),
    [
        ("promises_overdue", 1.0, {"longest_overdue": 21.0}, "A promise is overdue by 3 weeks"),
        ("promises_overdue", 2.0, {"longest_overdue": 9.0}, "2 promises are overdue, the oldest by 9 days"),
        ("waiting_180d", 1.0, {}, "1 matter waits for us"),
        ("waiting_180d", 2.0, {}, "2 matters wait for us"),
        ("failures_90d", 1.0, {}, "We failed them once in 90 days"),
        ("declined_180d", 1.0, {}, "We declined 1 request in 6 months"),
        ("days_since_complaint", 1.0, {}, "Complained yesterday"),
        ("days_in_quadrant", 243.0, {"quadrant": 0.0}, "Has scored both the product and our people low for 8 months"),
        ("days_in_quadrant", 243.0, {"quadrant": 3.0}, None),
        ("quadrant", 3.0, {}, None),
        ("last_move", 1.0, {}, None),
        ("product_change", 2.0, {}, None),
        ("product_change", -2.0, {}, "Their last score of the product fell by 2"),
        ("tone_365d", 0.4, HEARD, None),
        ("tone_365d", -0.4, HEARD, "Wrote or called 5 times in a year and sounds unhappy"),
        ("tone_365d", -0.4, HEARD | {"heard_365d": 1.0}, None),
        ("reply_rate", 0.0, {"outreaches_365d": 4.0, "replies_365d": 0.0}, "Answered none of our 4 messages in a year"),
        ("reply_rate", 0.0, {"outreaches_365d": 1.0, "replies_365d": 0.0}, None),
        ("spent_90d", 0.0, {"spent_365d": 3_650.0} | OLD, "Spent nothing in 90 days; 900 is usual for them"),
        ("spent_90d", 0.0, {"spent_365d": 0.0} | OLD, None),
        ("minutes_used_30d", 20.0, {"minutes_used_180d": 540.0} | OLD,
         "Used the product 20 minutes in 30 days; 1.5 hours is usual for them"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_write_them_and_good_news_are_not_told(
    feature, value, columns, expected
):
    assert said(feature, value, **columns) == expected


SPEAKING = [name for name, entry in ENTRIES.items() if entry.says]


@pytest.mark.parametrize("name", SPEAKING)
def test_every_feature_that_can_speak_has_an_example(name):
    assert example(ENTRIES[name])


@pytest.mark.parametrize("name", SPEAKING)
def test_which_values_are_bad_news_is_declared_or_said_by_a_condition(name):
    for saying in ENTRIES[name].says:
        is_set_against_typical = ENTRIES[name].bad != "either" and saying.usual is None
        assert is_set_against_typical or saying.where is not None, saying.words


@pytest.mark.parametrize("name", [n for n in SPEAKING if ENTRIES[n].bad == "high"])
def test_no_feature_says_one_of_several(name):
    others = dict.fromkeys(set(ENTRIES) - {name}, 1.0)
    found = said(name, 1.0, 0.0, **others) or ""
    plural = r"(?<![\d.,+-])1 (\w+ )?(days|times|people|\w+s (are|were|wait|have))\b"
    assert re.search(plural, found) is None
