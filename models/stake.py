"""What is at stake: how much of an account's risk a team can still do something about."""

from __future__ import annotations

import pandas as pd

from models.horizon import LEAD_TIME, MIGRATION_HORIZON, risk_column


def at_stake(scores: pd.DataFrame) -> pd.Series:
    """What can still be saved: the risk at 90 days less that within the lead time, which is too soon to act on.

    Example:
        >>> at_stake(pd.DataFrame({"risk_14d": [0.25, None], "risk_90d": [0.75, 0.5]})).tolist()
        [0.5, 0.5]
    """
    late, soon = (scores[risk_column(horizon)].fillna(0.0) for horizon in (MIGRATION_HORIZON, LEAD_TIME))
    return (late - soon).rename("at_stake")
