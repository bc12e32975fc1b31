"""The blend: boosting and logistic regression, a weighted mean of their log-odds (docs/adr/0003, 0011).

Boosting finds thresholds and interactions; the regression goes on in a straight line where a test date holds values
that no training date held, such as longer silences. On the public sets the mean of both is as good as the better one.
With few leavers boosting finds what is not there, so its share shrinks and the blend comes near to the regression.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.boosting import Booster, Setting
from models.design import Design
from models.encoding import Matrix
from models.linear import Linear, of_numbers

Array = npt.NDArray[np.float64]

FULL_SHARE = 0.5
"""The booster's share where leavers are many."""
LEAVERS_OF_HALF = 20
"""The leavers with whom the booster has half of its full share; chosen on simulated companies (docs/adr/0011)."""


@dataclass(frozen=True)
class Blend:
    """A booster and a regression, fitted on the same rows.

    Attributes:
        booster: boosting.
        linear: logistic regression.
        share: the booster's share in the log-odds; the rest is the regression's.
    """

    booster: Booster
    linear: Linear
    share: float = FULL_SHARE

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row."""
        return self._mean(self.booster.raw(matrix), self.linear.raw(matrix))

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds of each row, shape (rows, columns)."""
        return self._mean(self.booster.contributions(matrix), self.linear.contributions(matrix))

    def files(self, stem: str) -> dict[str, str]:
        """The texts that hold it, by file name."""
        return {f"{stem}.booster.txt": self.booster.text, f"{stem}.linear.json": json.dumps(self.linear.numbers())}

    def _mean(self, boosted: Matrix, regressed: Matrix) -> Matrix:
        return self.share * boosted + (1.0 - self.share) * regressed


def of_files(files: dict[str, str], stem: str, share: float = FULL_SHARE) -> Blend:
    """The blend that `Blend.files` wrote under a stem, with the booster's share, which is kept elsewhere."""
    linear = of_numbers(json.loads(files[f"{stem}.linear.json"]))
    return Blend(Booster(files[f"{stem}.booster.txt"]), linear, share)


def booster_share(leavers: int) -> float:
    """The booster's share in a blend fitted on so many leavers.

    Example:
        >>> [round(booster_share(leavers), 3) for leavers in (5, 20, 500)]
        [0.1, 0.25, 0.481]
    """
    return FULL_SHARE * leavers / (leavers + LEAVERS_OF_HALF)


def fit_blend(design: Design, rows: npt.NDArray[np.int64], outcome: Array, setting: Setting, leavers: int) -> Blend:
    """Fits both on the same rows.

    Args:
        design: the rows of a training set.
        rows: the places of those that are fitted on, ascending.
        outcome: of each of them: 1 has left, 0 stays.
        setting: how the booster is grown.
        leavers: how many different accounts left, or stayed, whichever are fewer.
    """
    weight = design.weights(rows)
    booster = design.bins.grow(rows, outcome, setting, weight=weight)
    return Blend(booster, design.standardised.fit(rows, outcome, weight), booster_share(leavers))
