"""Scoring, as ``pinch score`` and ``pinch night`` are asked for it: a book is ranked and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.opening import losses, open_here
from commands.output import records
from models.score.campaign import Campaign
from serving.steps import Step, unmeasured

if TYPE_CHECKING:
    import pandas as pd

    from features.book.book import Book
    from features.book.on_spark import SparkBook
    from features.book.trained_facts import TrainedFacts
    from models.score.play import Play
    from serving.night.night import Night
    from serving.scorer import Scorer


@dataclass(frozen=True)
class Asked:
    """What was asked for of a night."""

    book: str
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

    @property
    def heard(self) -> int | None:
        """Until when what came of lists counts: of a date that is asked for as was known by then, of tonight all."""
        from features.engine import instant

        return None if self.as_of is None else instant(self.as_of)

    def opened(self, trained: TrainedFacts | None = None) -> Book:
        """The book on this machine."""
        return open_here(
            Path(self.book),
            self.max_bad_share,
            self.memory_limit,
            trained,
            self.no_sync,
        )

    def scorer(self, models: Path) -> Scorer:
        """The models of a folder, with what was asked for."""
        from serving.scorer import load_models

        loaded = load_models(models)
        return replace(loaded, campaign=self.campaign, plays=self.plays)


@dataclass(frozen=True)
class Ranked:
    """A book that was scored, and its accounts in order.

    Attributes:
        as_of: the date that was looked from.
        scorer: the models; None by rules.
        night: the scores.
        order: the scores of all that may be contacted, the first ones first.
        listed: the first of them, as many as a team works on, with what people know them by.
        standing: who is listed, and who stood as high and is withheld, see `serving.night.standing`.
        promises: what calling them is expected to bring; empty by rules.
    """

    as_of: date
    scorer: Scorer | None
    night: Night
    order: pd.DataFrame
    listed: pd.DataFrame
    standing: pd.DataFrame
    promises: Sequence[dict[str, Any]] = ()


def rank(
    book: Book,
    as_of: date,
    scorer: Scorer | None,
    asked: Asked,
    step: Step = unmeasured,
) -> Ranked:
    """Scores a book and ranks its accounts, by rules where there are no models."""
    if scorer is None:
        return _by_rules(book, as_of, asked, step)
    from features.book.held_out import drawn
    from features.book.labels import account_labels
    from features.book.outcomes import last_outcomes
    from features.engine import instant
    from serving.night.night import score_night
    from serving.night.standing import parted
    from serving.night.variety import varied
    from serving.night.worklist import labelled, with_done, worklist

    night = score_night(book, instant(as_of), scorer, step)
    with step("list"):
        left_off = _left_off(book, as_of, asked)
        everybody = worklist(night.scores, len(night.scores), left_off)
        order, standing = parted(everybody, drawn(book), asked.capacity)
        order = varied(book, instant(as_of), scorer, order, asked.capacity)
        first = labelled(order.head(asked.capacity), account_labels(book))
        listed = with_done(first, last_outcomes(book, asked.heard))
        promises = promised(order, asked, scorer)
        return Ranked(as_of, scorer, night, order, listed, standing, promises)


def _left_off(book: Book, as_of: date, asked: Asked) -> frozenset[str]:
    """Who is on no list, and nobody knows what contact would do to them: those set apart, and those who rest."""
    from features.book.held_out import set_apart
    from features.book.outcomes import resting
    from features.engine import instant

    return set_apart(book) | resting(book, instant(as_of), asked.heard)


def _by_rules(book: Book, as_of: date, asked: Asked, step: Step) -> Ranked:
    from features.book.held_out import drawn
    from features.book.outcomes import last_outcomes
    from features.engine import instant
    from serving.night.standing import parted
    from serving.night.without_models import rule_night
    from serving.night.worklist import with_done

    moment, left_off = instant(as_of), _left_off(book, as_of, asked)
    with step("scores"):
        night, everybody = rule_night(
            book, moment, asked.campaign, asked.plays, left_off
        )
    order, standing = parted(everybody, drawn(book), asked.capacity)
    listed = with_done(order.head(asked.capacity), last_outcomes(book, asked.heard))
    return Ranked(as_of, None, night, order, listed, standing)


def write(
    book: Book, ranked: Ranked, asked: Asked, folder: Path, step: Step = unmeasured
) -> list[Path]:
    """Writes the files of a night, its page among them; which ones."""
    from features.engine import instant
    from serving.night.output_files import write_night
    from serving.night.tonight.tonight import looked_by, tonight

    night, as_of = ranked.night, instant(ranked.as_of)
    with step("page"):
        looked = looked_by(ranked.scorer, night.scores, as_of, asked.plays, asked.heard)
        page = tonight(book, looked, night, ranked.order, asked.capacity)
        if ranked.scorer is not None:
            page["promises"] = [*ranked.promises]
            _tell_paths(book, ranked.scorer, as_of, page)
    with step("files"):
        histories = book if asked.histories else None
        return write_night(
            night, ranked.listed, folder, histories, page, ranked.standing
        )


PATHS_UP_TO = 20_000
"""Accounts of a book whose cards tell the path to exceptional: what followed past quarters of all is looked up."""


def _tell_paths(book: Book, scorer: Scorer, as_of: int, page: dict[str, Any]) -> None:
    """Tells on the cards of the list which lever moves the account to exceptional with most probability."""
    from serving.whatif.cards import can_tell, paths_on_cards
    from training.effects.doses import dose_effects
    from training.past.observed import observe

    listed = page["accounts"][: page["listed"]]
    if page["accounts_in_all"] > PATHS_UP_TO or not listed or not can_tell(scorer):
        return
    effects = dose_effects(observe(book, min(as_of, book.watermark)))
    ids = [one["id"] for one in listed]
    told = paths_on_cards(book, scorer, as_of, effects, ids)
    for one in listed:
        one["exceptional"] = told[one["id"]]


def promised(order: pd.DataFrame, asked: Asked, scorer: Scorer) -> list[dict[str, Any]]:
    """What calling the first of a list is expected to bring."""
    from models.score.promise import promises

    made = promises(order, asked.capacity, asked.campaign, scorer.shift)
    return [promise.facts() for promise in made]


def look(book: Book | SparkBook, asked: Asked) -> tuple[date, dict[str, Any]]:
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


def facts(book: Book, ranked: Ranked, asked: Asked) -> dict[str, Any]:
    """What came of scoring a book on this machine."""
    from features.book.held_out import drawn, held_out
    from features.book.outcomes import resting
    from features.engine import instant

    scored = ranked.night.scores["account_id"]
    rest = resting(book, instant(ranked.as_of), asked.heard)
    return {
        "accounts": len(scored),
        "held_out": int(scored.isin(held_out(book)).sum()),
        "drawn": int(scored.isin(drawn(book)).sum()),
        "resting": int(scored.isin(rest).sum()),
        "quarantined": len(book.quarantine),
        **losses(book),
        **list_facts(ranked.listed),
    }


def list_facts(listed: pd.DataFrame) -> dict[str, Any]:
    """The list, and the risk that it is ranked by."""
    by = listed["ranked_by"].iloc[0] if len(listed) else None
    return {
        "ranked_by": by,
        "worklist": records(listed.astype({"as_of": str})),
    }
