"""The answer: which accounts move, how many are lost by when and of what value, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES
from features.engine import day_of
from features.quadrants import KNOWN, of_code
from features.timeline.rows import Floats
from models.effects.telling import facts, sentences
from models.score.horizon import MIGRATION_HORIZON
from models.score.states import STATES
from serving.whatif.drawn import Drawn, drawn, interval
from serving.whatif.edited import edited
from serving.whatif.handing_over import handed_over
from serving.whatif.known import Known
from serving.whatif.question import Question
from serving.whatif.scene import Scene, risks_of

EVENTS = {
    REP_LEAVES.name: ("departures of reps", "people-carried accounts"),
    COMPETITOR_ENTERS.name: ("entries of competitors", "product-carried accounts"),
}
"""What past events of each kind are called, and who is said to follow."""


def answer(
    scene: Scene, questions: Sequence[Question], known: Mapping[str, Known]
) -> dict[str, Any]:
    """What would happen, as plain data.

    Args:
        scene: the book at the date.
        questions: what happens, all of it at the date.
        known: of each kind of event that is asked for, by name.

    Raises:
        EvidenceError: a question meets no account.
    """
    frame = edited(scene, questions)
    accounts = frame.index
    draws = {h: drawn(scene, questions, known, accounts, h) for h in scene.horizons}
    by_edit = risks_of(scene.scorer, frame.reset_index())
    moved = _accounts(scene, frame, draws, by_edit)
    leaving = [q.holder for q in questions if q.kind is REP_LEAVES]
    handed = {a for q in questions if q.kind is REP_LEAVES for a in q.accounts(scene)}
    order = [each["account_id"] for each in moved if each["account_id"] in handed]
    return {
        "as_of": str(day_of(scene.as_of)),
        "questions": [question.sentence for question in questions],
        "accounts": len(accounts),
        "lost": [_lost(h, draws[h], by_edit[h], scene, accounts) for h in draws],
        "evidence": [evidence_told(each) for each in known.values()],
        "moved": moved,
        "hand_over": handed_over(scene, order, leaving) if leaving else [],
    }


def evidence_told(known: Known) -> dict[str, Any]:
    """What is known of a kind of event, and its sentences."""
    events, carried = EVENTS[known.kind.name]
    return {
        "kind": known.kind.name,
        **facts(known.evidence),
        "model_ratio": 1.0 + known.by_edit,
        "told_ratio": 1.0 + known.posterior.excess,
        "follows_dependence": known.posterior.follows,
        "sentences": sentences(known.evidence, events, carried),
    }


def _lost(
    horizon: int, draws: Drawn, by_edit: pd.Series, scene: Scene, accounts: pd.Index
) -> dict[str, Any]:
    """What is lost by a horizon: without what is asked, what it adds, and what the models' edit alone would say."""
    before = scene.risks[horizon][accounts]
    value = scene.value[accounts].to_numpy(dtype=np.float64)
    worth = np.nan_to_num(value)
    known = bool(np.isfinite(value).any())
    return {
        "days": horizon,
        "before": float(before.sum()),
        "more": interval(draws.more.sum(axis=1)),
        "more_by_edit": float((by_edit - before).sum()),
        "value_before": float((before * worth).sum()) if known else None,
        "value_more": interval(draws.more @ worth) if known else None,
    }


def _accounts(
    scene: Scene, frame: pd.DataFrame, draws: Mapping[int, Drawn], by_edit: pd.DataFrame
) -> list[dict[str, Any]]:
    """A row an account, the one with most to lose first."""
    accounts = frame.index
    before, after = _chances(scene, scene.frame.loc[accounts]), _chances(scene, frame)
    near = MIGRATION_HORIZON if MIGRATION_HORIZON in draws else scene.longest
    risks = scene.risks.loc[accounts]
    now = risks[near].to_numpy(dtype=np.float64)
    more = draws[near].more.mean(axis=0)
    value = scene.value[accounts]
    worth = value.fillna(value.mean()).fillna(1.0).to_numpy()
    told = []
    for place in np.argsort(-more * worth, kind="stable"):
        account = accounts[place]
        gone = draws[near].after[:, place]
        row = {
            "account_id": str(account),
            "value": None if pd.isna(value[account]) else float(value[account]),
            "quadrant": str(of_code(scene.frame.loc[account, "quadrant"])),
            "risks": [
                _risk(h, d, risks[h], by_edit[h], place) for h, d in draws.items()
            ],
            "heading_before": _heading(before, place, float(now[place])),
            "heading_after": _heading(after, place, float(gone.mean())),
            "quadrants": _quadrants(before, after, place, float(now[place]), gone),
        }
        told.append(row)
    return told


def _risk(
    horizon: int, draws: Drawn, now: pd.Series, by_edit: pd.Series, place: int
) -> dict[str, Any]:
    return {
        "days": horizon,
        "before": float(now.iloc[place]),
        "before_range": interval(draws.before[:, place]),
        "after": interval(draws.after[:, place]),
        "more": interval(draws.more[:, place]),
        "by_edit": float(by_edit.iloc[place]),
    }


def _chances(scene: Scene, frame: pd.DataFrame) -> Floats | None:
    """The chances of each quadrant if the account stays, by the models; None for a book without surveys."""
    migration = scene.scorer.migration
    return None if migration is None else migration.quadrants(frame.reset_index())


def _heading(chances: Floats | None, place: int, risk: float) -> str:
    """Where an account most likely stands at the horizon, having left among the places."""
    if chances is None:
        return "unknown"
    everything = [*(chances[place] * (1.0 - risk)), risk]
    return str(STATES[int(np.argmax(everything))])


def _quadrants(
    before: Floats | None, after: Floats | None, place: int, risk: float, gone: Floats
) -> list[dict[str, Any]]:
    """The chance of each quadrant at the horizon, without and with what is asked."""
    if before is None or after is None:
        return []
    return [
        {
            "quadrant": str(quadrant),
            "before": float(before[place, code] * (1.0 - risk)),
            "after": interval(after[place, code] * (1.0 - gone)),
        }
        for code, quadrant in enumerate(KNOWN)
    ]
