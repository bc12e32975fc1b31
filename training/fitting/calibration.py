"""Fits calibrations: the lines in log-odds under which what was seen is likeliest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from models.fitted.calibration import Calibration, StateCalibration

Array = npt.NDArray[np.float64]


def fit_calibration(log_odds: Array, left: Array) -> Calibration:
    """The line that fits outcomes best.

    Args:
        log_odds: raw, shape (rows,).
        left: 1 has left, 0 stays, both at least once.
    """
    model = LogisticRegression(C=1e6)
    model.fit(log_odds[:, None], left)
    (slope,), (intercept,) = model.coef_[0], model.intercept_
    return Calibration(float(slope), float(intercept))


def fit_state_calibration(
    log_chances: Array,
    today: npt.NDArray[np.int64],
    state: npt.NDArray[np.int64],
    weight: Array,
) -> StateCalibration:
    """The slope and the addend under which the states that were seen are likeliest.

    Args:
        log_chances: shape (rows, quadrants).
        today: code of the quadrant of today.
        state: code of the quadrant at the horizon.
        weight: for how many rows each counts.
    """
    rows = np.arange(len(state))

    def loss(line: Array) -> float:
        chances = StateCalibration(*line).chances(log_chances, today)
        seen = np.maximum(chances[rows, state], 1e-12)
        return float(np.average(-np.log(seen), weights=weight))

    found = minimize(loss, [1.0, 0.0])
    slope, stay = found.x
    return StateCalibration(float(slope), float(stay))
