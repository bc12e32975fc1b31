"""Resampled accounts, and figures of rows that count by weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int16]
LEVEL = 0.95


def resampled(accounts: pd.Series, draws: int, seed: int) -> Counts:
    """How often each row counts when accounts are drawn with replacement, as many as there are: shape (draws, rows).

    All rows of an account count alike, and the same draws for every model compared, so that differences are paired.
    """
    codes, names = pd.factorize(accounts)
    rng, size = np.random.default_rng(seed), len(names)
    drawn = (
        np.bincount(rng.integers(size, size=size), minlength=size) for _ in range(draws)
    )
    return np.stack([counts.astype(np.int16)[codes] for counts in drawn])


def auc(left: Array, place: npt.NDArray[np.int64], weight: Array | Counts) -> float:
    """The chance that a leaver's risk is above a stayer's, ties counting half, with rows counting by weight.

    Args:
        left: 1 has left, 0 stayed.
        place: of the risk among all risks, ascending from 0.
        weight: how often each row counts.

    Example:
        >>> auc(np.array([0.0, 1.0, 0.0]), np.array([0, 1, 1]), np.array([1.0, 1.0, 2.0]))
        0.6666666666666666
    """
    leavers, stayers = (
        np.bincount(place, weights=weight * of_kind) for of_kind in (left, 1 - left)
    )
    below = np.cumsum(stayers) - stayers
    return float(
        (leavers * (below + stayers / 2)).sum() / (leavers.sum() * stayers.sum())
    )


def interval(drawn: Array) -> tuple[float, float]:
    """The middle 95% of what was drawn."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
