"""Fits the calibration of migration: the line in log chances under which what was seen is likeliest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.fitted.calibration import StateCalibration

Array = npt.NDArray[np.float64]


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
