"""What is at stake: how much of an account's risk a team can still do something about, and the order that this gives.

It is a difference of two risks, not money; what contacting brings in money is in `training.lists.profit`. Every list
has this order: tonight's on one machine and on Spark, those of the backtest, and whom reasons are told of.
"""

from __future__ import annotations

import pandas as pd

from models.score.horizon import ALREADY_GONE, HORIZONS, LEAD_TIME, planned, risk_column


def stake_horizon(scores: pd.DataFrame) -> int | None:
    """The horizon that is looked to, of those at which any risk is known, see `models.score.horizon.planned`.

    Args:
        scores: ``risk_{h}d`` of some horizons; missing where not known.
    """
    columns = {horizon: risk_column(horizon) for horizon in (ALREADY_GONE, *HORIZONS)}
    return planned(
        [
            h
            for h, column in columns.items()
            if column in scores and scores[column].notna().any()
        ]
    )


def at_stake(scores: pd.DataFrame) -> pd.Series:
    """What can still be saved: the risk at that horizon less that within the lead time, which is too soon to act on.

    Where the risk within the lead time is not known, or no longer one is, nothing is taken off. A risk that is not
    known counts as no number: what is at stake is then missing.

    Example:
        >>> at_stake(pd.DataFrame({"risk_14d": [0.25, 0.25], "risk_60d": [0.5, 1.0], "risk_90d": None})).tolist()
        [0.25, 0.75]
    """
    horizon = stake_horizon(scores)
    if horizon is None:
        return pd.Series(float("nan"), scores.index, name="at_stake")
    late, soon = scores[risk_column(horizon)], scores.get(risk_column(LEAD_TIME))
    too_soon = (
        0.0 if soon is None or horizon <= LEAD_TIME or soon.isna().all() else soon
    )
    return (late - too_soon).astype(float).rename("at_stake")


def by_stake(scores: pd.DataFrame) -> pd.Index:
    """The rows of scores, first the one with most at stake, ties by account, last those of which that is not known."""
    order = pd.DataFrame({"stake": at_stake(scores), "account": scores["account_id"]})
    return order.sort_values(
        ["stake", "account"], ascending=[False, True], na_position="last"
    ).index
