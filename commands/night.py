"""A night as ``pinch score`` was asked for it: run by models, here or on Spark, or by rules, and written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.opening import losses, open_here, open_on_spark
from commands.options import Engine
from commands.output import progress, records
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


@dataclass(frozen=True)
class Asked:
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
    no_sync: bool
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


def by_models(asked: Asked, store: str, engine: Engine) -> dict[str, Any]:
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
            return _on_spark(asked, models, said)
        return _here(asked, models, said)


def _here(asked: Asked, models: Path, said: Progress) -> dict[str, Any]:
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
        page["promises"] = promised
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


def _on_spark(asked: Asked, models: Path, said: Progress) -> dict[str, Any]:
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


def by_rules(asked: Asked) -> dict[str, Any]:
    """Scores a book by rules, and writes the night; its facts."""
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
    order: pd.DataFrame, asked: Asked, scorer: Scorer
) -> list[dict[str, Any]]:
    """What calling the first of a list is expected to bring."""
    from models.score.promise import promises

    made = promises(order, asked.capacity, asked.campaign, scorer.shift)
    return [promise.facts() for promise in made]


def _written(
    asked: Asked, book: Book, night: Night, listed: pd.DataFrame, page: dict[str, Any]
) -> list[str]:
    """Writes the files of a night; which ones."""
    from serving.night.output_files import write_night

    return _texts(write_night(night, listed, asked.out, asked.kept(book), page))


def _opened(asked: Asked, trained: TrainedFacts | None = None) -> Book:
    folder = Path(asked.book)
    return open_here(
        folder, asked.max_bad_share, asked.memory_limit, trained, asked.no_sync
    )


def _look(book: Book | SparkBook, asked: Asked) -> tuple[date, dict[str, Any]]:
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
