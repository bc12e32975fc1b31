"""The predictor: from the body of a request to its answer, with no word on HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from features.cleaning.arrays.values import MISSING_US
from features.snapshot.of_request import LiveBook
from features.utc import moment_of
from serving.endpoint.answer_schemas import PredictResponse
from serving.endpoint.json_text import parse
from serving.endpoint.predictions import prediction_of
from serving.endpoint.reading import read_parsed
from serving.scorer import Scorer
from serving.scores import Scores


class Predictor:
    """Scores accounts from their raw interactions and surveys.

    Attributes:
        scorer: what scores.
        since: when it was made.
        book: measures accounts.
    """

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.since = scorer, datetime.now(UTC)
        self.book = LiveBook(
            scorer.facts,
            scorer.dictionary.features,
            vocabularies=scorer.trained.vocabularies,
            changing=scorer.changing,
            words=scorer.words,
        )

    def predict(self, body: bytes) -> PredictResponse:
        """The scores of the accounts of a request that have no faults, in its order, and the faults of the others.

        Raises:
            UnfitError: the request cannot be answered.
        """
        return self.answer(parse(body))

    def answer(self, request: object) -> PredictResponse:
        """As `predict`, of what the JSON holds."""
        read = read_parsed(request, self.scorer.facts, self.scorer.words)
        measured = self.book.measure_request(read.as_of, read.request)
        rows = _by_account(self.scorer.scores(measured.columns))
        as_of = moment_of(read.as_of)
        ids = read.request.tables["accounts"].columns["account_id"].tolist()
        known_to = map(_moment, read.request.watermarks(read.as_of).tolist())
        return PredictResponse(
            as_of=as_of,
            model_version=self.scorer.version,
            predictions=[
                prediction_of(rows[id_] | {"as_of": as_of, "watermark": watermark})
                for id_, watermark in zip(ids, known_to, strict=True)
            ],
            errors=read.faults.named,
            errors_found=read.faults.count,
            warnings=[names.sentence for names in (*read.unknown, *measured.unknown)],
        )


def _by_account(scores: Scores) -> dict[str, dict[str, Any]]:
    """Scores row by row, by the id of the account."""
    columns = [
        values if isinstance(values, list) else values.tolist()
        for values in scores.values()
    ]
    rows = [dict(zip(scores, row, strict=True)) for row in zip(*columns, strict=True)]
    return {row["account_id"]: row for row in rows}


def _moment(micros: int) -> datetime | None:
    return None if micros == MISSING_US else moment_of(micros)
