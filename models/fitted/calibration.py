"""Calibration: bringing probabilities to the frequencies that were seen, by a line in log-odds (Platt, 1999)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A line in log-odds: calibrated = slope * raw + intercept.

    Example:
        >>> Calibration().probability(np.array([0.0])).tolist()
        [0.5]
    """

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, log_odds: Array) -> Array:
        """Calibrated probabilities of raw log-odds."""
        return sigmoid(self.slope * log_odds + self.intercept)


@dataclass(frozen=True)
class StateCalibration:
    """A line in the log chances of quadrants: a slope for all, and an addend for the quadrant of today.

    Example:
        >>> even = np.zeros((1, 2))
        >>> StateCalibration(stay=np.log(3.0)).chances(even, np.array([1])).tolist()
        [[0.25, 0.75]]
    """

    slope: float = 1.0
    stay: float = 0.0

    def chances(self, log_chances: Array, today: npt.NDArray[np.int64]) -> Array:
        """Calibrated chances.

        Args:
            log_chances: of each quadrant, up to an addend of the row, shape (rows, quadrants).
            today: code of the quadrant of today; one beyond the quadrants is unknown, and has no addend.
        """
        raised = self.slope * log_chances
        known = np.flatnonzero(today < raised.shape[1])
        raised[known, today[known]] += self.stay
        return softmax(raised)


def sigmoid(log_odds: Array) -> Array:
    """Probabilities of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0))))


def softmax(log_odds: Array) -> Array:
    """Probabilities of log-odds per class, shape (rows, classes)."""
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
