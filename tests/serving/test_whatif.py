"""What if, on the sample company and its champions: what is told adds up, and the same question has one answer."""

import numpy as np
import pandas as pd
import pytest

from features.edits.kinds import COMPETITOR_ENTERS, KINDS, REP_LEAVES
from features.errors import EvidenceError
from models.effects.evidence import NOTHING_SEEN
from serving.scorer import load_models
from serving.whatif.answer import answer
from serving.whatif.everybody import everybody
from serving.whatif.handing_over import Colleague
from serving.whatif.known import known_of
from serving.whatif.question import Question, every
from serving.whatif.scene import scene_of
from training.effects.study import evidence_of
from training.past.observed import observe


@pytest.fixture(scope="module")
def scene(sample_book, models_folder):
    return scene_of(sample_book, load_models(models_folder), sample_book.end)


@pytest.fixture(scope="module")
def known(scene):
    observed = observe(scene.book)
    return {
        name: known_of(scene, kind, evidence_of(observed, kind))
        for name, kind in KINDS.items()
    }


@pytest.fixture(scope="module")
def question(scene):
    """The first rep of the book leaves."""
    return every(REP_LEAVES, scene)[0]


@pytest.fixture(scope="module")
def told(scene, question, known):
    return answer(scene, [question], {REP_LEAVES.name: known[REP_LEAVES.name]})


def test_the_accounts_that_move_are_those_that_the_rep_carries(scene, question, told):
    mine = set(question.accounts(scene))
    assert {each["account_id"] for each in told["moved"]} == mine
    assert told["accounts"] == len(mine)
    assert [each["days"] for each in told["lost"]] == [30, 60, 90, 180]


def test_what_is_lost_is_the_sum_of_the_accounts(told):
    for place, lost in enumerate(told["lost"]):
        risks = [each["risks"][place] for each in told["moved"]]
        assert lost["before"] == pytest.approx(sum(r["before"] for r in risks))
        assert lost["more"]["mean"] == pytest.approx(
            sum(r["more"]["mean"] for r in risks)
        )
        assert lost["more_by_edit"] == pytest.approx(
            sum(r["by_edit"] - r["before"] for r in risks)
        )
        for risk in risks:
            low, high = risk["before_range"]["low"], risk["before_range"]["high"]
            assert low - 1e-9 <= risk["before"] <= high + 1e-9
        assert lost["more"]["low"] <= lost["more"]["mean"] <= lost["more"]["high"]


def test_the_chances_of_all_states_sum_to_one(told):
    for each in told["moved"]:
        gone = next(risk for risk in each["risks"] if risk["days"] == 90)
        before = sum(one["before"] for one in each["quadrants"]) + gone["before"]
        after = sum(one["after"]["mean"] for one in each["quadrants"])
        assert before == pytest.approx(1.0)
        assert after + gone["after"]["mean"] == pytest.approx(1.0)


def test_the_first_has_most_to_lose(told):
    """What an account is worth counts as usual where nothing tells it."""
    known = [each["value"] for each in told["moved"] if each["value"] is not None]
    usual = sum(known) / len(known)
    stakes = [
        each["risks"][2]["more"]["mean"]
        * (usual if each["value"] is None else each["value"])
        for each in told["moved"]
    ]
    assert stakes == pytest.approx(sorted(stakes, reverse=True))


def test_accounts_go_to_reps_who_stay_the_most_urgent_first(scene, question, told):
    order = [each["account_id"] for each in told["hand_over"]]
    assert order == [each["account_id"] for each in told["moved"]]
    staying = {one.holder for one in every(REP_LEAVES, scene)} - {question.holder}
    assert {each["to"] for each in told["hand_over"]} <= staying


def test_one_rep_among_all_is_told_as_alone(scene, question, known, told):
    rows = everybody(scene, known[REP_LEAVES.name])
    assert len(rows) == len(every(REP_LEAVES, scene))
    (row,) = [row for row in rows if row["holder"] == question.holder]
    assert row["more"] == told["lost"][-1]["more"]
    parts = [row[name]["more"]["mean"] for name in ("people_carried", "others")]
    assert sum(parts) == pytest.approx(row["more"]["mean"])


def test_several_at_once_meet_the_accounts_of_each(scene, question, known):
    entered = every(COMPETITOR_ENTERS, scene)[0]
    both = answer(scene, [question, entered], known)
    met = set(question.accounts(scene)) | set(entered.accounts(scene))
    assert both["accounts"] == len(met)
    assert {each["account_id"] for each in both["hand_over"]} == set(
        question.accounts(scene)
    )


def test_a_book_that_saw_nothing_says_so_and_is_less_sure(scene, question, known, told):
    unseen = {REP_LEAVES.name: known_of(scene, REP_LEAVES, NOTHING_SEEN)}
    blind = answer(scene, [question], unseen)
    assert "Out of what this book has seen" in blind["evidence"][0]["sentences"][0]
    width, blind_width = (
        np.log1p(np.ptp(one.posterior.drawn()[0]))
        for one in (known[REP_LEAVES.name], unseen[REP_LEAVES.name])
    )
    assert blind_width > width
    assert blind["lost"][-1]["before"] == told["lost"][-1]["before"]


def test_a_rep_whom_nobody_knows_is_refused_without_a_name(scene):
    with pytest.raises(EvidenceError, match="a rep that holds no account") as refused:
        Question(REP_LEAVES, "Nobody Atall").accounts(scene)
    assert "Nobody" not in str(refused.value)


def test_points_of_a_colleague_by_hand():
    fits = Colleague("b", "nurturer", days=730.0, load=20)
    assert fits.points("nurturer", usual_load=40) == 1.0 + 1.0 - 0.5
    assert fits.points("pounder", usual_load=40) == -0.5 + 1.0 - 0.5
    assert fits.points(None, usual_load=40) == 0.5
    new = Colleague("c", None, days=73.0, load=0)
    assert new.points("nurturer", usual_load=40) == pytest.approx(0.2)
    assert fits.why("nurturer") == "same style, here 2.0 years, 20 accounts"


class NobodyHeld:
    """A scene in which no rep carries an account, as in a book without names of reps."""

    def held(self, kind):
        return pd.DataFrame({"holder": []})


def test_a_book_without_reps_is_told_what_it_lacks():
    with pytest.raises(EvidenceError, match="with a rep_id"):
        every(REP_LEAVES, NobodyHeld())
