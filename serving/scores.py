"""Scores: all columns of `models.score.columns`, from a snapshot, the chances and the reasons.

The night by models and by rules, Spark and the endpoint complete their scores here, so that none lacks a column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd

from features.engine import day_of
from features.quadrants import of_code
from features.snapshot.frame import vector_hashes
from features.themes.dictionary import OURS, Dictionary
from features.themes.needs import zone_of
from features.timeline.expression import Columns
from features.timeline.rows import Floats
from models.score.at_stake import risk_ahead, stakes_of
from models.score.bands import bands_of
from models.score.calling import calling_of
from models.score.campaign import Campaign
from models.score.choosing import choose
from models.score.columns import AT_STAKE, GAIN, JUDGED_RISK, VALUE, names
from models.score.gain import gains_of
from models.score.horizon import state_column
from models.score.owed import owed_of
from models.score.play import Play
from models.score.playbook import PLAYS
from models.score.reasons import REASON_COLUMNS, REASON_PARTS, Reason, reasons_by_column
from models.score.states import STATES
from models.score.tiers import tiers_of
from models.score.value import values_of

Scores = dict[str, Any]
"""Scores by column: lists or arrays of one value a row."""


def completed(
    snapshot: Columns | pd.DataFrame,
    chances: Mapping[str, Floats],
    told: Sequence[Sequence[Reason]],
    version: str,
    dictionary: Dictionary = OURS,
    campaign: Campaign = Campaign(),
    plays: Sequence[Play] = PLAYS,
) -> Scores:
    """Scores with every column, in order; the watermark is missing, since a snapshot does not hold it.

    Args:
        snapshot: its rows.
        chances: their risks, states and next answers; those that are left out cannot be given.
        told: the reasons of each row.
        version: of the models.
        dictionary: of the features.
        campaign: what contacting costs and brings.
        plays: the playbook.
    """
    zones = np.asarray(snapshot["zone"], dtype=np.float64)
    quadrants = np.asarray(snapshot["quadrant"], dtype=np.float64)
    rows = len(zones)
    scores: Scores = {
        "account_id": snapshot["account_id"],
        "as_of": list(map(day_of, np.asarray(snapshot["as_of_us"]).tolist())),
        "quadrant": [str(of_code(code)) for code in quadrants.tolist()],
        "zone": list(map(zone_of, zones.tolist())),
        "cold_start": np.isnan(zones),
        "watermark": [None] * rows,
        "features_hash": vector_hashes(snapshot, list(dictionary.features)),
        "model_version": [version] * rows,
        **chances,
        **worth_of(snapshot, chances, campaign),
        **reasons_by_column(told),
    }
    scores["heading"] = headings(scores)
    scores["band"] = bands_of(risk_ahead(scores))
    owed = owed_of(snapshot, campaign.owed_within)
    scores["owed"] = [None if debt is None else debt.sentence for debt in owed]
    first = [() if debt is None else debt.reasons for debt in owed]
    why = zip(first, told, calling_of(snapshot), strict=True)
    stands = zip(why, scores["quadrant"], scores["zone"], strict=True)
    # Most accounts of a night have no reasons, and the same action by quadrant and zone.
    chosen = lru_cache(maxsize=4_096)(partial(choose, plays=plays))
    actions = [
        chosen((*debts, *reasons, *calls), quadrant, zone)
        for (debts, reasons, calls), quadrant, zone in stands
    ]
    scores["action"] = [action.sentence for action in actions]
    scores["action_code"] = [action.code for action in actions]
    unknown = np.full(rows, np.nan)
    judged = JUDGED_RISK in chances
    return {name: scores.get(name, unknown) for name in names(judged)}


def worth_of(
    snapshot: Columns | pd.DataFrame, chances: Mapping[str, Floats], campaign: Campaign
) -> Scores:
    """What is at stake at each row, and what it is in money: all that lists are ordered by.

    Args:
        snapshot: its rows.
        chances: their risks.
        campaign: what contacting costs and brings.
    """
    ids = np.asarray(snapshot["account_id"], dtype=object)
    scores = {"account_id": ids, **chances}
    value = values_of(snapshot, campaign.value)
    tier = np.asarray(snapshot["account_tier"], dtype=np.float64)
    return {
        AT_STAKE: stakes_of(scores),
        VALUE: value,
        GAIN: gains_of(scores, value, campaign),
        "tier": tiers_of(tier),
    }


def as_frame(scores: Scores, index: pd.Index) -> pd.DataFrame:
    """Scores as a frame; reasons, what is owed and watermarks are objects, of which any may be missing."""
    return pd.DataFrame(scores, index=index).astype(dict.fromkeys(_OBJECTS, "object"))


_OBJECTS = (
    "watermark",
    "owed",
    *(name + part for name in REASON_COLUMNS for part in REASON_PARTS),
)


def heading(scores: pd.DataFrame) -> pd.Series:
    """Where each account is most likely to be at 90 days: a settled quadrant, ``defected``, or ``unknown``."""
    return pd.Series(headings(scores), scores.index, name="heading")


def headings(scores: Mapping[str, Any] | pd.DataFrame) -> list[str]:
    """As `heading`, of scores by column; ``unknown`` where chances are left out."""
    columns = [state_column(state) for state in STATES]
    if any(column not in scores for column in columns):
        return ["unknown"] * len(scores["account_id"])
    chances = np.column_stack(
        [np.asarray(scores[c], dtype=np.float64) for c in columns]
    )
    likeliest = chances.argmax(axis=1)  # a missing one, where there is any
    known = np.logical_not(np.isnan(chances).any(axis=1))
    return [
        STATES[state] if is_known else "unknown"
        for state, is_known in zip(likeliest.tolist(), known.tolist(), strict=True)
    ]
