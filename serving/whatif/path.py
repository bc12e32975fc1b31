"""The path to exceptional: which lever moves an account there with most probability (S7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from features.edits.coming import as_usual
from features.edits.doses import DOSES, QUARTER_DAYS, doses_of
from features.edits.levers import LEVERS, Lever
from features.edits.records import Records, records_of
from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError
from features.quadrants import EXCEPTIONAL_CODE, of_code
from features.timeline.rows import Floats
from models.effects.doses import AXES, DoseEffects
from models.score.horizon import MIGRATION_HORIZON
from serving.whatif.drawn import interval
from serving.whatif.scene import Scene

ENOUGH = 30
"""Accounts of the past in the same quadrant for which as much was done in a quarter; with fewer evidence is thin."""


def paths(
    scene: Scene, effects: DoseEffects, account_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The path of each account, as plain data: its levers, the best first, and the best pair.

    Args:
        scene: the book at the date.
        effects: what was done in the past, and what followed.
        account_ids: whose.

    Raises:
        EvidenceError: an account is no customer at the date, or the models know no quadrants.
    """
    accounts = pd.Index(sorted(account_ids))
    if not accounts.isin(scene.frame.index).all():
        raise EvidenceError(
            found="an account that is not in the book, or no customer at the date",
            expected="one that is scored at the date",
            mend="check the id, or give another date",
        )
    usual = as_usual(records_of(scene.book, list(accounts), scene.as_of), scene.as_of)
    doses: dict[Levers, Floats] = {(): _doses(usual, scene)}
    for levers in _sets():
        doses[levers] = _doses(_pulled(usual, levers, scene.as_of), scene)
    now = _exceptional(scene, accounts)
    chances = {
        levers: _chances(scene, effects, accounts, now, doses[()], doses[levers])
        for levers in doses
    }
    return [
        _path(scene, effects, str(account), place, doses, chances, now)
        for place, account in enumerate(accounts)
    ]


Levers = tuple[Lever, ...]


def _sets() -> list[Levers]:
    """Each lever, and each pair."""
    return [*combinations(LEVERS, 1), *combinations(LEVERS, 2)]


def _pulled(usual: Records, levers: Levers, at: int) -> Records:
    for lever in levers:
        usual = lever.edit(usual, at)
    return usual


def _doses(records: Records, scene: Scene) -> Floats:
    return doses_of(records, scene.as_of + QUARTER_DAYS * MICROS_PER_DAY)


def _exceptional(scene: Scene, accounts: pd.Index) -> Floats:
    """The chance of being here and exceptional at the horizon, by the champions."""
    if scene.scorer.migration is None or MIGRATION_HORIZON not in scene.risks:
        raise EvidenceError(
            found=f"models that know no quadrants, or no risk at {MIGRATION_HORIZON} days",
            expected="models trained on a book with surveys of both axes, and a past that is long enough",
            mend="give the book its surveys and more of its past, and train",
        )
    frame = scene.frame.loc[accounts].reset_index()
    stays = 1.0 - scene.risks.loc[accounts, MIGRATION_HORIZON].to_numpy()
    quadrants = scene.scorer.migration.quadrants(frame)
    return np.asarray(quadrants[:, EXCEPTIONAL_CODE] * stays)


def _chances(
    scene: Scene,
    effects: DoseEffects,
    accounts: pd.Index,
    now: Floats,
    usual: Floats,
    done: Floats,
) -> Floats:
    """Draws of the chance with levers, shape (draws, accounts): the champions', moved by the odds that doses change."""
    levels = scene.frame.loc[accounts, [f"{axis}_level" for axis in AXES]].to_numpy()
    drawn = effects.drawn()
    before, after = (
        _odds(effects.exceptional(levels, np.einsum("ak,dxk->dax", each, drawn)))
        for each in (usual, done)
    )
    return np.asarray(1.0 / (1.0 + np.exp(-(_odds(now) + after - before))))


def _odds(chance: Floats) -> Floats:
    kept = np.clip(chance, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(kept / (1.0 - kept)))


def _path(
    scene: Scene,
    effects: DoseEffects,
    account: str,
    place: int,
    doses: Mapping[Levers, Floats],
    chances: Mapping[Levers, Floats],
    now: Floats,
) -> dict[str, Any]:
    quadrant = float(scene.frame["quadrant"][account])
    rows = []
    for levers in _sets():
        if _changes(levers, doses, place):
            done = dict(zip(DOSES, doses[levers][place], strict=True))
            like = min(_like(effects, quadrant, lever, done) for lever in levers)
            rows.append(_row(levers, chances[levers][:, place], now[place], like))
    rows.sort(key=lambda row: -row["more"]["mean"])
    return {
        "account_id": account,
        "as_of": str(day_of(scene.as_of)),
        "days": MIGRATION_HORIZON,
        "quadrant": str(of_code(quadrant)),
        "now": float(now[place]),
        "levers": [row for row in rows if len(row["levers"]) == 1],
        "pair": next((row for row in rows if len(row["levers"]) == 2), None),
    }


def _changes(levers: Levers, doses: Mapping[Levers, Floats], place: int) -> bool:
    """Whether there is anything to do: each of the levers changes a dose."""
    return all((doses[(one,)][place] != doses[()][place]).any() for one in levers)


def _like(
    effects: DoseEffects, quadrant: float, lever: Lever, done: Mapping[str, float]
) -> int:
    dose = sum(done[name] for name in lever.raises)
    return effects.like(quadrant, lever.raises, dose)


def _row(levers: Levers, drawn: Floats, now: float, like: int) -> dict[str, Any]:
    return {
        "levers": [lever.name for lever in levers],
        "sentence": " and ".join(lever.sentence for lever in levers),
        "who": list(dict.fromkeys(lever.who for lever in levers)),
        "seeds": [seed for lever in levers for seed in lever.seeds],
        "chance": interval(drawn),
        "more": interval(drawn - now),
        "accounts_like": like,
        "thin": like < ENOUGH,
    }
