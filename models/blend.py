"""The blend: boosting and logistic regression, the mean of their log-odds (docs/adr/0003).

Boosting finds thresholds and interactions; the regression goes on in a straight line where a test date holds values
that no training date held, such as longer silences. On the public sets the mean of both is as good as the better one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.boosting import Booster, Setting, grow
from models.encoding import Encoding, Matrix
from models.linear import Linear, fit_linear, of_numbers

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Blend:
    """A booster and a regression, fitted on the same rows."""

    booster: Booster
    linear: Linear

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row."""
        return (self.booster.raw(matrix) + self.linear.raw(matrix)) / 2.0

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds of each row, shape (rows, columns)."""
        return (self.booster.contributions(matrix) + self.linear.contributions(matrix)) / 2.0

    def files(self, stem: str) -> dict[str, str]:
        """The texts that hold it, by file name."""
        return {f"{stem}.booster.txt": self.booster.text, f"{stem}.linear.json": json.dumps(self.linear.numbers())}


def of_files(files: dict[str, str], stem: str) -> Blend:
    """The blend that `Blend.files` wrote under a stem."""
    linear = of_numbers(json.loads(files[f"{stem}.linear.json"]))
    return Blend(Booster(files[f"{stem}.booster.txt"]), linear)


def fit_blend(matrix: Matrix, outcome: Array, setting: Setting, encoding: Encoding) -> Blend:
    """Fits both on the same rows; outcome is 0 or 1."""
    categorical = encoding.text_positions
    return Blend(grow(matrix, outcome, setting, categorical=categorical), fit_linear(matrix, outcome, categorical))
