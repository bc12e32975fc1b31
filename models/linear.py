"""Logistic regression: a plain peer of boosting, kept as numbers.

It reads the columns that are numbers, as signed logarithms, standardised; a missing value stands at the median, with a
column of its own that says so. Prediction needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.encoding import Matrix

Array = npt.NDArray[np.float64]

INVERSE_PENALTY = 0.002
"""Chosen on simulated companies: with some hundred columns that say much the same, a strong pull to zero."""


@dataclass(frozen=True)
class Linear:
    """A fitted logistic regression.

    Attributes:
        places: the columns of the matrix that it reads.
        missing_places: those of them of which it reads whether they are missing.
        medians: what stands for a missing value, by place, as a signed logarithm.
        centres, widths: of the standardised columns: first the values, then the indicators of missing ones.
        coefficients: shape (classes, places + missing places); a single row for two classes.
        intercepts: shape (classes,).
    """

    places: npt.NDArray[np.int64]
    missing_places: npt.NDArray[np.int64]
    medians: Array
    centres: Array
    widths: Array
    coefficients: Matrix
    intercepts: Array

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row, shape (rows,) for two classes, (rows, classes) for more."""
        standardised = self._standardised(matrix)
        # Not by BLAS, where the last bit of a row depends on how many rows there are beside it.
        raw = np.stack([(standardised * of_class).sum(axis=1) for of_class in self.coefficients], axis=1)
        raw += self.intercepts
        return raw[:, 0] if raw.shape[1] == 1 else raw

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds against an average row, shape (rows, columns); for two classes."""
        parts = self._standardised(matrix) * self.coefficients[0]
        contributions = np.zeros(matrix.shape)
        contributions[:, self.places] = parts[:, : len(self.places)]
        contributions[:, self.missing_places] += parts[:, len(self.places) :]
        return contributions

    def numbers(self) -> dict[str, object]:
        """All it consists of, as lists."""
        return {name: value.tolist() for name, value in vars(self).items()}

    def _standardised(self, matrix: Matrix) -> Matrix:
        return (_filled(matrix, self.places, self.missing_places, self.medians) - self.centres) / self.widths


def of_numbers(numbers: Mapping[str, Sequence[float]]) -> Linear:
    """The regression that `Linear.numbers` describes."""
    places, missing_places = (np.array(numbers[name], dtype=np.int64) for name in ("places", "missing_places"))
    rest = ("medians", "centres", "widths", "coefficients", "intercepts")
    return Linear(places, missing_places, *(np.array(numbers[name], dtype=np.float64) for name in rest))


def fit_linear(matrix: Matrix, outcome: Array, categorical: Sequence[int]) -> Linear:
    """Fits a logistic regression.

    Args:
        matrix: shape (rows, columns).
        outcome: class of each row, from 0; each class at least once.
        categorical: places of columns that hold codes, which it leaves out.
    """
    from sklearn.linear_model import LogisticRegression

    places = np.setdiff1d(np.arange(matrix.shape[1]), np.array(categorical, dtype=np.int64))
    missing_places = places[np.isnan(matrix[:, places]).any(axis=0)]
    medians = _medians(_signed_logarithm(matrix[:, places]))
    filled = _filled(matrix, places, missing_places, medians)
    centres, widths = filled.mean(axis=0), filled.std(axis=0)
    widths[widths < 1e-9] = 1.0
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit((filled - centres) / widths, outcome)
    return Linear(places, missing_places, medians, centres, widths, model.coef_, model.intercept_)


def _medians(read: Matrix) -> Array:
    """The median of what is known of each column; 0 where nothing is."""
    known = ~np.isnan(read).all(axis=0)
    medians = np.zeros(read.shape[1])
    medians[known] = np.nanmedian(read[:, known], axis=0)
    return medians


def _filled(
    matrix: Matrix, places: npt.NDArray[np.int64], missing_places: npt.NDArray[np.int64], medians: Array
) -> Matrix:
    read = _signed_logarithm(matrix[:, places])
    return np.hstack([np.where(np.isnan(read), medians, read), np.isnan(matrix[:, missing_places])])


def _signed_logarithm(matrix: Matrix) -> Matrix:
    """Counts, days and amounts spread over decades: their logarithm, with the sign kept."""
    return np.asarray(np.sign(matrix) * np.log1p(np.abs(matrix)))
