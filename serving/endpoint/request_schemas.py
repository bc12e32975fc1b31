"""What the endpoint takes. Every number and every list is bounded, by the bounds of the contract.

Nothing is read as what it is not: ``true`` is no number, ``"8"`` is no number, and a number is no time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic import Strict as Strictly
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from features.cleaning.values import EARLIEST_YEAR, EXPECTED, LATEST_YEAR
from features.vocabulary.contract import TABLES
from features.vocabulary.kinds import KINDS
from serving.endpoint.limits import MOST_ACCOUNTS, MOST_ROWS

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII,
)


def _instant(given: object) -> datetime:
    """A time without a zone is UTC, as everywhere, and a date is its first instant."""
    try:
        if not isinstance(given, str) or not _ISO.fullmatch(given):
            raise ValueError
        moment = datetime.fromisoformat(given)
        moment = (
            moment.replace(tzinfo=UTC)
            if moment.tzinfo is None
            else moment.astimezone(UTC)
        )
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR or moment.year == 1970:
            raise ValueError
    except (ValueError, OverflowError):
        raise PydanticCustomError("time", _NO_TIME) from None
    return moment


_NO_TIME = (
    f'{EXPECTED["time"]}, as a text of ISO 8601; write it as "2026-11-21", which is its first instant, '
    'or as "2026-11-21T10:30:00Z"; without a zone it is UTC'
)


def _bounds(table: str, name: str) -> FieldInfo:
    """The bounds that the contract gives to a number."""
    (column,) = (column for column in TABLES[table].columns if column.name == name)
    bounds: FieldInfo = Field(
        strict=True, ge=column.low, le=column.high, allow_inf_nan=False
    )
    return bounds


Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200),
]
Number = Annotated[float, _bounds("interactions", "value")]
Time = Annotated[datetime, BeforeValidator(_instant, json_schema_input_type=str)]
Flag = Annotated[bool, Strictly()]


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
    minutes: Annotated[float, _bounds("interactions", "minutes")] | None = None
    sentiment: Annotated[float, _bounds("interactions", "sentiment")] | None = None
    items: Annotated[float, _bounds("interactions", "items")] | None = None

    @field_validator("minutes")
    @classmethod
    def _early_where_that_can_be(
        cls, minutes: float | None, info: ValidationInfo
    ) -> float | None:
        kind = KINDS.get(info.data.get("kind", ""))
        if (
            minutes is not None
            and minutes < 0
            and kind is not None
            and not kind.may_be_early
        ):
            raise PydanticCustomError(
                "lasting", "a number of at least 0 for this kind; correct it"
            )
        return minutes


class Survey(Strict):
    """One dated score on an item."""

    occurred_at: Time
    item: Text
    score: Annotated[float, _bounds("surveys", "score")]
    survey_id: Text | None = None
    response_id: Text | None = None
    known_at: Time | None = None
    scale_min: Annotated[float, _bounds("surveys", "scale_min")] | None = None
    scale_max: Annotated[float, _bounds("surveys", "scale_max")] | None = None
    higher_is_better: Flag | None = None
    source: Text | None = None
    rep_id: Text | None = None
    weight: Annotated[float, _bounds("surveys", "weight")] | None = None


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

    as_of: Time = Field(
        description="The moment that we look at; a date is its first instant, in UTC."
    )
    accounts: list[Account] = Field(min_length=1, max_length=MOST_ACCOUNTS)
    reps: list[Rep] = Field(
        default_factory=list,
        max_length=MOST_ROWS,
        description="Of the accounts' contacts.",
    )
    markets: list[MarketEvent] = Field(
        default_factory=list, max_length=MOST_ROWS, description="Of their markets."
    )


def rows_of(request: PredictRequest) -> dict[str, list[dict[str, object]]]:
    """What a request holds, as rows of the contract's tables."""
    rows: dict[str, list[dict[str, object]]] = {
        "accounts": [],
        "interactions": [],
        "surveys": [],
    }
    rows["reps"] = [dict(rep) for rep in request.reps]
    rows["markets"] = [dict(event) for event in request.markets]
    for account in request.accounts:
        named = {"account_id": account.account_id}
        rows["accounts"].append(
            {**account.facts, **named, "opened_at": account.opened_at}
        )
        rows["interactions"] += [
            {**named, **dict(interaction)} for interaction in account.interactions
        ]
        rows["surveys"] += [{**named, **dict(survey)} for survey in account.surveys]
    return rows
