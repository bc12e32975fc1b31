"""Evidence: how sure the figures of an evaluation are, and where they show nothing at all.

Intervals are percentiles of a bootstrap over accounts and test dates, as in `training.evaluation.comparison`. What
the model must beat is the best of the simple baselines, those that need one column and no model; the best of three on
the very rows of the test is a little too good, so the question is put to the model's disadvantage. With a handful of
leavers in the test dates a bootstrap is too sure of itself: then there is no interval of the AUC, and no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.evaluation.comparison import (
    INTERVAL,
    compare_said,
    leavers_of,
    loss_of,
    times_drawn,
)
from training.evaluation.outcomes import Evaluation, Outcome, horizons_said, said
from training.fitting.baselines import QUADRANT, SINGLE_COLUMNS
from training.fitting.rivals import MODEL
from training.metrics import Array
from training.past.enough import FEWEST_OF_EACH

SIMPLE = (*SINGLE_COLUMNS, QUADRANT)
"""Baselines that anybody could use instead."""
AUC_DRAWS = 500

INTERVALS = (
    "auc_low",
    "auc_high",
    "log_loss_difference",
    "difference_low",
    "difference_high",
)
"""Columns of the intervals; the difference is that of our model from the best simple baseline."""


def intervals(evaluations: Sequence[Evaluation]) -> pd.DataFrame:
    """The 95% intervals of defection, over all test dates.

    Args:
        evaluations: at one or more test dates.

    Returns:
        A row for each horizon and model: ``prediction``, ``horizon``, ``model``, then `INTERVALS`; missing where they
        cannot be told, and the difference for other models than ours.
    """
    outcomes = [
        outcome for evaluation in evaluations for outcome in evaluation.outcomes
    ]
    rows = []
    for horizon, model in dict.fromkeys(
        (outcome.horizon, outcome.model) for outcome in outcomes
    ):
        low, high = auc_interval(said(evaluations, model, horizon))
        row = {
            "prediction": "defection",
            "horizon": horizon,
            "model": model,
            "auc_low": low,
            "auc_high": high,
        }
        against = best_simple(evaluations, horizon) if model == MODEL else None
        if against is not None:
            found = compare_said(evaluations, against, horizon)
            row |= {
                "log_loss_difference": found.mean,
                "difference_low": found.low,
                "difference_high": found.high,
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=["prediction", "horizon", "model", *INTERVALS])


def not_enough(evaluations: Sequence[Evaluation]) -> list[str]:
    """A sentence for each horizon at which it is not known whether our model is better than a simple baseline."""
    if not evaluations:
        return [
            "defection: not enough evidence for any figure: before no past date was enough known to test there"
        ]
    sentences = []
    for horizon in horizons_said(evaluations):
        against = best_simple(evaluations, horizon)
        if against is not None:
            leavers = leavers_of(said(evaluations, MODEL, horizon))
            found = compare_said(evaluations, against, horizon)
            if not (found.better or found.worse):
                sentences.append(
                    f"defection at {horizon} days: not enough evidence that the model is better than {against} alone: "
                    f"{leavers:,} accounts left in the test dates, {found}"
                )
    return sentences


def best_simple(evaluations: Sequence[Evaluation], horizon: int) -> str | None:
    """The simple baseline with the lowest log loss over all test dates; None where there is none."""
    losses = {
        name: loss_of(found)
        for name in SIMPLE
        if (found := said(evaluations, name, horizon))
    }
    return min(losses, key=lambda name: losses[name]) if losses else None


def auc_interval(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """The 95% interval of the AUC, the mean over the rows of the test dates; NaN where too few left or stayed.

    Args:
        outcomes: what one model said at each test date.
    """
    nobody_stayed = all(outcome.left.all() for outcome in outcomes)
    if nobody_stayed or leavers_of(outcomes) < FEWEST_OF_EACH:
        return float("nan"), float("nan")
    accounts = np.concatenate([outcome.accounts for outcome in outcomes])
    codes, names = pd.factorize(accounts)
    ends = np.cumsum([len(outcome.left) for outcome in outcomes])
    of_each = np.split(codes, ends[:-1])
    ranked = list(map(_Ranked, outcomes, of_each))
    draws = np.random.default_rng(0)
    means = []
    for _ in range(AUC_DRAWS):
        times = times_drawn(draws, len(names))
        mean = _mean_auc(ranked, times, times_drawn(draws, len(ranked)))
        if mean is not None:
            means.append(mean)
    low, high = np.percentile(means, INTERVAL)
    return float(low), float(high)


def _mean_auc(ranked: Sequence[_Ranked], accounts: Array, dates: Array) -> float | None:
    """The mean AUC over the rows of test dates, accounts and dates counting so many times; None where none is known."""
    aucs, weights = [], []
    for date, times in zip(ranked, dates, strict=True):
        auc = date.auc(accounts) if times else None
        if auc is not None:
            aucs.append(auc)
            weights.append(times * date.size)
    return float(np.average(aucs, weights=weights)) if aucs else None


class _Ranked:
    """The rows of a test date in the order of their risk, so that an AUC with weights costs no sorting."""

    def __init__(self, outcome: Outcome, accounts: npt.NDArray[np.intp]) -> None:
        order = np.argsort(outcome.risk, kind="stable")
        risk = outcome.risk[order]
        self._starts = np.flatnonzero(np.r_[True, risk[1:] > risk[:-1]])
        self._left, self._accounts = outcome.left[order], accounts[order]
        self.size = len(order)

    def auc(self, times: Array) -> float | None:
        """The chance that a leaver has the higher risk of the two, each account counting so many times."""
        weights = times[self._accounts]
        leavers = self._tied(weights * self._left)
        stayers = self._tied(weights * (1.0 - self._left))
        pairs = float(leavers.sum() * stayers.sum())
        if not pairs:
            return None
        below = np.cumsum(stayers) - stayers
        # Not by BLAS, whose threads wait for each other beside busy cores: seven times the CPU.
        won = leavers * (below + stayers / 2.0)
        return float(won.sum()) / pairs

    def _tied(self, weights: Array) -> Array:
        return np.add.reduceat(weights, self._starts)
