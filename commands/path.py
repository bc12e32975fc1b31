"""``pinch path``: which lever moves an account to exceptional with most probability."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.opening import champions, losses, open_here, warned
from commands.options import (
    AsJson,
    BadShare,
    BookFolder,
    LookedFrom,
    Memory,
    NoSync,
    Store,
)
from commands.output import Parts, errors, progress, table, tell
from commands.whatif import scene_on
from pages.intervals import within

if TYPE_CHECKING:
    from models.effects.doses import DoseEffects
    from serving.whatif.scene import Scene


def path(
    book: BookFolder,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The id of an account.")
    ],
    on: LookedFrom = None,
    store: Store = "mlruns",
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Tells which lever moves an account to exceptional with most probability.

    Each lever is written into the log of the coming quarter, one by one and in pairs, and measured there. What it does
    to the scores is what followed when as much was done in past quarters of this book. Where too few accounts of the
    past are like that, it says so. Nothing that we cannot do is a lever.
    """
    with (
        errors(as_json),
        tempfile.TemporaryDirectory() as fetched,
        progress(as_json, steps=4) as said,
    ):
        said("models")
        scorer = champions(store, Path(fetched))
        said("book")
        with open_here(
            book, max_bad_share, memory_limit, scorer.trained, no_sync
        ) as opened:
            scene = scene_on(opened, scorer, on)
            said("past quarters")
            effects = _effects(scene)
            said("levers")
            facts = {**_path(scene, effects, account), **losses(opened)}
    tell(facts, as_json, lambda: path_told(facts))


def _effects(scene: Scene) -> DoseEffects:
    from training.effects.doses import dose_effects
    from training.past.observed import observe

    until = min(scene.as_of, scene.book.watermark)
    return dose_effects(observe(scene.book, until))


def _path(scene: Scene, effects: DoseEffects, account: str) -> dict[str, Any]:
    from serving.whatif.path import paths

    (found,) = paths(scene, effects, [account])
    return found


def path_told(facts: Mapping[str, Any]) -> Parts:
    """The path of an account, for people."""
    stands = facts["quadrant"].replace("_", "-")
    return [
        f"Account {facts['account_id']} is {stands} on {facts['as_of']}. The chance that it is here and exceptional "
        f"{facts['days']} days on is {facts['now']:.1%}; with a lever pulled all quarter:",
        table(["lever", "chance", "points more", "like it"], _cells(facts["levers"])),
        *_pair(facts["pair"]),
        _like(facts["levers"]),
        "Learned from what followed past quarters of this book, 80% intervals; whom a lever keeps is not in it.",
        *warned(dict(facts)),
    ]


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            row["sentence"],
            f"{row['chance']['mean']:.1%}",
            _points(row),
            f"{row['accounts_like']}{' (thin)' if row['thin'] else ''}",
        ]
        for row in rows
    ]


def _points(row: Mapping[str, Any]) -> str:
    return within({name: 100 * part for name, part in row["more"].items()}, "+.1f")


def _pair(pair: Mapping[str, Any] | None) -> list[str]:
    if pair is None:
        return []
    chance = pair["chance"]["mean"]
    return [f"The best pair: {pair['sentence']}: {chance:.1%}, {_points(pair)} more."]


def _like(rows: Sequence[Mapping[str, Any]]) -> str:
    like = "Like it are accounts of the past in the same quadrant for which as much was done in a quarter."
    if not any(row["thin"] for row in rows):
        return like
    return f"{like} Thin: so few that what is told leans on other accounts and on what is claimed."
