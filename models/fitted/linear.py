"""Logistic regression: a plain peer of boosting, kept as numbers.

It reads the columns that are numbers, as signed logarithms, standardised; a missing value stands at the median, with a
column of its own that says so. Rows are standardised once, for all regressions on some of them. Prediction needs numpy
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.fitted.encoding import Matrix

Array = npt.NDArray[np.float64]

INVERSE_PENALTY = 0.002
"""Chosen on simulated companies: with some hundred columns that say much the same, a strong pull to zero."""


BLOCK = 4096
"""Rows that are standardised at a time, so that what is worked out on the way stays small and near."""


@dataclass(frozen=True)
class Scale:
    """How columns are read.

    Attributes:
        places: the columns of the matrix that are read.
        missing_places: those of them of which it is read whether they are missing.
        medians: what stands for a missing value, by place, as a signed logarithm.
        centres, widths: of the standardised columns: first the values, then the indicators of missing ones.
    """

    places: npt.NDArray[np.int64]
    missing_places: npt.NDArray[np.int64]
    medians: Array
    centres: Array
    widths: Array

    def standardised(self, matrix: Matrix) -> Matrix:
        """Rows as a regression reads them, shape (rows, places + missing places)."""
        return (
            _filled(matrix, self.places, self.missing_places, self.medians)
            - self.centres
        ) / self.widths


@dataclass(frozen=True)
class Linear(Scale):
    """A fitted logistic regression.

    Attributes:
        coefficients: shape (classes, places + missing places); a single row for two classes.
        intercepts: shape (classes,).
    """

    coefficients: Matrix
    intercepts: Array

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row, shape (rows,) for two classes, (rows, classes) for more."""
        raw = np.empty((len(matrix), len(self.intercepts)))
        for rows in _blocks(matrix):
            standardised = self.standardised(matrix[rows])
            # Not by BLAS, where the last bit of a row depends on how many rows there are beside it.
            raw[rows] = np.stack(
                [
                    (standardised * of_class).sum(axis=1)
                    for of_class in self.coefficients
                ],
                axis=1,
            )
        raw += self.intercepts
        return raw[:, 0] if raw.shape[1] == 1 else raw

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds against an average row, shape (rows, columns); for two classes."""
        contributions = np.zeros(matrix.shape)
        for rows in _blocks(matrix):
            parts = self.standardised(matrix[rows]) * self.coefficients[0]
            contributions[rows, self.places] = parts[:, : len(self.places)]
            contributions[rows, self.missing_places] += parts[:, len(self.places) :]
        return contributions

    def numbers(self) -> dict[str, object]:
        """All it consists of, as lists."""
        return {name: value.tolist() for name, value in vars(self).items()}


def of_numbers(numbers: Mapping[str, Sequence[float]]) -> Linear:
    """The regression that `Linear.numbers` describes."""
    places, missing_places = (
        np.array(numbers[name], dtype=np.int64) for name in ("places", "missing_places")
    )
    rest = ("medians", "centres", "widths", "coefficients", "intercepts")
    return Linear(
        places,
        missing_places,
        *(np.array(numbers[name], dtype=np.float64) for name in rest),
    )


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
        for rows in _blocks(matrix):
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
        from sklearn.linear_model import LogisticRegression

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
    medians = _medians(_signed_logarithm(matrix[:, places]))
    filled = _filled(matrix, places, missing_places, medians)
    widths = filled.std(axis=0)
    widths[widths < 1e-9] = 1.0
    return Scale(places, missing_places, medians, filled.mean(axis=0), widths)


def _blocks(matrix: Matrix) -> Iterator[slice]:
    for start in range(0, len(matrix), BLOCK):
        yield slice(start, start + BLOCK)


def _medians(read: Matrix) -> Array:
    """The median of what is known of each column; 0 where nothing is."""
    known = ~np.isnan(read).all(axis=0)
    medians = np.zeros(read.shape[1])
    medians[known] = np.nanmedian(read[:, known], axis=0)
    return medians


def _filled(
    matrix: Matrix,
    places: npt.NDArray[np.int64],
    missing_places: npt.NDArray[np.int64],
    medians: Array,
) -> Matrix:
    read = _signed_logarithm(matrix[:, places])
    return np.hstack(
        [np.where(np.isnan(read), medians, read), np.isnan(matrix[:, missing_places])]
    )


def _signed_logarithm(matrix: Matrix) -> Matrix:
    """Counts, days and amounts spread over decades: their logarithm, with the sign kept."""
    return np.asarray(np.sign(matrix) * np.log1p(np.abs(matrix)))
