"""Expected log losses, and the share of the knowable that a model closes."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from benchmarks.knowable.oracle import Array

Losses = TypeVar("Losses", float, pd.Series)
SURE = 1e-6
"""Chances are kept this far from 0 in logarithms."""


def expected_log_loss(truth: Array, chances: Array) -> float:
    """The log loss to be expected of chances, where the outcomes come with the true probabilities.

    Args:
        truth: true probability of each outcome, shape (rows, outcomes). A row counts as much as it sums to: less than
            1 where it may turn out that the outcome cannot be known. With a single 1 in each row it is the realised
            log loss.
        chances: what was predicted, of the same shape.

    Example:
        >>> round(expected_log_loss(np.array([[0.5, 0.5]]), np.array([[0.5, 0.5]])), 4)
        0.6931
    """
    return float(-(truth * np.log(np.clip(chances, SURE, 1.0))).sum() / truth.sum())


def share_closed(baseline: Losses, model: Losses, oracle: Losses) -> Losses:
    """The share of the distance from the baseline's log loss to the oracle's that a model closes.

    Example:
        >>> share_closed(baseline=0.5, model=0.35, oracle=0.2)
        0.5
    """
    return (baseline - model) / (baseline - oracle)


def endless(loss: float, draws: int, loss_of_fewer: float, fewer: int) -> float:
    """What a loss would be with endless draws, if its bias falls as one over their number.

    Example:
        >>> endless(loss=1.0 - 0.6 / 300, draws=300, loss_of_fewer=1.0 - 0.6 / 150, fewer=150)
        1.0
    """
    return (draws * loss - fewer * loss_of_fewer) / (draws - fewer)
