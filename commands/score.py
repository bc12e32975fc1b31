"""``pinch score``: the night by models, here or on Spark, or by rules."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.opening import losses, open_on_spark
from commands.options import (
    CAPACITY,
    USUAL,
    Acceptance,
    Actions,
    AsJson,
    BadShare,
    Capacity,
    ContactCost,
    Engine,
    Histories,
    LookedFrom,
    MaxAge,
    Memory,
    NoSync,
    OfferCost,
    OwedWithin,
    Rules,
    StaleOk,
    Store,
    Value,
)
from commands.output import errors, progress, tell
from commands.scoring import Asked, facts, list_facts, look, promised, rank, write
from commands.worklist import rules_told, worklist_told
from models.score.campaign import Campaign

if TYPE_CHECKING:
    from serving.scorer import Scorer
    from training.progress import Progress


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
    capacity: Capacity = CAPACITY,
    contact_cost: ContactCost = USUAL.contact_cost,
    offer_cost: OfferCost = USUAL.offer_cost,
    acceptance: Acceptance = USUAL.acceptance,
    value: Value = None,
    owed_within: OwedWithin = USUAL.owed_within,
    actions: Actions = None,
    rules: Rules = False,
    histories: Histories = False,
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
        as_of=as_of,
        capacity=capacity,
        campaign=Campaign(
            contact_cost=contact_cost,
            offer_cost=offer_cost,
            acceptance=acceptance,
            value=value,
            owed_within=owed_within,
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
            found = _by_rules(night, out)
            tell(found, as_json, lambda: rules_told(found))
        else:
            found = _by_models(night, out, store, engine)
            tell(found, as_json, lambda: worklist_told(found))


def _by_models(asked: Asked, out: Path, store: str, engine: Engine) -> dict[str, Any]:
    """Scores a book by the champions of a store, and writes the night; its facts."""
    from models.registry.registry import Registry
    from serving.champions import fetch_champions

    with (
        tempfile.TemporaryDirectory() as fetched,
        progress(asked.as_json, steps=3) as said,
    ):
        said("models")
        models = fetch_champions(Registry(store), Path(fetched))
        if engine is Engine.SPARK:
            return _on_spark(asked, out, models, said)
        return _here(asked, out, asked.scorer(models), said)


def _by_rules(asked: Asked, out: Path) -> dict[str, Any]:
    """Scores a book by rules, and writes the night; its facts."""
    from serving.night.without_models import SAID

    with progress(asked.as_json, steps=2) as said:
        return {**_here(asked, out, None, said), "rules": SAID}


def _here(
    asked: Asked, out: Path, scorer: Scorer | None, said: Progress
) -> dict[str, Any]:
    said("book")
    with asked.opened(None if scorer is None else scorer.trained) as book:
        as_of, known = look(book, asked)
        said("scores")
        ranked = rank(book, as_of, scorer, asked)
        files = write(book, ranked, asked, out)
        return {
            **known,
            **facts(book, ranked, asked),
            "promises": ranked.promises,
            "files": [str(file) for file in files],
        }


def _on_spark(asked: Asked, out: Path, models: Path, said: Progress) -> dict[str, Any]:
    from features.engine import instant
    from serving.night.on_spark import write_spark_night
    from serving.scorer import load_models

    scorer = load_models(models)
    said("book")
    book = open_on_spark(asked.book, asked.max_bad_share, scorer.trained)
    as_of, looked = look(book, asked)
    said("scores")
    night = write_spark_night(
        book,
        instant(as_of),
        models,
        out,
        asked.capacity,
        asked.campaign,
        asked.plays,
        asked.heard,
    )
    return {
        **looked,
        "promises": promised(night.listed, asked, scorer),
        "accounts": night.accounts,
        "held_out": night.held_out,
        "drawn": night.drawn,
        "resting": night.resting,
        "files": [str(file) for file in night.files],
        "quarantined": int(book.quarantined["rows"].sum()),
        **losses(book),
        **list_facts(night.listed),
    }
