"""What the endpoint takes and gives. Unknown fields are refused, and every number is bounded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from features.cleaning import EARLIEST_YEAR, EXPECTED, LATEST_YEAR
from features.contract import LEAST_WEIGHT, MOST_WEIGHT

MOST_ACCOUNTS = 500
MOST_ROWS = 5_000
"""Rows of one kind for one account."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


def _utc(moment: datetime) -> datetime:
    """A time without a zone is UTC, as everywhere."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that UTC cannot hold") from None


Time = Annotated[datetime, AfterValidator(_utc)]


def _within_the_contract(moment: datetime) -> datetime:
    """The as-of date has the bounds that cleaning sets to every other time."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR or moment.year == 1970:
        raise ValueError(f"expected {EXPECTED['time']}")
    return moment


class Strict(BaseModel):
    """Refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Interaction(Strict):
    """One dated thing that happened between the account and us."""

    occurred_at: Time
    kind: Text
    interaction_id: Text | None = None
    known_at: Time | None = None
    rep_id: Text | None = None
    channel: Text | None = None
    matter_id: Text | None = None
    value: Number | None = None
    minutes: Number | None = None
    sentiment: Annotated[float, Field(ge=-1, le=1)] | None = None


class Survey(Strict):
    """One dated score on an item."""

    occurred_at: Time
    item: Text
    score: Number
    survey_id: Text | None = None
    response_id: Text | None = None
    known_at: Time | None = None
    scale_min: Number | None = None
    scale_max: Number | None = None
    higher_is_better: bool | None = None
    source: Text | None = None
    rep_id: Text | None = None
    weight: Annotated[float, Field(ge=LEAST_WEIGHT, le=MOST_WEIGHT)] | None = None


class Account(Strict):
    """An account with all that is known of it; what happened after the as-of date is not looked at."""

    account_id: Text
    opened_at: Time
    facts: dict[Text, Number | Text | None] = Field(
        default_factory=dict, description="What never changes: market, plan."
    )
    interactions: list[Interaction] = Field(default_factory=list, max_length=MOST_ROWS)
    surveys: list[Survey] = Field(default_factory=list, max_length=MOST_ROWS)


class Rep(Strict):
    """One of our people; without them what follows from a rep's tenure or leaving is not known."""

    rep_id: Text
    hired_at: Time | None = None
    left_at: Time | None = None
    style: Text | None = None


class MarketEvent(Strict):
    """Something that happened in a market, such as ``competitor_entered``."""

    market: Text
    occurred_at: Time
    kind: Text


class PredictRequest(Strict):
    """Accounts to score, with their raw interactions and surveys."""

    as_of: Annotated[Time, AfterValidator(_within_the_contract)] = Field(
        description="The moment that we look at; a date is its first instant, in UTC."
    )
    accounts: list[Account] = Field(min_length=1, max_length=MOST_ACCOUNTS)
    reps: list[Rep] = Field(default_factory=list, max_length=MOST_ROWS, description="Of the accounts' contacts.")
    markets: list[MarketEvent] = Field(default_factory=list, max_length=MOST_ROWS, description="Of their markets.")


class Prediction(BaseModel):
    """The scores of one account; a chance that cannot be given is null."""

    account_id: str
    quadrant: Literal["poor", "people_carried", "product_carried", "exceptional", "unknown"]
    risk_14d: float | None
    risk_30d: float | None
    risk_60d: float | None
    risk_90d: float | None
    risk_180d: float | None
    silent_90d: float | None = Field(description="Of risk_90d the part that is leaving without a word.")
    p_poor_90d: float | None
    p_people_carried_90d: float | None
    p_product_carried_90d: float | None
    p_exceptional_90d: float | None
    p_defected_90d: float | None
    reasons: list[str] = Field(description="The strongest first, at most three.")
    features_hash: str = Field(description="Of the feature vector: a replay in batch gives the same.")


class PredictResponse(BaseModel):
    """The scores of a request, in its order."""

    as_of: datetime
    model_version: str
    predictions: list[Prediction]
    warnings: list[str] = Field(description="Names in the request that are not known, and what becomes of them.")


def rows_of(request: PredictRequest) -> dict[str, list[dict[str, object]]]:
    """What a request holds, as rows of the contract's tables."""
    rows: dict[str, list[dict[str, object]]] = {"accounts": [], "interactions": [], "surveys": []}
    rows["reps"] = [dict(rep) for rep in request.reps]
    rows["markets"] = [dict(event) for event in request.markets]
    for account in request.accounts:
        named = {"account_id": account.account_id}
        rows["accounts"].append({**account.facts, **named, "opened_at": account.opened_at})
        rows["interactions"] += [{**named, **dict(interaction)} for interaction in account.interactions]
        rows["surveys"] += [{**named, **dict(survey)} for survey in account.surveys]
    return rows
