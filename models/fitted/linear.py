"""Logistic regression: a plain peer of boosting, kept as numbers.

It reads the columns that are numbers, as signed logarithms, standardised; a missing value stands at the median, with a
column of its own that says so. Prediction needs numpy alone; `training.fitting.regression` fits it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.fitted.encoding import Matrix

Array = npt.NDArray[np.float64]


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
            filled(matrix, self.places, self.missing_places, self.medians)
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
        for rows in blocks(matrix):
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
        for rows in blocks(matrix):
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


def blocks(matrix: Matrix) -> Iterator[slice]:
    """The rows of a matrix, `BLOCK` at a time."""
    for start in range(0, len(matrix), BLOCK):
        yield slice(start, start + BLOCK)


def filled(
    matrix: Matrix,
    places: npt.NDArray[np.int64],
    missing_places: npt.NDArray[np.int64],
    medians: Array,
) -> Matrix:
    """What is read of a matrix, each missing value as its median; then whether it was missing."""
    read = signed_logarithm(matrix[:, places])
    return np.hstack(
        [np.where(np.isnan(read), medians, read), np.isnan(matrix[:, missing_places])]
    )


def signed_logarithm(matrix: Matrix) -> Matrix:
    """Counts, days and amounts spread over decades: their logarithm, with the sign kept."""
    return np.asarray(np.sign(matrix) * np.log1p(np.abs(matrix)))
