"""Fits the chance of a quiet period, see `models.fitted.quiet`, and how far its log-odds are moved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from models.fitted.bgnbd import returns_of
from models.fitted.calibration import sigmoid
from models.fitted.quiet import Quiet, QuietOdds, log_odds
from training.fitting.bgnbd import fit_bgnbd

Array = npt.NDArray[np.float64]


_FARTHEST = 50.0
"""Log-odds are moved by no more than this."""


def fit_quiet(frame: pd.DataFrame, days: int, weight: pd.Series) -> Quiet | None:
    """Fits the chance on the newest as-of date of snapshots.

    Args:
        frame: snapshots.
        days: the quiet period.
        weight: for how many rows each stands.

    Returns:
        None where no account had come back by then, which leaves nothing to learn from.
    """
    as_of = frame["as_of_us"]
    learned = (as_of == as_of.max()) & (frame["active_days"] > 0)
    seen = returns_of(frame[learned])
    if not (seen.repeats > 0).any():
        return None
    model = fit_bgnbd(seen, weight[learned].to_numpy())
    return Quiet(days, model)


def fit_quiet_odds(
    chances: Array, place: int, outcome: Array, weight: Array
) -> QuietOdds:
    """Moves the log-odds so that the mean chance is the share that left.

    Args:
        chances: of a quiet period, shape (rows,), at least one of them known.
        place: of the chances among the columns of a matrix.
        outcome: 1 has left, 0 stays, both at least once.
        weight: for how many rows each stands.
    """
    found = log_odds(chances)
    usual = float(np.nanmean(found))
    filled = np.where(np.isnan(found), usual, found)

    def too_many(shift: float) -> float:
        surplus = sigmoid(filled + shift) - outcome
        return float(np.average(surplus, weights=weight))

    shift = brentq(too_many, -_FARTHEST, _FARTHEST)
    return QuietOdds(place, float(shift), usual)
