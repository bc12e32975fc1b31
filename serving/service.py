"""The endpoint: a thin adapter from HTTP to the scorer. The one place that knows BentoML.

``POST /predict`` takes accounts with their raw interactions and surveys and gives their scores. The models are read
from the folder that the setting ``PINCH_MODELS`` names.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import bentoml
import pandas as pd
from bentoml.exceptions import InvalidArgument

from features.dictionary import FEATURES
from features.engine import instant
from features.errors import BookError, ModelError
from features.live import LiveBook, Measured
from features.snapshot import vector_hashes
from models.reasons import REASON_COLUMNS
from serving.json_only import JsonOnly
from serving.quiet_log import WithoutMessages
from serving.schemas import Account, Prediction, PredictRequest, PredictResponse, rows_of
from serving.scorer import load_models

MODELS = "PINCH_MODELS"
THREADS = 4

logging.getLogger("bentoml._internal.server.http_app").addFilter(WithoutMessages())


@bentoml.service(
    name="pinch",
    threads=THREADS,
    traffic={"timeout": 30},
    metrics={"enabled": True},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
)
class Pinch:
    """Scores accounts from their raw interactions and surveys."""

    def __init__(self) -> None:
        self._scorer = load_models(_models_folder())
        self._book = LiveBook(self._scorer.facts)

    @bentoml.api  # type: ignore[untyped-decorator]
    def predict(self, request: PredictRequest, /) -> PredictResponse:
        """The risk of leaving, the quadrant now and at 90 days, and the reasons, for each account."""
        ids = [account.account_id for account in request.accounts]
        _require(len(set(ids)) == len(ids), "accounts: found an account_id twice; expected each account once")
        measured = self._measured(request)
        frame = measured.frame
        scores = self._scorer.score(frame).assign(
            features_hash=vector_hashes(frame, list(FEATURES)), place=frame["account_id"].map(ids.index)
        )
        predictions = [_prediction(row) for row in scores.sort_values("place").to_dict("records")]
        return PredictResponse(
            as_of=request.as_of,
            model_version=self._scorer.version,
            predictions=predictions,
            warnings=[names.sentence for names in measured.unknown],
        )

    def _measured(self, request: PredictRequest) -> Measured:
        strange = sorted({name for account in request.accounts for name in account.facts} - self._scorer.facts.keys())
        known = ", ".join(self._scorer.facts) or "none"
        _require(not strange, f"accounts.facts: found unknown facts; expected only those of the training book: {known}")
        _require_types(request.accounts, dict(self._scorer.facts))
        try:
            return self._book.measure(instant(request.as_of), rows_of(request))
        except BookError as error:
            raise InvalidArgument(str(error)) from None


def _require_types(accounts: list[Account], types: dict[str, str]) -> None:
    for place, account in enumerate(accounts):
        for name, value in account.facts.items():
            fits = value is None or isinstance(value, str) == (types[name] == "text")
            _require(fits, f"accounts.{place}.facts.{name}: expected a {types[name]}")


def _models_folder() -> Path:
    """The folder that the setting names."""
    named = os.environ.get(MODELS, "").strip()
    if not named:
        raise ModelError(
            where=f"the setting {MODELS}",
            found="nothing",
            expected="the folder of the models to serve",
            mend=f"start the endpoint by pinch serve, or set {MODELS}",
        )
    return Path(named)


def _require(holds: bool, said: str) -> None:
    if not holds:
        raise InvalidArgument(said)


def _prediction(row: dict[Hashable, Any]) -> Prediction:
    values = {name: None if pd.isna(value) else value for name, value in row.items()}
    told = [values[column] for column in REASON_COLUMNS if values[column]]
    return Prediction.model_validate({**values, "reasons": told})


Pinch.add_asgi_middleware(JsonOnly)  # type: ignore[attr-defined]
