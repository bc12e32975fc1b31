"""Past lists of a simulated company, beside what was truly to be gained of each account at their dates."""

from __future__ import annotations

import pandas as pd

from benchmarks.knowable.known import Firm
from benchmarks.knowable.oracle import Array, oracle_of
from models.score.campaign import Campaign
from models.score.gain import expected_gain
from models.score.horizon import LEAD_TIME
from training.lists.backtest import backtest
from training.past.observed import observe

DRAWS = 100
"""Futures that the oracle lives for each account."""


def lists_of(firm: Firm, campaign: Campaign = Campaign()) -> pd.DataFrame:
    """The lists of the last twelve months, as of `training.lists.backtest.backtest`.

    Returns:
        The lists with ``true_risk`` and ``true_gain`` of each account, by the company's own chances; who had silently
        left is lost, and costs the contact.
    """
    lists = backtest(observe(firm.book), campaign)
    dates = [_with_truth(firm, date, campaign) for _, date in lists.groupby("as_of_us")]
    return pd.concat(dates, ignore_index=True)


def _with_truth(firm: Firm, date: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    ask = oracle_of(firm.world, date)
    horizon = int(date["horizon"].iloc[0])
    risk, soon = (_risk(ask(days, DRAWS)) for days in (horizon, LEAD_TIME))
    value = date["value"].fillna(0.0).to_numpy()
    gain = expected_gain((risk - soon).clip(min=0.0), 1.0 - risk, value, campaign)
    return date.assign(true_risk=risk, true_gain=gain)


def _risk(told: pd.DataFrame) -> Array:
    return told["p_defected"].fillna(1.0).to_numpy()
