"""Predictions: the one shape of an answer on an account, from a row of scores, whoever made it and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from models.score.columns import AMOUNTS, MEANINGS
from models.score.reasons import Reason, of_columns
from serving.endpoint import answer_schemas
from serving.endpoint.answer_schemas import Prediction

_SAME = (
    "account_id",
    "quadrant",
    "zone",
    "heading",
    "band",
    "tier",
    "cold_start",
    "features_hash",
    "model_version",
)
"""Columns of scores that an answer has as they are."""


def prediction_of(row: Mapping[Any, Any]) -> Prediction:
    """The answer on an account.

    Args:
        row: of scores, see `models.score.columns`; ``as_of`` is a day or a moment.
    """
    return Prediction.model_validate(values_of(row))


def values_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What an answer holds on an account, see `prediction_of`."""
    values: dict[str, Any] = {name: row[name] for name in _SAME}
    for chance in MEANINGS:
        if chance in row:
            values[chance] = _known(row[chance])
    for name in (*AMOUNTS, "owed"):
        values[name] = _known(row[name])
    values["as_of"] = _moment(row["as_of"])
    values["watermark"] = _known(row["watermark"])
    values["action"] = {"code": row["action_code"], "sentence": row["action"]}
    values["reasons"] = [_reason(reason) for reason in of_columns(row)]
    return values


def age_days(as_of: datetime) -> float:
    """How long ago a moment is, in days; nothing of one to come."""
    return round(max((datetime.now(UTC) - as_of) / timedelta(days=1), 0.0), 4)


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def _moment(as_of: Any) -> datetime:
    """A day is its first instant."""
    if isinstance(as_of, datetime):
        return as_of
    return datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)


def _reason(reason: Reason) -> answer_schemas.Reason:
    return answer_schemas.Reason.model_validate(reason, from_attributes=True)
