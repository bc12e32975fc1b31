"""Actions of a user's own: added before ours, said in other words, or in place of all of ours."""

import pytest

from features.errors import SettingError
from models.score.actions_toml import read_plays
from models.score.choosing import choose
from models.score.playbook import PLAYS
from models.score.reasons import Reason

SILENT, OWED = Reason("days_silent", 41.0), Reason("promises_overdue", 1.0)


@pytest.fixture
def reads(tmp_path):
    def read(text):
        file = tmp_path / "actions.toml"
        file.write_text(text, encoding="utf-8")
        return read_plays(file)

    return read


INVITE = """
[[actions]]
code = "invite"
sentence = "Invite them to the autumn fair."
source = "handbook, page 12"
"""


def test_an_own_action_stands_before_ours_where_its_conditions_hold(reads):
    plays = reads(
        INVITE
        + 'reasons = ["indifference.days_silent"]\nat_least = 30\nat_most = 60\nquadrants = ["poor"]'
    )
    assert plays[1:] == PLAYS
    assert plays[0].seeds == ("handbook, page 12",)
    assert choose([OWED, SILENT], "poor", "recovery", plays).code == "invite"
    assert (
        choose([OWED, SILENT], "exceptional", "recovery", plays).code == "keep_promise"
    )
    for days, expected in (
        (29.0, "reach_out"),
        (30.0, "invite"),
        (60.0, "invite"),
        (61.0, "reach_out"),
    ):
        told = [Reason("days_silent", days)]
        assert choose(told, "poor", "expectations", plays).code == expected


def test_an_action_of_ours_in_other_words_keeps_its_place(reads):
    plays = reads('[[actions]]\ncode = "keep_promise"\nsentence = "Keep your word."')
    assert len(plays) == len(PLAYS)
    chosen = choose([SILENT, OWED], "poor", "recovery", plays)
    assert (chosen.code, chosen.sentence) == ("keep_promise", "Keep your word.")


def test_an_action_of_ours_with_conditions_is_moved_before_the_others(reads):
    plays = reads(
        '[[actions]]\ncode = "reach_out"\nsentence = "Call."\nzones = ["recovery"]'
    )
    assert [play.action.code for play in plays].count("reach_out") == 1
    assert choose([OWED], "poor", "recovery", plays).sentence == "Call."


def test_none_of_ours_is_left_where_they_are_replaced(reads):
    plays = reads("replace = true\n" + INVITE + 'zones = ["surprises"]')
    assert [play.action.code for play in plays] == ["invite"]
    assert choose([OWED], "poor", "recovery", plays).code == "deliver_as_agreed"


@pytest.mark.parametrize(
    ("text", "where", "found", "expected"),
    [
        ("actions = 1", "actions.toml, actions", "another value", "list"),
        ("", "actions.toml, actions", "another value", "Field required"),
        (
            "[[actions]]\ncode = 'a b'\nsentence = 'x'",
            "actions[1].code",
            "another",
            "pattern",
        ),
        (INVITE + "zone = ['x']", "actions[1].zone", "another", "not permitted"),
        (INVITE + "zones = ['x']", "actions[1].zones", "x", "expectations, recovery"),
        (
            INVITE + "quadrants = ['rich']",
            "actions[1].quadrants",
            "rich",
            "exceptional",
        ),
        (
            INVITE + "reasons = ['voice.nothing']",
            "actions[1].reasons",
            "voice.nothing",
            "a code",
        ),
        (INVITE + "at_least = '3'", "actions[1].at_least", "another", "number"),
        (INVITE + "at_least = 3", "actions[1]", "at_least or at_most alone", "reasons"),
        (INVITE + INVITE, "actions.toml", "two actions invite", "each code once"),
        ("[[actions", "actions.toml", "no TOML (Expected", "UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(reads, text, where, found, expected):
    with pytest.raises(SettingError) as refused:
        reads(text)
    assert where in refused.value.where
    assert found in refused.value.found
    assert expected in refused.value.expected
