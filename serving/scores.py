"""Scores: all columns of `models.score.columns`, from a snapshot, the chances and the reasons.

The night by models and by rules, Spark and the endpoint complete their scores here, so that none lacks a column.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from features.engine import day_of
from features.quadrants import of_code
from features.snapshot.frame import vector_hashes
from features.themes.dictionary import FEATURES
from features.themes.needs import zone_of
from models.score.at_stake import at_stake
from models.score.columns import AT_STAKE, JUDGED_RISK, names
from models.score.horizon import state_column
from models.score.playbook import choose
from models.score.reasons import Reason, reason_columns
from models.score.states import STATES


def completed(
    frame: pd.DataFrame,
    chances: pd.DataFrame,
    told: Sequence[Sequence[Reason]],
    version: str,
) -> pd.DataFrame:
    """Scores with every column, in order; the watermark is missing, since a snapshot does not hold it.

    Args:
        frame: a snapshot.
        chances: risks, states and next answers of its rows; those that are left out cannot be given.
        told: the reasons of each row.
        version: of the models.
    """
    kept = frame.index
    columns = {
        "account_id": frame["account_id"],
        "as_of": frame["as_of_us"].map(day_of),
        "quadrant": frame["quadrant"].map(_quadrant, na_action=None),
        "zone": frame["zone"].map(zone_of, na_action=None),
        "cold_start": frame["zone"].isna(),
        "watermark": pd.Series(None, kept, dtype="object"),
        "features_hash": pd.Series(vector_hashes(frame, list(FEATURES)), kept),
        "model_version": pd.Series(version, kept),
    }
    scores = pd.concat(
        [pd.DataFrame(columns), chances, reason_columns(told, kept)], axis=1
    )
    scores = scores.reindex(columns=names(judged=JUDGED_RISK in chances))
    scores[AT_STAKE], scores["heading"] = at_stake(scores), heading(scores)
    stands = zip(told, scores["quadrant"], scores["zone"], strict=True)
    actions = [choose(reasons, quadrant, zone) for reasons, quadrant, zone in stands]
    scores["action"] = [action.sentence for action in actions]
    scores["action_code"] = [action.code for action in actions]
    return scores


def _quadrant(code: float) -> str:
    return str(of_code(code))


def heading(scores: pd.DataFrame) -> pd.Series:
    """Where each account is most likely to be at 90 days: a settled quadrant, ``defected``, or ``unknown``."""
    chances = scores[[state_column(state) for state in STATES]].set_axis(
        list(STATES), axis=1
    )
    known = chances.notna().all(axis=1)
    return chances.fillna(0.0).idxmax(axis=1).where(known, "unknown").rename("heading")
