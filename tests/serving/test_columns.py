"""The columns of scores: one list, and nobody has another one."""

import json

import pyarrow as pa
import pytest

from features.snapshot.frame import snapshot
from models.fitted.encoding import Encoding, rows_of
from models.score.columns import CHANCES, COLUMNS, JUDGED, names
from serving.endpoint.openapi import description
from serving.endpoint.predictor import Predictor
from serving.night.night import score_night
from serving.night.on_spark import arrow_schema
from serving.night.without_models import score_by_rules


@pytest.fixture(scope="module")
def frame(sample_book):
    return snapshot(sample_book, [sample_book.watermark]).head(60)


@pytest.fixture
def encoded(monkeypatch):
    """How many rows each encoding of a snapshot had."""
    rows, matrix = [], Encoding.matrix

    def counted(self, frame):
        rows.append(rows_of(frame))
        return matrix(self, frame)

    monkeypatch.setattr(Encoding, "matrix", counted)
    return rows


def test_the_list_begins_with_the_account_and_has_the_judged_risk_before_the_others():
    assert names(judged=True)[:6] == [
        "account_id",
        "as_of",
        "quadrant",
        "zone",
        "risk_0d",
        "risk_14d",
    ]
    assert set(names(judged=True)) - set(names(judged=False)) == set(JUDGED)
    assert names(judged=True)[-2:] == ["features_hash", "model_version"]
    assert len({column.name for column in COLUMNS}) == len(COLUMNS) == 50


def test_the_scorer_fills_every_column_of_the_list(scorer, frame):
    scores = scorer.score(frame)
    assert list(scores) == names(judged=False)
    empty = [name for name in scores if scores[name].isna().all()]
    assert set(empty) <= {"watermark", "owed"}  # a snapshot does not hold it
    assert scores[list(CHANCES)].notna().all(axis=None)


def test_rules_have_every_column_and_no_chance(frame):
    scores = score_by_rules(frame)
    assert list(scores) == names(judged=False)
    assert scores[list(CHANCES)].isna().all(axis=None)
    assert (scores[list(CHANCES)].dtypes == "float64").all()


@pytest.mark.parametrize("judged", [True, False])
def test_spark_has_every_column_with_its_type(judged):
    schema = arrow_schema(names(judged))
    assert schema.names == names(judged)
    assert schema.field("cold_start").type == pa.bool_()
    assert schema.field("as_of").type == pa.date32()
    assert (
        schema.field("risk_90d").type == schema.field("at_stake").type == pa.float64()
    )
    assert (
        schema.field("reason_1").type == schema.field("account_id").type == pa.string()
    )


def test_scores_and_those_by_rules_fit_the_types_of_spark(scorer, frame):
    for scores in (scorer.score(frame), score_by_rules(frame)):
        batch = pa.RecordBatch.from_pandas(scores, arrow_schema(scores))
        assert batch.to_pandas()["as_of"].tolist() == scores["as_of"].tolist()
        assert batch.column("risk_90d").null_count == scores["risk_90d"].isna().sum()


def test_an_answer_has_every_column_once_and_is_described_so():
    described = description()["components"]["schemas"]["Prediction"]
    reasons = {name for name in names(judged=True) if name.startswith("reason_")}
    own = {*names(judged=True)} - reasons - {"action_code"} | {"reasons"}
    assert set(described["properties"]) == own
    assert set(described["required"]) == own - {*JUDGED}


def test_a_night_encodes_each_account_once(scorer, sample_book, encoded):
    night = score_night(sample_book, sample_book.watermark, scorer)
    assert encoded == [len(night.scores)]


def test_a_request_is_encoded_once(scorer, encoded):
    account = {"account_id": "a", "opened_at": "2024-01-01"}
    body = json.dumps(
        {"as_of": "2026-11-21", "accounts": [account, {**account, "account_id": "b"}]}
    )
    answer = Predictor(scorer).predict(body.encode())
    assert len(answer.predictions) == 2
    assert encoded == [2]
