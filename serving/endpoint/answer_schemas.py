"""What the endpoint gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.score.bands import BAND_NAMES
from models.score.columns import AMOUNTS, CHANCES, MEANINGS
from models.score.playbook import ACTIONS
from models.score.tiers import TIERS
from serving.endpoint.faults import MOST_COUNTED, MOST_PLACES, Fault


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


class Reason(BaseModel):
    """One reason for the risk of an account."""

    code: str = Field(
        description="The theme and what it is: stays the same, so that a playbook can hang on it."
    )
    theme: str
    feature: str = Field(description="The feature or fact that gives it.")
    value: float | str | None = Field(
        description="What the account has there; null where that is not known."
    )
    sentence: str


class Action(BaseModel):
    """What to do about an account next."""

    code: str = Field(
        description="Of the playbook, or of actions of your own that the night was told.",
        examples=sorted(ACTIONS),
    )
    sentence: str


Quadrant = Literal[
    "poor", "people_carried", "product_carried", "exceptional", "unknown"
]


class Prediction(BaseModel):
    """The scores of one account; a chance that cannot be given is null.

    ``risk_{h}d`` is the risk of having left within so many days: of 0 only for books without departures, where leaving
    is judged by silence. ``silent_{h}d`` is of it the part that is leaving without a word. ``p_{state}_90d`` is where
    the account is in 90 days, its quadrant being the settled one, of the mean of its last three answers;
    ``next_{quadrant}`` is where its next answer within 90 days will be by itself, given that there is one.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra=_with_chances)
    __pydantic_extra__: dict[str, Annotated[float, Field(ge=0, le=1)] | None] = Field(
        init=False
    )

    account_id: str
    as_of: datetime = Field(description="The moment that was looked at.")
    watermark: datetime | None = Field(
        description="When the newest became known of what was known of the account by then; null if that is not known."
    )
    cold_start: bool = Field(
        description="Whether nothing of the account was on record: then the scores say what is usual of such accounts."
    )
    quadrant: Quadrant = Field(description="The settled quadrant of today.")
    zone: Literal["recovery", "expectations", "surprises", "unknown"] = Field(
        description="What the account needs of us now."
    )
    heading: Quadrant | Literal["defected"] = Field(
        description="Where it is most likely to be in 90 days."
    )
    band: Literal[*BAND_NAMES] = Field(  # type: ignore[valid-type]
        description="The risk at the horizon that lists look to, in a word."
    )
    value: float | None = Field(description=AMOUNTS["value"])
    gain: float | None = Field(
        description="What contacting is expected to bring, by the usual costs, or those that the night was told."
    )
    tier: Literal[*TIERS]  # type: ignore[valid-type]
    owed: str | None = Field(
        description="What we owe the account: it comes before anything else."
    )
    reasons: list[Reason] = Field(description="The strongest first, at most three.")
    action: Action
    model_version: str = Field(description="The models that gave the scores, or rules.")
    features_hash: str = Field(
        description="Of the feature vector: a replay in batch gives the same."
    )


class PredictResponse(BaseModel):
    """The scores of a request, in its order."""

    as_of: datetime
    model_version: str
    predictions: list[Prediction] = Field(description="Of the accounts without faults.")
    errors: list[Fault] = Field(
        max_length=MOST_PLACES,
        description="Why other accounts have no prediction: the first faults, by place.",
    )
    errors_found: int = Field(
        le=MOST_COUNTED, description="How many faults there are, counted up to here."
    )
    warnings: list[str] = Field(
        description="Names in the request that are not known, and what becomes of them."
    )


class StoredPrediction(Prediction):
    """The scores of an account of the last night, or by its stored history and what happened since."""

    age_days: float = Field(
        description="How long ago the moment is that was looked at."
    )


class Listed(StoredPrediction):
    """The scores of an account of tonight's list."""

    rank: int = Field(ge=1, description="Its place in the whole list.")
    ranked_by: str | None = Field(
        description="The risk that what is at stake looks to, or rules."
    )
    labels: dict[str, str | None] = Field(
        description="What people know the account by: its name, its owner."
    )


class AccountsResponse(BaseModel):
    """The scores of stored accounts, in the order of the request, and why others have none."""

    predictions: list[StoredPrediction]
    errors: list[Fault] = Field(max_length=MOST_PLACES)
    errors_found: int
    warnings: list[str]


class ListResponse(BaseModel):
    """Tonight's list, the account to contact first first."""

    as_of: datetime
    age_days: float
    model_version: str
    listed: int = Field(description="How long the whole list is.")
    accounts: list[Listed]


class Verdict(BaseModel):
    """What one rule of the gate said of a model before it became champion."""

    name: str
    passed: bool
    sentence: str


class ServedModel(BaseModel):
    """A model that serves, and what is known of its training."""

    name: str
    version: str
    trained_until: str | None = Field(description="The last day of its training data.")
    promoted_at: datetime | None
    promoted_anyway: str | None = Field(description="Why, where a verdict had failed.")
    horizon: int = Field(description="At which the figures are, in days.")
    figures: dict[str, float]
    verdicts: list[Verdict]


class ModelsResponse(BaseModel):
    """What serves, and since when."""

    model_version: str
    serving_since: datetime
    models: list[ServedModel]
