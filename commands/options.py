"""The arguments and options that several commands share."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from models.score.campaign import Campaign


class Engine(StrEnum):
    """Where the SQL runs."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def day(text: str) -> date:
    """The day of an option; another text is misuse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a date such as 2026-11-21") from None


BookFolder = Annotated[
    Path,
    typer.Argument(
        metavar="BOOK", help="The folder of a book: tables, or a book.toml."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
Store = Annotated[
    str,
    typer.Option(
        envvar="PINCH_STORE",
        help="Folder of the MLflow store, or the URI of an MLflow server.",
    ),
]
Quiet = Annotated[
    int | None,
    typer.Option(min=1, help="Quiet period in days, for books without departures."),
]
BadShare = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        envvar="PINCH_MAX_BAD_SHARE",
        help="Share of bad rows beyond which to stop.",
    ),
]
Memory = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--memory-limit",
        envvar="PINCH_MEMORY_LIMIT",
        help="Such as 2GiB, for queries, which spill to disk, and measuring; code, results and fitting come on top.",
    ),
]
NoSync = Annotated[
    bool,
    typer.Option(
        "--no-sync", help="Read the sources, although pinch sync keeps a copy of them."
    ),
]
AsOf = Annotated[
    date,
    typer.Option(
        parser=day,
        metavar="DATE",
        help="The date to look from, its first instant, UTC.",
    ),
]
LookedFrom = Annotated[
    Optional[date],  # noqa: UP045
    typer.Option(
        parser=day,
        metavar="DATE",
        help="The date to look from, its first instant, UTC; the day after the end of the data where left out.",
    ),
]
MaxAge = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(
        min=1,
        metavar="DAYS",
        envvar="PINCH_MAX_AGE",
        help="How old the tables may be at the date; one day more than their rows' usual lag where left out.",
    ),
]
StaleOk = Annotated[
    bool,
    typer.Option(
        "--stale-ok", help="Score a book that is older than it may be all the same."
    ),
]

USUAL = Campaign()
"""What contacting costs and brings, unless it is said."""
CAPACITY = 50
"""How many accounts a team works on each list, unless it is said."""

ContactCost = Annotated[float, typer.Option(min=0, help="Of contacting one account.")]
OfferCost = Annotated[
    float, typer.Option(min=0, help="Of what one account is offered to stay.")
]
Acceptance = Annotated[
    float,
    typer.Option(
        min=0, max=1, help="Share of those who would leave whom the offer keeps."
    ),
]
Value = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        metavar="FACT",
        help="Number fact that tells what an account is worth; its contracts, or else its spending, where left out.",
    ),
]

Capacity = Annotated[
    int,
    typer.Option(
        "--capacity", "--top", min=1, help="How many accounts your team works on."
    ),
]
Actions = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        metavar="FILE",
        help="An actions.toml of your own, which adds to the actions or replaces them.",
    ),
]
Rules = Annotated[
    bool,
    typer.Option(
        "--rules",
        help="Work by rules: needs no models and no store, and gives no probabilities.",
    ),
]
Histories = Annotated[
    bool,
    typer.Option(
        "--histories",
        help="Keep the clean rows of the book beside the scores, for the endpoint.",
    ),
]
OwedWithin = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="DAYS",
        help="What is open without a word for longer is no longer said first as owed.",
    ),
]
