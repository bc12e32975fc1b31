"""The predictor: an answer has all that the scorer gives, and whatever an account may hold, sound chances."""

import json
from dataclasses import replace

import pytest
from any_account import require_sound

from features.snapshot.frame import snapshot
from models.score.columns import JUDGED, JUDGED_RISK, MEANINGS
from models.score.horizon import ALREADY_GONE
from models.score.playbook import ACTIONS
from models.score.reasons import Reason
from serving.endpoint.openapi import description
from serving.endpoint.predictor import Predictor

AS_OF = "2026-11-21"
BARE = {"as_of": AS_OF, "accounts": [{"account_id": "a", "opened_at": "2024-01-01"}]}


def predicted(predictor, request):
    """The answer to a request as a caller gets it, as JSON."""
    return json.loads(
        predictor.predict(json.dumps(request).encode()).model_dump_json(
            exclude_unset=True
        )
    )


@pytest.fixture(scope="module")
def predictor(scorer):
    return Predictor(scorer)


@pytest.fixture(scope="module")
def judging(scorer):
    """A scorer as of a book without departures, which judges who has left already."""
    blends = {ALREADY_GONE: scorer.defection.blends[90], **scorer.defection.blends}
    return replace(scorer, defection=replace(scorer.defection, blends=blends))


@pytest.mark.parametrize("which", ["scorer", "judging"])
def test_every_column_of_the_scorer_is_in_the_answer_and_in_its_description(
    which, request, sample_book
):
    scorer = request.getfixturevalue(which)
    columns = set(scorer.score(snapshot(sample_book, [sample_book.watermark]).head(3)))
    answer = predicted(Predictor(scorer), BARE)
    (prediction,) = answer["predictions"]
    of_reasons = {name for name in columns if name.startswith("reason_")}
    assert columns - of_reasons - {"action_code"} | {"reasons"} == set(prediction)
    described = description()["components"]["schemas"]["Prediction"]
    assert {
        name: described["properties"][name]["description"] for name in MEANINGS
    } == dict(MEANINGS)
    assert set(described["required"]) == set(prediction) - {*JUDGED}
    assert set(described["properties"]) == set(prediction) | {*JUDGED}
    assert (JUDGED_RISK in prediction) == (which == "judging")


def test_an_answer_tells_how_far_goes_what_was_sent_and_was_known(predictor):
    visits = [
        {"occurred_at": "2026-11-01", "kind": "visit"},
        {"occurred_at": "2026-10-01", "kind": "visit", "known_at": "2026-11-19"},
        {"occurred_at": "2026-11-20", "kind": "visit", "known_at": "2026-11-22"},
    ]
    accounts = [BARE["accounts"][0], BARE["accounts"][0] | {"account_id": "b"}]
    accounts[1]["interactions"] = visits
    cold, warm = predicted(predictor, BARE | {"accounts": accounts})["predictions"]
    assert (cold["watermark"], cold["cold_start"], cold["zone"]) == (
        None,
        True,
        "unknown",
    )
    assert (warm["watermark"], warm["cold_start"]) == ("2026-11-19T00:00:00Z", False)
    assert cold["as_of"] == "2026-11-21T00:00:00Z"


def test_each_reason_of_an_answer_has_its_code_theme_feature_value_and_sentence(
    predictor,
):
    silent = {"occurred_at": "2026-01-01", "kind": "visit"}
    account = BARE["accounts"][0] | {"interactions": [silent]}
    (prediction,) = predicted(predictor, BARE | {"accounts": [account]})["predictions"]
    assert prediction["reasons"]
    for told in prediction["reasons"]:
        assert set(told) == {"code", "theme", "feature", "value", "sentence"}
        assert told["code"].split(".")[0] == told["theme"]
        assert told == {
            "feature": told["feature"],
            "value": told["value"],
        } | {
            part: getattr(
                Reason(told["feature"], told["value"], told["sentence"]), part
            )
            for part in ("code", "theme", "sentence")
        }
    assert prediction["action"]["sentence"] == (
        ACTIONS[prediction["action"]["code"]].sentence
    )


def test_the_description_names_what_it_refers_to():
    text = json.dumps(description())
    schemas = description()["components"]["schemas"]
    for name in {
        part.split('"')[0] for part in text.split("#/components/schemas/")[1:]
    }:
        assert name in schemas


BAD = {"account_id": "b", "opened_at": "2024-01-01", "interactions": [{"kind": 7}]}


def test_an_account_with_faults_is_told_and_the_others_are_answered_as_without_it(
    predictor,
):
    (good,) = BARE["accounts"]
    last = good | {"account_id": "c"}
    answer = predicted(predictor, BARE | {"accounts": [last, BAD, good]})
    assert [p["account_id"] for p in answer["predictions"]] == ["c", "a"]
    assert [fault["place"] for fault in answer["errors"]] == [
        "accounts[1].interactions[0].occurred_at",
        "accounts[1].interactions[0].kind",
    ]
    assert answer["errors_found"] == 2
    alone = predicted(predictor, BARE | {"accounts": [last, good]})
    assert alone["predictions"] == answer["predictions"]
    assert (alone["errors"], alone["errors_found"]) == ([], 0)


def test_the_watermark_is_of_the_newest_row_that_was_known(predictor):
    visit = {"occurred_at": "2026-11-01", "kind": "visit"}
    late = {
        "occurred_at": "2026-11-02",
        "kind": "visit",
        "known_at": "2026-11-10T12:00",
    }
    later = {"occurred_at": "2026-11-03", "kind": "visit", "known_at": "2026-11-22"}
    accounts = [
        {"account_id": name, "opened_at": "2024-01-01", "interactions": rows}
        for name, rows in [("b", []), ("a", [visit, later, late]), ("c", [visit])]
    ]
    answer = predicted(predictor, BARE | {"accounts": accounts})
    told = {p["account_id"]: p["watermark"] for p in answer["predictions"]}
    assert told == {
        "b": None,
        "a": "2026-11-10T12:00:00Z",
        "c": "2026-11-01T00:00:00Z",
    }


EXTREMES = {
    "use": {"kind": "use", "minutes": 5_270_400},
    "hold": {"kind": "hold", "minutes": 5_270_400},
    "early": {"kind": "delivery", "minutes": -5_270_400},
    "late": {"kind": "delivery", "minutes": 5_270_400},
    "promise": {"kind": "promise_made", "minutes": 5_270_400, "matter_id": "m"},
    "spent": {"kind": "purchase", "value": 1e12},
    "credit": {"kind": "purchase", "value": -1e12},
    "nothing": {"kind": "purchase", "value": 5e-324},
}


@pytest.mark.parametrize("what", EXTREMES)
def test_thousands_of_rows_at_the_bounds_have_sound_chances(predictor, what):
    rows = [
        {"occurred_at": f"2026-{month:02d}-10", **EXTREMES[what]}
        for month in range(1, 12)
    ] * 90
    account = BARE["accounts"][0] | {"interactions": rows}
    (prediction,) = predicted(predictor, BARE | {"accounts": [account]})["predictions"]
    require_sound(prediction)
