"""What is at stake: how much of an account's risk a team can still do something about.

It is a difference of two risks; what contacting brings in money is in `models.score.gain`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.timeline.expression import Columns
from features.timeline.rows import Floats
from models.score.horizon import ALREADY_GONE, HORIZONS, LEAD_TIME, planned, risk_column


def stake_horizon(scores: Columns | pd.DataFrame) -> int | None:
    """The horizon that is looked to, of those at which any risk is known, see `models.score.horizon.planned`.

    Args:
        scores: ``risk_{h}d`` of some horizons; missing where not known.
    """
    return planned([h for h, risk in _risks(scores).items() if not _unknown(risk)])


def at_stake(scores: pd.DataFrame) -> pd.Series:
    """What can still be saved: the risk at that horizon less that within the lead time, which is too soon to act on.

    Where the risk within the lead time is not known, or no longer one is, nothing is taken off. A risk that is not
    known counts as no number: what is at stake is then missing.

    Example:
        >>> at_stake(pd.DataFrame({"risk_14d": [0.25, 0.25], "risk_60d": [0.5, 1.0], "risk_90d": None})).tolist()
        [0.25, 0.75]
    """
    return pd.Series(stakes_of(scores), scores.index, name="at_stake")


def stakes_of(scores: Columns | pd.DataFrame) -> Floats:
    """What can still be saved of each row, see `at_stake`."""
    risks, horizon = _risks(scores), stake_horizon(scores)
    if horizon is None:
        return np.full(len(scores["account_id"]), np.nan)
    soon = risks.get(LEAD_TIME)
    if soon is None or horizon <= LEAD_TIME or _unknown(soon):
        return risks[horizon]
    return risks[horizon] - soon


def risk_ahead(scores: Columns | pd.DataFrame) -> Floats:
    """The risk of each row at the horizon that is looked to; missing where none is known."""
    horizon = stake_horizon(scores)
    if horizon is None:
        return np.full(len(scores["account_id"]), np.nan)
    return _risks(scores)[horizon]


def _risks(scores: Columns | pd.DataFrame) -> dict[int, Floats]:
    """The risks that are there, by horizon."""
    columns = {horizon: risk_column(horizon) for horizon in (ALREADY_GONE, *HORIZONS)}
    return {
        horizon: np.asarray(scores[column], dtype=np.float64)
        for horizon, column in columns.items()
        if column in scores
    }


def _unknown(risk: Floats) -> bool:
    return bool(np.isnan(risk).all())
