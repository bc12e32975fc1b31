"""What is at stake: how much of an account's risk a team can still do something about, and the order that this gives.

It is a difference of two risks, not money; what an account is worth a year is `yearly_value`, and what contacting
brings in money is in `training.lists.profit`. Every list has this order: tonight's on one machine and on Spark, those
of the backtest, and whom reasons are told of.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.timeline.expression import Columns
from features.timeline.rows import Floats, Ints
from models.score.horizon import ALREADY_GONE, HORIZONS, LEAD_TIME, planned, risk_column

YEARLY_VALUE = "yearly_value"
"""The name of what `yearly_value` gives."""


def yearly_value(snapshot: pd.DataFrame) -> pd.Series:
    """What each account is worth a year: the contracts that run, where they bring anything, else its net spending.

    Args:
        snapshot: with ``contract_value`` and ``spent_365d``; missing where neither is known.

    Example:
        >>> rows = {"contract_value": [500.0, 0.0, None], "spent_365d": [20.0, 30.0, None]}
        >>> yearly_value(pd.DataFrame(rows)).tolist()
        [500.0, 30.0, nan]
    """
    agreed = snapshot["contract_value"].astype(float)
    spent = snapshot["spent_365d"].astype(float)
    return agreed.where(agreed > 0, spent).rename(YEARLY_VALUE)


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


def by_stake(scores: pd.DataFrame) -> pd.Index:
    """The rows of scores, first the one with most at stake, ties by account, last those of which that is not known."""
    return scores.index[places_by_stake(scores)]


def places_by_stake(scores: Columns | pd.DataFrame) -> Ints:
    """The places of rows in the order of `by_stake`."""
    accounts = np.asarray(scores["account_id"], dtype=object)
    by_account = np.argsort(accounts, kind="stable")
    stakes = stakes_of(scores)[by_account]
    return by_account[np.argsort(-stakes, kind="stable")]


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
