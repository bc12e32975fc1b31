"""Calibration: bringing probabilities to the frequencies that were seen, by Platt's line in log-odds."""

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


def fit_calibration(log_odds: Array, left: Array) -> Calibration:
    """The line that fits outcomes best.

    Args:
        log_odds: raw, shape (rows,).
        left: 1 has left, 0 stays, both at least once.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(log_odds[:, None], left)
    return Calibration(float(model.coef_[0, 0]), float(model.intercept_[0]))


def sigmoid(log_odds: Array) -> Array:
    """Probabilities of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0))))


def softmax(log_odds: Array) -> Array:
    """Probabilities of log-odds per class, shape (rows, classes)."""
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
