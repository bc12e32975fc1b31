"""The predictor: from the body of a request to its answer, with no word on HTTP."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from features.engine import instant
from features.errors import RowError
from features.snapshot.frame import vector_hashes
from features.snapshot.of_request import LiveBook, Measured
from features.themes.dictionary import FEATURES
from models.score.reasons import REASON_COLUMNS
from serving.endpoint.faults import joined, unfit
from serving.endpoint.reading import read_request
from serving.endpoint.request_schemas import PredictRequest, rows_of
from serving.endpoint.schemas import Prediction, PredictResponse
from serving.scorer import Scorer

OF_THE_REQUEST = ("as_of", "model_version")
"""Columns of scores that an answer has once, and not for each account."""


class Predictor:
    """Scores accounts from their raw interactions and surveys."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._book = LiveBook(scorer.facts, vocabularies=scorer.trained.vocabularies)

    def predict(self, body: bytes) -> PredictResponse:
        """The scores of the accounts of a request, in its order.

        Raises:
            UnfitError: the request has faults.
        """
        read = read_request(body, self._scorer.facts)
        request = read.request
        measured = self._measured(request)
        scores = self._scorer.score(measured.frame)
        scores = scores.assign(
            features_hash=vector_hashes(measured.frame, list(FEATURES))
        )
        rows = {row["account_id"]: row for row in scores.to_dict("records")}
        return PredictResponse(
            as_of=request.as_of,
            model_version=self._scorer.version,
            predictions=[
                _prediction(rows[account.account_id]) for account in request.accounts
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


def _prediction(row: dict[Hashable, Any]) -> Prediction:
    values = {
        name: None if pd.isna(value) else value
        for name, value in row.items()
        if name not in OF_THE_REQUEST
    }
    told = [reason for reason in map(values.pop, REASON_COLUMNS) if reason]
    return Prediction.model_validate({**values, "reasons": told})
