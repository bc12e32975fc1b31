"""Learners: who fits the risk at a horizon, ours or a data scientist's own (docs/adr/0026)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.fitted.encoding import Matrix
from models.fitted.learner import Fitted, files_of, reader_of, unsound

Array = npt.NDArray[np.float64]


class Learner(Protocol):
    """Fits the risk at each horizon, several at once, so that it must keep nothing of a fit to itself."""

    @property
    def name(self) -> str:
        """What tables call it, and what its reader is known by."""
        ...

    def fit(
        self, matrix: Matrix, outcome: Array, weight: Array, categorical: Sequence[int]
    ) -> Fitted:
        """Fits one outcome.

        Args:
            matrix: shape (rows, columns), missing values among them.
            outcome: 1 has left, 0 stays, shape (rows,); at least six accounts of each.
            weight: for how many rows each stands, 1 in the mean, shape (rows,).
            categorical: places of columns that hold codes.
        """
        ...


def fit_by(
    learner: Learner,
    matrix: Matrix,
    outcome: Array,
    weight: Array,
    categorical: Sequence[int],
) -> Fitted:
    """What a learner fits, after a look at whether it is what it should be and can be read again.

    Raises:
        ModelError: log-odds or contributions are of another shape or not finite, or what is kept is not what was
            fitted.
    """
    fitted = learner.fit(matrix, outcome, weight, categorical)
    raw = np.asarray(fitted.raw(matrix))
    _require(learner, "log-odds", raw, matrix.shape[:1])
    _require(
        learner, "contributions", np.asarray(fitted.contributions(matrix)), matrix.shape
    )
    again = reader_of(learner.name)(files_of(fitted, learner.name, "again"), "again")
    if not np.array_equal(again.raw(matrix), raw):
        raise unsound(
            learner.name,
            "other log-odds after reading what was kept",
            "the same to the last bit",
        )
    return fitted


def _require(
    learner: Learner, what: str, numbers: Array, shape: tuple[int, ...]
) -> None:
    if numbers.shape != shape:
        raise unsound(
            learner.name, f"{what} of shape {numbers.shape}", f"shape {shape}"
        )
    if not np.isfinite(numbers).all():
        raise unsound(
            learner.name,
            f"{what} that are not finite",
            "a number for each, also where values are missing",
        )
