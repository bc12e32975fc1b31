"""Fits logistic regressions. Rows are standardised once, for all regressions on some of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from models.fitted.encoding import Matrix
from models.fitted.linear import Linear, Scale, blocks, filled, signed_logarithm

Array = npt.NDArray[np.float64]


INVERSE_PENALTY = 0.002
"""Chosen on simulated companies: with some hundred columns that say much the same, a strong pull to zero."""


class Standardised:
    """Rows as regressions read them, in single precision; they are fitted on some of them or on all."""

    def __init__(self, matrix: Matrix, categorical: Sequence[int]) -> None:
        """Standardises rows.

        Args:
            matrix: shape (rows, columns).
            categorical: places of columns that hold codes, which are left out.
        """
        self._scale = _scale(matrix, categorical)
        self._rows = np.empty((len(matrix), len(self._scale.centres)), dtype=np.float32)
        for rows in blocks(matrix):
            self._rows[rows] = self._scale.standardised(matrix[rows])

    def fit(
        self, rows: npt.NDArray[np.int64], outcome: Array, weight: Array | None = None
    ) -> Linear:
        """Fits a logistic regression.

        Args:
            rows: the places of those that it is fitted on.
            outcome: class of each of them, from 0; each class at least once.
            weight: for how many rows each stands; 1 where left out.
        """
        model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit(
            self._rows[rows], outcome, weight
        )
        fitted = (
            numbers.astype(np.float64) for numbers in (model.coef_, model.intercept_)
        )
        return Linear(*vars(self._scale).values(), *fitted)


def fit_linear(matrix: Matrix, outcome: Array, categorical: Sequence[int]) -> Linear:
    """Fits a logistic regression on rows that no other is fitted on; see `Standardised`."""
    return Standardised(matrix, categorical).fit(np.arange(len(matrix)), outcome)


def _scale(matrix: Matrix, categorical: Sequence[int]) -> Scale:
    places = np.setdiff1d(
        np.arange(matrix.shape[1]), np.array(categorical, dtype=np.int64)
    )
    missing_places = places[np.isnan(matrix[:, places]).any(axis=0)]
    medians = _medians(signed_logarithm(matrix[:, places]))
    read = filled(matrix, places, missing_places, medians)
    widths = read.std(axis=0)
    widths[widths < 1e-9] = 1.0
    return Scale(places, missing_places, medians, read.mean(axis=0), widths)


def _medians(read: Matrix) -> Array:
    """The median of what is known of each column; 0 where nothing is."""
    known = ~np.isnan(read).all(axis=0)
    medians = np.zeros(read.shape[1])
    medians[known] = np.nanmedian(read[:, known], axis=0)
    return medians
