"""One run of ``pinch night``: check, score, rank, write, publish, and what follows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.after_night import AfterNight, Came
from commands.monitoring import drift_limits, look_at
from commands.night_hooks import run_hooks
from commands.scoring import Asked, Ranked, facts, look, rank, write
from serving.steps import Step

if TYPE_CHECKING:
    from features.book.book import Book
    from serving.monitoring.limits import DriftLimits
    from serving.publishing.limits import Limits
    from serving.publishing.manifest import About
    from serving.publishing.night_toml import NightToml
    from serving.publishing.nights import Published
    from serving.publishing.publish import Publication
    from serving.publishing.staging import Staging
    from serving.scorer import Scorer


@dataclass(frozen=True)
class Wanted:
    """What a run was asked for.

    Attributes:
        asked: how the book is scored.
        store: of the champions; None by rules.
        toml: the ``night.toml`` of the book.
        force: whether a night that is published is made again.
        limits_ok: whether limits are only told.
    """

    asked: Asked
    store: str | None
    toml: NightToml
    force: bool
    limits_ok: bool


@dataclass(frozen=True)
class NightDone:
    """What came of a run.

    Attributes:
        publication: the night.
        facts: of the scoring; of its age alone where nothing was scored.
        since: of a night that was published before, the tables of whose rows others are known by now.
        otherwise: the settings that the night was published with, where others are asked for.
        revised: what a revision says otherwise, see `serving.publishing.revised`.
        came: what followed, by step.
    """

    publication: Publication
    facts: Mapping[str, Any]
    since: list[dict[str, Any]] = field(default_factory=list)
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    revised: Mapping[str, Any] | None = None
    came: Mapping[str, Came] = field(default_factory=dict)


def run_night(wanted: Wanted, made: Staging, step: Step) -> NightDone:
    """Makes and publishes a night, unless it is there.

    Args:
        wanted: what was asked for.
        made: a staging folder; the caller has the turn, see `serving.publishing.turn`.
        step: measures each step.
    """
    limits = drift_limits(wanted.toml)
    scorer = _champions(wanted, made, step)
    with step("book"):
        book = wanted.asked.opened(None if scorer is None else scorer.trained)
    with book:
        with step("check"):
            there = _checked(wanted, book, scorer, made)
        done = there or _made(wanted, book, scorer, made, limits, step)
    folder = Path(wanted.asked.book)
    after = AfterNight(done.publication, made.nights, folder, wanted.toml)
    return NightDone(**{**vars(done), "came": run_hooks(after, step)})


def _champions(wanted: Wanted, made: Staging, step: Step) -> Scorer | None:
    if wanted.store is None:
        return None
    from models.registry.registry import Registry
    from serving.champions import fetch_champions

    with step("models"):
        fetched = made.scratch / "models"
        fetched.mkdir()
        return wanted.asked.scorer(fetch_champions(Registry(wanted.store), fetched))


def _checked(
    wanted: Wanted, book: Book, scorer: Scorer | None, made: Staging
) -> NightDone | None:
    """The night, where it is published already; None where it is to be made, which the book must allow."""
    from serving.publishing.limits import Limits
    from serving.publishing.night_toml import validated
    from serving.publishing.nights import last_before, newest_of
    from serving.publishing.publish import Outcome, Publication, follow

    as_of, looked = look(book, wanted.asked)
    published = newest_of(made.nights, as_of, _version(scorer))
    before = published or last_before(made.nights, as_of)
    limits = validated(Limits, wanted.toml.limits, "night.toml, [limits]")
    if before is not None and not wanted.limits_ok:
        _require_within(limits, book, before)
    if published is None or wanted.force:
        return None
    publication = Publication(published, Outcome.SAME, follow(published, made))
    since, otherwise = _since(wanted, book, published)
    return NightDone(publication, looked, since, otherwise)


def _require_within(limits: Limits, book: Book, before: Published) -> None:
    from serving.publishing.limits import changes, require_within

    now = _rows(book, before.as_of)
    found = changes(before.manifest.about.counts["rows"], now)
    require_within(found, limits, before.place)


def _since(
    wanted: Wanted, book: Book, published: Published
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What is otherwise than when a night was published: rows known at its date, and what is asked for."""
    from serving.publishing.revised import rows_since

    then, now = published.manifest.about.settings, settings_of(wanted.asked)
    otherwise = {name: then.get(name) for name in now if now[name] != then.get(name)}
    return rows_since(published, _rows(book, published.as_of)), otherwise


def _made(
    wanted: Wanted,
    book: Book,
    scorer: Scorer | None,
    made: Staging,
    limits: DriftLimits,
    step: Step,
) -> NightDone:
    from serving.publishing.publish import Outcome, publish
    from serving.publishing.revised import revised

    as_of, looked = look(book, wanted.asked)
    ranked = rank(book, as_of, scorer, wanted.asked, step)
    write(book, ranked, wanted.asked, made.night, step)
    with step("drift"):
        look_at(book, ranked, limits, made.night)
    with step("publish"):
        publication = publish(made, _about(wanted.asked, book, ranked))
        told = None
        if publication.outcome is Outcome.REVISED and publication.before is not None:
            told = revised(publication.before, publication.night)
    return NightDone(
        publication, {**looked, **facts(book, ranked, wanted.asked)}, revised=told
    )


def _about(asked: Asked, book: Book, ranked: Ranked) -> About:
    from serving.publishing.manifest import About

    counts = {
        "accounts": len(ranked.night.scores),
        "listed": len(ranked.listed),
        "rows": _rows(book, ranked.as_of),
        "quarantined": dict(sorted(Counter(book.quarantine["table"]).items())),
    }
    return About(ranked.as_of, _version(ranked.scorer), counts, settings_of(asked))


def settings_of(asked: Asked) -> dict[str, Any]:
    """What was asked for that changes the files of a night."""
    actions = asked.actions
    return {
        "capacity": asked.capacity,
        **vars(asked.campaign),
        "actions": actions and hashlib.sha256(actions.read_bytes()).hexdigest(),
        "histories": asked.histories,
        "max_bad_share": asked.max_bad_share,
    }


def _version(scorer: Scorer | None) -> str:
    from serving.night.without_models import VERSION

    return VERSION if scorer is None else scorer.version


def _rows(book: Book, as_of: date) -> dict[str, int]:
    from features.book.known_rows import known_rows
    from features.engine import instant

    return known_rows(book, instant(as_of))
