"""The model's edit: the log as it would be, measured anew and scored by the champion.

That is what the models have learned to expect of such rows. It is no proof of cause.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.edits.kinds import Kind
from features.edits.records import records_of
from models.effects.hazards import hazard_of
from serving.whatif.question import Question
from serving.whatif.scene import Scene, risks_of

LOOKED_AT = 12
"""Holders whose accounts tell what the models expect of a kind of event, drawn by the hash of their names."""
ACCOUNTS_EACH = 40
USUAL_SHARE = 2 / 3
"""How far an effect follows dependence before anything is known of it."""


def edited(scene: Scene, questions: Sequence[Question]) -> pd.DataFrame:
    """The snapshot of the accounts that questions meet, all of them having happened; indexed by account."""
    met = [question.accounts(scene) for question in questions]
    together = pd.Index(sorted(set().union(*met)))
    return _edited(scene, questions, met, together)


def expected_excess(scene: Scene, kind: Kind, usual: float) -> float:
    """What the models expect a kind of event to add to the hazard of those it meets, in parts of it.

    Args:
        scene: the book at the date.
        kind: of event.
        usual: the dependence of those that it usually meets.
    """
    before, after, unit = 0.0, 0.0, 0.0
    held = scene.held(kind)
    for holder in _drawn(held["holder"].drop_duplicates(), LOOKED_AT):
        accounts = _drawn(
            held.index[held["holder"] == holder].to_series(), ACCOUNTS_EACH
        )
        met = pd.Index(sorted(accounts))
        frame = _edited(scene, [Question(kind, str(holder))], [met], met)
        risks = risks_of(scene.scorer, frame.reset_index())[scene.longest]
        struck = scene.struck(kind, met, scene.longest, usual)
        before += float(struck.hazard.sum())
        after += float(hazard_of(risks.to_numpy(dtype=np.float64)).sum())
        unit += float(struck.unit(USUAL_SHARE).sum())
    return (after - before) / unit if unit else 0.0


def _drawn(names: pd.Series, count: int) -> list[str]:
    """So many names, the same ones every time."""
    texts = names.astype(str).to_numpy(dtype=object)
    order = np.argsort(pd.util.hash_array(texts), kind="stable")
    return [str(name) for name in texts[order[:count]]]


def _edited(
    scene: Scene,
    questions: Sequence[Question],
    met: Sequence[pd.Index],
    together: pd.Index,
) -> pd.DataFrame:
    records = records_of(scene.book, list(together), scene.as_of)
    for question, accounts in zip(questions, met, strict=True):
        mine = tuple(str(account) for account in accounts)
        records = question.kind.edit(question.holder, scene.as_of, mine)(records)
    return records.snapshot(scene.as_of).set_index("account_id")
