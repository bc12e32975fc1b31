"""Profit of contacting: what a worklist is expected to bring, how long it should be, and what happened.

What contacting an account gains is in `models.score.gain`. Beside it stands EMPC of Verbraken, Verbeke and Baesens
(2013), "A Novel Profit Maximizing Metric for Measuring Classification Performance of Customer Churn Prediction Models",
IEEE TKDE 25(5).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.engine import day_of
from models.score.campaign import Campaign
from models.score.gain import expected_gain
from training.metrics import Array

CERTAINTY = 20
"""Alpha + beta of the distribution of acceptance in EMPC, as in its paper: as sure as after asking 20 accounts."""


def profits(lists: pd.DataFrame, campaign: Campaign, capacity: int) -> pd.DataFrame:
    """The profit of contacting at each as-of date.

    Args:
        lists: ``as_of_us``, ``rank``, ``horizon``, ``risk``, ``at_stake``, ``left``, ``left_in_time`` and ``value``,
            see `training.lists.backtest.backtest`; a value that is not known counts as 0.
        campaign: what contacting costs and brings.
        capacity: how many accounts a team works at each as-of date.

    Returns:
        A row for each date, missing where not known yet: ``as_of``, ``horizon`` and ``accounts``; ``worklist``, the
        expected profit of the worklist at capacity, in its own order, and ``worklist_happened``, the same with who left
        in place of the risk; ``at_capacity`` and ``at_capacity_happened``, of at most so many accounts, those of the
        greatest expected gain; ``best_length`` and ``best``, expected of every account with a gain; ``left_on_table``,
        best less at_capacity; ``empc`` and ``empc_share``, see `empc`. In what happened, an account that had left
        before the date without anybody knowing counts nothing.
    """
    rows = [_profit(date, campaign, capacity) for _, date in lists.groupby("as_of_us")]
    return pd.DataFrame(rows)


def profit_curve(lists: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Profit against the length of the list, those of the greatest expected gain first, as means over as-of dates.

    Only dates whose outcome is known count, and lengths that all of these have.

    Returns:
        A row for each length from 0 on: ``length``, ``expected`` and ``happened``.
    """
    known = lists[lists["left"].notna()]
    curves = [_curves(date, campaign) for _, date in known.groupby("as_of_us")]
    if not curves:
        return pd.DataFrame(columns=["length", "expected", "happened"])
    shared = min(len(curve) for curve in curves)
    mean = np.mean([curve[:shared] for curve in curves], axis=0)
    return pd.DataFrame(
        {"length": np.arange(shared), "expected": mean[:, 0], "happened": mean[:, 1]}
    )


def empc(
    left: Array, risk: Array, value: float, campaign: Campaign
) -> tuple[float, float]:
    """Expected maximum profit of Verbraken et al. (2013): acceptance is uncertain, all accounts are worth the same.

    Args:
        left: 1 has left, 0 stayed, shape (accounts,).
        risk: probabilities of leaving, shape (accounts,).
        value: of an account, more than the offer costs.
        campaign: its acceptance, above 0 and below 1, is the mean of a Beta distribution.

    Returns:
        The profit per account of the book, and the share of accounts to contact.
    """
    from empulse.metrics import empc_score  # seconds to import

    accepting = CERTAINTY * campaign.acceptance
    profit, share = (
        measure(
            left,
            risk,
            alpha=accepting,
            beta=CERTAINTY - accepting,
            clv=value,
            incentive_cost=campaign.offer_cost,
            contact_cost=campaign.contact_cost,
        )
        for measure in (empc_score, empc_score.optimal_rate)
    )
    return float(profit), float(share)


def _profit(date: pd.DataFrame, campaign: Campaign, capacity: int) -> dict[str, object]:
    worked = date[date["rank"] <= capacity]
    known = date[date["left"].notna()]
    expected, happened = _curves(date, campaign).T
    best = int(np.argmax(expected))
    worth = min(capacity, best)
    maximum, share = _empc(known, campaign)
    return {
        "as_of": day_of(int(date["as_of_us"].iloc[0])),
        "horizon": int(date["horizon"].iloc[0]),
        "accounts": len(date),
        "worklist": _expected(worked, campaign).sum(),
        "worklist_happened": np.nansum(_happened(worked, campaign))
        if len(known)
        else np.nan,
        "at_capacity": expected[worth],
        "at_capacity_happened": happened[worth] if len(known) else np.nan,
        "best_length": best,
        "best": expected[best],
        "left_on_table": expected[best] - expected[worth],
        "empc": maximum,
        "empc_share": share,
    }


def _curves(date: pd.DataFrame, campaign: Campaign) -> Array:
    """Expected profit and what happened by the length of the list, from 0 on: shape (accounts + 1, 2)."""
    gains = np.column_stack([_expected(date, campaign), _happened(date, campaign)])
    ordered = gains[np.argsort(-gains[:, 0], kind="stable")]
    return np.vstack([np.zeros(2), np.nancumsum(ordered, axis=0)])


def _expected(date: pd.DataFrame, campaign: Campaign) -> Array:
    return _gain(date, date["at_stake"], date["risk"], campaign)


def _happened(date: pd.DataFrame, campaign: Campaign) -> Array:
    return _gain(date, date["left_in_time"], date["left"], campaign)


def _gain(
    date: pd.DataFrame, savable: pd.Series, leaves: pd.Series, campaign: Campaign
) -> Array:
    return expected_gain(
        savable.to_numpy(dtype=np.float64),
        1.0 - leaves.to_numpy(dtype=np.float64),
        date["value"].fillna(0.0).to_numpy(dtype=np.float64),
        campaign,
    )


def _empc(known: pd.DataFrame, campaign: Campaign) -> tuple[float, float]:
    """EMPC with the mean value; missing where none can be told."""
    left, value = (
        known["left"].to_numpy(dtype=np.float64),
        float(known["value"].fillna(0.0).mean()),
    )
    uncertain = 0.0 < campaign.acceptance < 1.0 and 0.0 < left.sum() < len(left)
    if not uncertain or value <= campaign.offer_cost:
        return np.nan, np.nan
    return empc(left, known["risk"].to_numpy(dtype=np.float64), value, campaign)
