"""The predictor: from the body of a request to its answer, with no word on HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from features.cleaning.arrays.values import MISSING_US
from features.snapshot.of_request import LiveBook
from features.utc import moment_of
from serving.endpoint.answer_schemas import PredictResponse
from serving.endpoint.predictions import prediction_of
from serving.endpoint.reading import read_request
from serving.scorer import Scorer


class Predictor:
    """Scores accounts from their raw interactions and surveys.

    Attributes:
        scorer: what scores.
        since: when it was made.
    """

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.since = scorer, datetime.now(UTC)
        self._book = LiveBook(
            scorer.facts,
            vocabularies=scorer.trained.vocabularies,
            changing=scorer.changing,
        )

    def predict(self, body: bytes) -> PredictResponse:
        """The scores of the accounts of a request that have no faults, in its order, and the faults of the others.

        Raises:
            UnfitError: the request cannot be answered.
        """
        read = read_request(body, self.scorer.facts)
        measured = self._book.measure_request(read.as_of, read.request)
        scores = self.scorer.score(measured.frame)
        rows = {row["account_id"]: row for row in scores.to_dict("records")}
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


def _moment(micros: int) -> datetime | None:
    return None if micros == MISSING_US else moment_of(micros)
