"""``pinch score``: the night by models, here or on Spark, or by rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from commands.night import Asked, by_models, by_rules
from commands.options import (
    CAPACITY,
    USUAL,
    Acceptance,
    AsJson,
    BadShare,
    ContactCost,
    Engine,
    LookedFrom,
    MaxAge,
    Memory,
    NoSync,
    OfferCost,
    StaleOk,
    Store,
    Value,
)
from commands.output import errors, tell
from commands.worklist import rules_told, worklist_told
from models.score.campaign import Campaign


def score(
    book: Annotated[
        str,
        typer.Argument(
            metavar="BOOK", help="The folder of a book; on Spark also an address."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Where to write the scores, the worklist, the picture.",
        ),
    ],
    as_of: LookedFrom = None,
    capacity: Annotated[
        int,
        typer.Option(
            "--capacity", "--top", min=1, help="How many accounts your team works on."
        ),
    ] = CAPACITY,
    contact_cost: ContactCost = USUAL.contact_cost,
    offer_cost: OfferCost = USUAL.offer_cost,
    acceptance: Acceptance = USUAL.acceptance,
    value: Value = None,
    actions: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FILE",
            help="An actions.toml of your own, which adds to the actions or replaces them.",
        ),
    ] = None,
    rules: Annotated[
        bool,
        typer.Option(
            "--rules",
            help="Work by rules: needs no models and no store, and gives no probabilities.",
        ),
    ] = False,
    histories: Annotated[
        bool,
        typer.Option(
            "--histories",
            help="Keep the clean rows of the book beside the scores, for the endpoint.",
        ),
    ] = False,
    store: Store = "mlruns",
    engine: Annotated[
        Engine,
        typer.Option(
            help="spark, where one machine is not enough: needs pinch[spark]."
        ),
    ] = (Engine.DUCKDB),
    max_age: MaxAge = None,
    stale_ok: StaleOk = False,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Scores every account and writes tonight's list.

    Stops where the data end too long before the date: interactions, and other tables that usually come every week.

    The list is ranked by what contacting is expected to gain, for a team of your capacity, by your costs; where nothing
    tells what accounts are worth, by the risk that can still be acted on.

    Writes tonight.html, worklist.xlsx and worklist.csv for people, scores.parquet for machines, and, where there are
    surveys, quadrants.png. On Spark there are worklist.csv and the scores, a folder of Parquet files; memory is set by
    Spark's own settings. By rules, for a book of which too
    few have left to train on, the same files are written, with the risks missing.

    p_poor_90d and so on are of the settled quadrant in 90 days, by the mean of the last three answers; next_poor and so
    on are of the next answer by itself, if there is one within 90 days. The heading is a settled quadrant, or defected.
    """
    if histories and engine is Engine.SPARK:
        raise typer.BadParameter(
            "histories are kept on duckdb only", param_hint="--histories"
        )
    if rules and engine is Engine.SPARK:
        raise typer.BadParameter("rules run on duckdb only", param_hint="--rules")
    night = Asked(
        book=book,
        out=out,
        as_of=as_of,
        capacity=capacity,
        campaign=Campaign(
            contact_cost=contact_cost,
            offer_cost=offer_cost,
            acceptance=acceptance,
            value=value,
        ),
        actions=actions,
        histories=histories,
        max_age=max_age,
        stale_ok=stale_ok,
        max_bad_share=max_bad_share,
        memory_limit=memory_limit,
        no_sync=no_sync,
        as_json=as_json,
    )
    with errors(as_json):
        if rules:
            facts = by_rules(night)
            tell(facts, as_json, lambda: rules_told(facts))
        else:
            facts = by_models(night, store, engine)
            tell(facts, as_json, lambda: worklist_told(facts))
