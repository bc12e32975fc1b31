"""The input contract: the tables of a book, their columns, and what makes a row bad.

Times are UTC instants. Everything that can change is a dated row; what is in ``accounts`` beside the named columns
is a *fact*, which never changes. Facts that do change are rows of ``facts``, each with when it became known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

JOINED_FACTS = ("market", "style", "tier")
"""Facts of the accounts that features read as well; an account without them has them missing."""

LABELS = ("name", "link", "owner", "contact")
"""What lists show of an account, and no model reads: its name, its page in the CRM, who of us looks after it, whom to
call there."""

Type = Literal["text", "time", "number", "flag"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: as it stands in the book.
        type: what its values are read as.
        required: whether the table must have it and each row must fill it.
        low, high: the bounds of a number, both included.
        vital: whether an optional value that is there and cannot be read spoils the row: without it the row would say
            something else, or be seen too early. Other such values are blanked, see `features.cleaning.blanks`.
    """

    name: str
    type: Type
    required: bool = False
    low: float | None = None
    high: float | None = None
    vital: bool = False

    def holds(self, number: float) -> bool:
        """Whether a number is finite and within the bounds."""
        low = -inf if self.low is None else self.low
        high = inf if self.high is None else self.high
        return low <= number <= high and isfinite(number)


@dataclass(frozen=True)
class Table:
    """One table of a book.

    Attributes:
        columns: the contract's columns.
        required: whether a book must have the table.
        without: what the product cannot do without it, as a sentence for the user; empty where nothing is lost.
    """

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    without: str = ""


LARGEST = 1e12
"""Of an amount, or any number without bounds of its own, above and below zero."""
_MOST_MINUTES = 10 * 366 * 24 * 60.0
"""Ten years: what takes longer, or comes that much too early, is a slip of the pen or of a unit."""
LEAST_WEIGHT, MOST_WEIGHT = 0.01, 100.0
"""Of a survey's score, beside others; 1 where it has none (S10)."""

_ALL = (
    Table(
        "accounts",
        (Column("account_id", "text", True), Column("opened_at", "time", True)),
        required=True,
    ),
    Table(
        "merges",
        (
            Column("from_id", "text", True),
            Column("into_id", "text", True),
            Column("known_at", "time", True),
        ),
    ),
    Table(
        "interactions",
        (
            Column("account_id", "text", True),
            Column("occurred_at", "time", True),
            Column("kind", "text", True),
            Column("interaction_id", "text"),
            Column("known_at", "time", vital=True),
            Column("rep_id", "text"),
            Column("channel", "text"),
            Column("matter_id", "text"),
            Column("value", "number", low=-LARGEST, high=LARGEST),
            Column("minutes", "number", low=-_MOST_MINUTES, high=_MOST_MINUTES),
            Column("sentiment", "number", low=-1.0, high=1.0),
            Column("items", "number", low=0.0, high=LARGEST),
        ),
        required=True,
    ),
    Table(
        "surveys",
        (
            Column("account_id", "text", True),
            Column("occurred_at", "time", True),
            Column("item", "text", True),
            Column("score", "number", True, low=-LARGEST, high=LARGEST),
            Column("survey_id", "text"),
            Column("response_id", "text"),
            Column("known_at", "time", vital=True),
            Column("scale_min", "number", low=-LARGEST, high=LARGEST, vital=True),
            Column("scale_max", "number", low=-LARGEST, high=LARGEST, vital=True),
            Column("higher_is_better", "flag", vital=True),
            Column("source", "text"),
            Column("rep_id", "text"),
            Column("weight", "number", low=LEAST_WEIGHT, high=MOST_WEIGHT),
        ),
        without="No surveys: there are no quadrants and no migration; defection is predicted all the same.",
    ),
    Table(
        "departures",
        (
            Column("account_id", "text", True),
            Column("occurred_at", "time", True),
            Column("departure_id", "text"),
            Column("known_at", "time", vital=True),
            Column("reason", "text"),
            Column("overt", "flag"),
        ),
        without="No departures: an account has left when it has been quiet for longer than the quiet period.",
    ),
    Table(
        "contracts",
        (
            Column("account_id", "text", True),
            Column("starts_at", "time", True),
            Column("ends_at", "time", vital=True),
            Column("contract_id", "text"),
            Column("known_at", "time", vital=True),
            Column("value", "number", low=0.0, high=LARGEST),
            Column("plan", "text"),
            Column("seats", "number", low=0.0, high=LARGEST),
            Column("auto_renews", "flag"),
        ),
        without="No contracts: renewals are not known, and what an account is worth is what it spends.",
    ),
    Table(
        "scheduled",
        (
            Column("account_id", "text", True),
            Column("scheduled_at", "time", True),
            Column("known_at", "time", True),
            Column("scheduled_id", "text"),
            Column("kind", "text"),
            Column("cancelled", "flag", vital=True),
        ),
        without="No scheduled: when an account will next be met is not known.",
    ),
    Table(
        "outcomes",
        (
            Column("account_id", "text", True),
            Column("occurred_at", "time", True),
            Column("outcome", "text", True),
            Column("outcome_id", "text"),
            Column("known_at", "time", vital=True),
            Column("note", "text"),
            Column("by", "text"),
            Column("list", "time"),
            Column("until", "time", vital=True),
        ),
    ),
    Table(
        "reps",
        (
            Column("rep_id", "text", True),
            Column("hired_at", "time"),
            Column("left_at", "time"),
            Column("style", "text"),
        ),
        without="No reps: what follows from a rep's tenure or leaving is not known.",
    ),
    Table(
        "markets",
        (
            Column("market", "text", True),
            Column("occurred_at", "time", True),
            Column("kind", "text", True),
        ),
        without="No markets: what follows from a competitor's entry is not known.",
    ),
    Table(
        "labels",
        (
            Column("account_id", "text", True),
            *(Column(label, "text") for label in LABELS),
        ),
    ),
    Table(
        "facts",
        (
            Column("account_id", "text", True),
            Column("name", "text", True),
            Column("value", "text"),
            Column("known_at", "time", True),
        ),
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}
"""Every table of the contract by its name."""

OF_ACCOUNTS = (
    "interactions",
    "surveys",
    "departures",
    "contracts",
    "scheduled",
    "outcomes",
    "facts",
)
"""The tables whose rows are each of an account in ``accounts``."""
