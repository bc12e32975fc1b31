"""What the endpoint takes, described: the fields and bounds by which `serving.endpoint.reading` reads."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model
from pydantic import Strict as Strictly

from features.cleaning.arrays.typed import columns_of
from features.cleaning.arrays.values import ISO_8601, MOST_CHARACTERS
from features.cleaning.values import EXPECTED
from features.vocabulary.contract import LARGEST, Column
from serving.endpoint.limits import MOST_ACCOUNTS, MOST_ROWS


class Strict(BaseModel):
    """Refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[
    str,
    StringConstraints(
        strict=True, min_length=1, max_length=MOST_CHARACTERS, pattern=r"\S"
    ),
]
Time = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^{ISO_8601}$"),
    Field(description=f"ISO 8601: {EXPECTED['time']}; without a zone it is UTC."),
]
Flag = Annotated[bool, Strictly()]


def _number(low: float | None, high: float | None) -> Any:
    bounds = Field(strict=True, ge=low, le=high, allow_inf_nan=False)
    return Annotated[float, bounds]


def _type(column: Column) -> Any:
    if column.type == "number":
        return _number(column.low, column.high)
    return {"text": Text, "time": Time, "flag": Flag}[column.type]


def _rows(name: str, table: str, said: str) -> tuple[type[Strict], type[Strict]]:
    """The schemas of a row of a table, and of rows that are sent column by column."""
    row: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    for column in columns_of(table):
        one, or_none = _type(column), _type(column) | Literal[""] | None
        many = Annotated[list[or_none], Field(max_length=MOST_ROWS)]  # type: ignore[valid-type]
        row[column.name] = (one, ...) if column.required else (or_none, None)
        columns[column.name] = (many, ...) if column.required else (many | None, None)
    by_column = f"{said} Many of them, each field a list, all of one length."
    return (
        create_model(name, __base__=Strict, __doc__=said, **row),
        create_model(f"{name}Columns", __base__=Strict, __doc__=by_column, **columns),
    )


Interaction, InteractionColumns = _rows(
    "Interaction",
    "interactions",
    "A dated thing that happened between the account and us.",
)
Survey, SurveyColumns = _rows("Survey", "surveys", "A dated score on an item.")
Contract, ContractColumns = _rows(
    "Contract",
    "contracts",
    "What was agreed from when to when; a later known row of the same contract_id changes the term that it overlaps.",
)
Scheduled, ScheduledColumns = _rows(
    "Scheduled",
    "scheduled",
    "What is planned; a later known row of the same scheduled_id changes it.",
)
Rep, RepColumns = _rows(
    "Rep",
    "reps",
    "One of our people; without them what follows from a rep's tenure or leaving is not known.",
)
MarketEvent, MarketEventColumns = _rows(
    "MarketEvent", "markets", "What happened in a market, such as competitor_entered."
)


def _table(row: type[Strict], columns: type[Strict]) -> Any:
    rows = Annotated[list[row], Field(max_length=MOST_ROWS)]  # type: ignore[valid-type]
    return rows | columns | None


Fact = _number(-LARGEST, LARGEST) | Text | Literal[""] | None


class Account(Strict):
    """An account with all that is known of it; what happened after the as-of date is not looked at."""

    account_id: Text
    opened_at: Time
    facts: dict[str, Fact] | None = Field(  # type: ignore[valid-type]
        default=None, description="What never changes: market, plan."
    )
    interactions: _table(Interaction, InteractionColumns) = None  # type: ignore[valid-type]
    surveys: _table(Survey, SurveyColumns) = None  # type: ignore[valid-type]
    contracts: _table(Contract, ContractColumns) = None  # type: ignore[valid-type]
    scheduled: _table(Scheduled, ScheduledColumns) = None  # type: ignore[valid-type]


class PredictRequest(Strict):
    """Accounts to score, with their raw interactions and surveys."""

    as_of: Time = Field(
        description="The moment that we look at; a date is its first instant, in UTC."
    )
    accounts: list[Account] = Field(min_length=1, max_length=MOST_ACCOUNTS)
    reps: _table(Rep, RepColumns) = Field(  # type: ignore[valid-type]
        default=None, description="Of the accounts' contacts."
    )
    markets: _table(MarketEvent, MarketEventColumns) = Field(  # type: ignore[valid-type]
        default=None, description="Of their markets."
    )
    all_or_nothing: Flag | None = Field(
        default=None,
        description="Whether one account with a fault refuses all; otherwise the others are answered.",
    )
