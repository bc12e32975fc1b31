"""The playbook: which action is the next one, by reasons, quadrant and zone written out here."""

import re

import pytest

from features.themes.dictionary import ENTRIES
from models.score.choosing import choose
from models.score.playbook import ACTIONS, PLAYS, STEADY
from models.score.reasons import Reason


@pytest.mark.parametrize(
    ("feature", "value", "quadrant", "action"),
    [
        ("failures_not_fixed_365d", 1.0, "exceptional", "fix_failure"),
        ("promises_overdue", 2.0, "exceptional", "keep_promise"),
        ("longest_open_wait", 9.0, "poor", "answer_now"),
        ("complaints_90d", 1.0, "poor", "apologise"),
        ("complaints_90d", 0.0, "poor", "ask_what_went_wrong"),
        ("days_since_main_rep_left", 20.0, "people_carried", "introduce_successor"),
        ("days_since_main_rep_left", 180.0, "people_carried", "mend_product"),
        ("people_over_product", 2.0, "people_carried", "widen_contact"),
        ("days_since_competitor", 20.0, "product_carried", "answer_competitor"),
        ("declined_180d", 2.0, "exceptional", "offer_options"),
        ("pinch_signs", 2.0, "exceptional", "clarify_fix_follow_up"),
        ("tone_change", -0.5, "exceptional", "clarify_fix_follow_up"),
        ("tone_change", 0.5, "exceptional", "deliver_as_agreed"),
        ("days_silent", 41.0, "product_carried", "reach_out"),
        ("activity_ratio", 0.4, "unknown", "reach_out"),
        ("activity_ratio", 1.4, "unknown", "deliver_as_agreed"),
        ("days_since_opened", 900.0, "product_carried", "give_them_a_person"),
        ("failed_payment_open", 1.0, "exceptional", "settle_payment"),
        ("failed_payment_open", 0.0, "exceptional", "deliver_as_agreed"),
        ("days_to_term_end", 60.0, "exceptional", "prepare_renewal"),
        ("days_to_term_end", 61.0, "exceptional", "deliver_as_agreed"),
        ("days_to_term_end", -1.0, "exceptional", "deliver_as_agreed"),
    ],
)
def test_a_reason_calls_for_its_action_where_its_value_does(
    feature, value, quadrant, action
):
    assert feature in ENTRIES
    assert choose([Reason(feature, value)], quadrant, "expectations").code == action


def test_what_we_owe_comes_before_what_is_a_stronger_reason():
    silent, owed = Reason("days_silent", 41.0), Reason("promises_overdue", 1.0)
    assert choose([silent, owed], "poor", "recovery").code == "keep_promise"
    assert choose([silent], "poor", "recovery").code == "make_good"
    assert choose([silent], "poor", "expectations").code == "reach_out"
    carried = Reason("people_over_product", 2.0)
    assert choose([carried, silent], "people_carried", "unknown").code == "reach_out"


def test_nobody_is_surprised_who_waits_for_us():
    assert choose([], "exceptional", "surprises").code == "surprise"
    key, other = Reason("account_tier", 0.0), Reason("account_tier", 3.0)
    assert choose([key], "exceptional", "surprises").code == "wow"
    assert choose([key], "exceptional", "recovery").code == "make_good"
    assert choose([other], "exceptional", "surprises").code == "surprise"
    assert choose([], "exceptional", "recovery").code == "make_good"
    assert choose([], "unknown", "unknown") == STEADY


@pytest.mark.parametrize("value", [None, "gold"])
def test_what_is_not_known_and_what_is_no_number_calls_for_nothing(value):
    reasons = [Reason("promises_overdue", value), Reason("plan", value)]
    assert choose(reasons, "exceptional", "unknown") == STEADY


def test_every_play_hangs_on_codes_that_there_are_and_names_its_seeds():
    codes = {entry.code for entry in ENTRIES.values()}
    for play in PLAYS:
        assert set(play.codes) <= codes
        assert all(re.fullmatch(r"S([1-9]|[12]\d|3[0-5])", seed) for seed in play.seeds)
        assert play.codes or play.quadrants or play.zones
    assert ACTIONS["reach_out"].sentence.endswith(".")
