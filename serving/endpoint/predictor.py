"""The predictor: from the body of a request to its answer, with no word on HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from features.engine import instant
from features.errors import RowError
from features.snapshot.of_request import LiveBook, Measured
from serving.endpoint.answer_schemas import PredictResponse
from serving.endpoint.faults import joined, unfit
from serving.endpoint.predictions import prediction_of
from serving.endpoint.reading import read_request
from serving.endpoint.request_schemas import (
    Account,
    Interaction,
    PredictRequest,
    Survey,
    rows_of,
)
from serving.scorer import Scorer


class Predictor:
    """Scores accounts from their raw interactions and surveys.

    Attributes:
        scorer: what scores.
        since: when it was made.
    """

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.since = scorer, datetime.now(UTC)
        self._book = LiveBook(scorer.facts, vocabularies=scorer.trained.vocabularies)

    def predict(self, body: bytes) -> PredictResponse:
        """The scores of the accounts of a request, in its order.

        Raises:
            UnfitError: the request has faults.
        """
        read = read_request(body, self.scorer.facts)
        request = read.request
        measured = self._measured(request)
        scores = self.scorer.score(measured.frame)
        rows = {row["account_id"]: row for row in scores.to_dict("records")}
        return PredictResponse(
            as_of=request.as_of,
            model_version=self.scorer.version,
            predictions=[
                prediction_of(rows[account.account_id] | _of_request(request, account))
                for account in request.accounts
            ],
            warnings=[names.sentence for names in (*read.unknown, *measured.unknown)],
        )

    def _measured(self, request: PredictRequest) -> Measured:
        try:
            return self._book.measure(instant(request.as_of), rows_of(request))
        except RowError as error:
            place = joined(place_of(request, error.table, error.row), error.field)
            unfit(place, found=error.found, expected=error.expected, mend=error.mend)


def place_of(request: PredictRequest, table: str, row: int) -> str:
    """Where in a request the row of a table stands; rows count from 1."""
    if table in ("interactions", "surveys"):
        before = row - 1
        for number, account in enumerate(request.accounts):
            rows = len(getattr(account, table))
            if before < rows:
                return f"accounts[{number}].{table}[{before}]"
            before -= rows
    return f"{table}[{row - 1}]"


def _of_request(request: PredictRequest, account: Account) -> dict[str, Any]:
    """What the scores of an account take from its request: the moment, and how far what was sent goes."""
    dated: list[Interaction | Survey] = [*account.interactions, *account.surveys]
    known = [max(row.occurred_at, row.known_at or row.occurred_at) for row in dated]
    watermark = max((time for time in known if time <= request.as_of), default=None)
    return {"as_of": request.as_of, "watermark": watermark}
