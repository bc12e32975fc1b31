"""What the endpoint gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.score.columns import CHANCES, MEANINGS


def _with_chances(schema: dict[str, Any]) -> None:
    """Describes the chances, which are the columns of scores whatever these are."""
    chance = {
        "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "null"}]
    }
    schema["properties"] |= {
        name: {**chance, "title": name, "description": said}
        for name, said in MEANINGS.items()
    }
    schema["required"] += CHANCES
    schema["additionalProperties"] = False


class Prediction(BaseModel):
    """The scores of one account; a chance that cannot be given is null.

    ``risk_{h}d`` is the risk of having left within so many days: of 0 only for books without departures, where leaving
    is judged by silence. ``silent_90d`` is of risk_90d the part that is leaving without a word. ``p_{state}_90d`` is
    where the account is in 90 days, its quadrant being the settled one, of the mean of its last three answers;
    ``next_{quadrant}`` is where its next answer within 90 days will be by itself, given that there is one.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra=_with_chances)
    __pydantic_extra__: dict[str, Annotated[float, Field(ge=0, le=1)] | None] = Field(
        init=False
    )

    account_id: str
    quadrant: Literal[
        "poor", "people_carried", "product_carried", "exceptional", "unknown"
    ]
    reasons: list[str] = Field(description="The strongest first, at most three.")
    features_hash: str = Field(
        description="Of the feature vector: a replay in batch gives the same."
    )


class PredictResponse(BaseModel):
    """The scores of a request, in its order."""

    as_of: datetime
    model_version: str
    predictions: list[Prediction]
    warnings: list[str] = Field(
        description="Names in the request that are not known, and what becomes of them."
    )
