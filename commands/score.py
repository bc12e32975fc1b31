"""``pinch score``: the night by models, here or on Spark, or by rules."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.opening import losses, open_here, open_on_spark
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
    OfferCost,
    StaleOk,
    Store,
    Value,
)
from commands.output import errors, progress, records, tell
from commands.worklist import rules_told, worklist_told
from models.score.campaign import Campaign

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from features.book.on_spark import SparkBook
    from features.book.trained_facts import TrainedFacts
    from models.score.play import Play
    from serving.night.night import Night
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
    night = _Night(
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
        as_json=as_json,
    )
    with errors(as_json):
        if rules:
            facts = _by_rules(night)
            tell(facts, as_json, lambda: rules_told(facts))
        else:
            facts = _by_models(night, store, engine)
            tell(facts, as_json, lambda: worklist_told(facts))


@dataclass(frozen=True)
class _Night:
    """What was asked for of a night."""

    book: str
    out: Path
    as_of: date | None
    capacity: int
    campaign: Campaign
    actions: Path | None
    histories: bool
    max_age: int | None
    stale_ok: bool
    max_bad_share: float
    memory_limit: str | None
    as_json: bool

    @cached_property
    def plays(self) -> tuple[Play, ...]:
        """The playbook: ours, or what the user's own actions make of it."""
        from models.score.actions_toml import read_plays
        from models.score.playbook import PLAYS

        return PLAYS if self.actions is None else read_plays(self.actions)

    def kept(self, book: Book) -> Book | None:
        """The book, if its histories are to be kept."""
        return book if self.histories else None


def _by_models(asked: _Night, store: str, engine: Engine) -> dict[str, Any]:
    """Scores a book by the champions of a store."""
    from models.registry.registry import Registry
    from serving.champions import fetch_champions

    with (
        tempfile.TemporaryDirectory() as fetched,
        progress(asked.as_json, steps=3) as said,
    ):
        said("models")
        models = fetch_champions(Registry(store), Path(fetched))
        if engine is Engine.SPARK:
            return _on_spark(asked, models, said)
        return _here(asked, models, said)


def _here(asked: _Night, models: Path, said: Progress) -> dict[str, Any]:
    from features.book.held_out import held_out
    from features.book.labels import account_labels
    from features.engine import instant
    from serving.night.night import score_night
    from serving.night.tonight.tonight import looked_by, tonight
    from serving.night.worklist import labelled, worklist
    from serving.scorer import load_models

    scorer = replace(load_models(models), campaign=asked.campaign, plays=asked.plays)
    said("book")
    with _opened(asked, scorer.trained) as book:
        as_of, known = _look(book, asked)
        said("scores")
        night = score_night(book, instant(as_of), scorer)
        held = held_out(book)
        order = worklist(night.scores, len(night.scores), held)
        listed = labelled(order.head(asked.capacity), account_labels(book))
        promised = _promised(order, asked, scorer)
        looked = looked_by(scorer, night.scores, instant(as_of), asked.plays)
        page = tonight(book, looked, night, order, asked.capacity)
        page["promise"] = "; ".join(promise["sentence"] for promise in promised)
        return {
            **known,
            "promises": promised,
            "accounts": len(night.scores),
            "held_out": int(night.scores["account_id"].isin(held).sum()),
            "files": _written(asked, book, night, listed, page),
            "quarantined": len(book.quarantine),
            **losses(book),
            **_ranked(listed),
        }


def _on_spark(asked: _Night, models: Path, said: Progress) -> dict[str, Any]:
    from features.engine import instant
    from serving.night.on_spark import write_spark_night
    from serving.scorer import load_models

    scorer = load_models(models)
    said("book")
    book = open_on_spark(asked.book, asked.max_bad_share, scorer.trained)
    as_of, looked = _look(book, asked)
    said("scores")
    night = write_spark_night(
        book,
        instant(as_of),
        models,
        asked.out,
        asked.capacity,
        asked.campaign,
        asked.plays,
    )
    return {
        **looked,
        "promises": _promised(night.listed, asked, scorer),
        "accounts": night.accounts,
        "held_out": night.held_out,
        "files": _texts(night.files),
        "quarantined": int(book.quarantined["rows"].sum()),
        **losses(book),
        **_ranked(night.listed),
    }


def _by_rules(asked: _Night) -> dict[str, Any]:
    from features.book.held_out import held_out
    from features.engine import instant
    from serving.night.tonight.tonight import looked_by, tonight
    from serving.night.without_models import SAID, rule_night

    with _opened(asked) as book:
        as_of, known = _look(book, asked)
        with progress(asked.as_json, steps=2) as said:
            said("rules")
            night, everybody = rule_night(
                book, instant(as_of), asked.campaign, asked.plays
            )
        listed = everybody.head(asked.capacity)
        looked = looked_by(None, night.scores, instant(as_of), asked.plays)
        page = tonight(book, looked, night, everybody, asked.capacity)
        return {
            **known,
            "accounts": len(night.scores),
            "held_out": int(night.scores["account_id"].isin(held_out(book)).sum()),
            "files": _written(asked, book, night, listed, page),
            "quarantined": len(book.quarantine),
            **losses(book),
            "rules": SAID,
            "worklist": _rows(listed),
        }


def _promised(
    order: pd.DataFrame, asked: _Night, scorer: Scorer
) -> list[dict[str, Any]]:
    """What calling the first of a list is expected to bring."""
    from models.score.promise import promises

    made = promises(order, asked.capacity, asked.campaign, scorer.shift)
    return [promise.facts() for promise in made]


def _written(
    asked: _Night, book: Book, night: Night, listed: pd.DataFrame, page: dict[str, Any]
) -> list[str]:
    """Writes the files of a night; which ones."""
    from serving.night.output_files import write_night

    return _texts(write_night(night, listed, asked.out, asked.kept(book), page))


def _opened(asked: _Night, trained: TrainedFacts | None = None) -> Book:
    folder = Path(asked.book)
    return open_here(folder, asked.max_bad_share, asked.memory_limit, trained)


def _look(book: Book | SparkBook, asked: _Night) -> tuple[date, dict[str, Any]]:
    """The date to look from, and how old the book is at it."""
    from features.calendar.freshness import require_fresh
    from features.calendar.unscored import find_unscored
    from features.engine import day_of, instant
    from models.score.value import require_value

    require_value(book.facts, asked.campaign.value)
    moment = book.end if asked.as_of is None else instant(asked.as_of)
    ages = require_fresh(book, moment, asked.max_age, asked.stale_ok)
    as_of = day_of(moment)
    return as_of, {
        "as_of": str(as_of),
        "not_scored": find_unscored(book, moment).facts(),
        "last_day": str(book.recorded.last_day),
        "ages": [age.facts() for age in ages],
        "stale": [f"{age.sentence}." for age in ages if age.stale],
        "beyond": book.recorded.sentence,
    }


def _ranked(listed: pd.DataFrame) -> dict[str, Any]:
    """The list, and the risk that it is ranked by."""
    by = listed["ranked_by"].iloc[0] if len(listed) else None
    return {"ranked_by": by, "worklist": _rows(listed)}


def _rows(listed: pd.DataFrame) -> list[dict[str, Any]]:
    return records(listed.astype({"as_of": str}))


def _texts(files: Sequence[Path]) -> list[str]:
    return [str(file) for file in files]
