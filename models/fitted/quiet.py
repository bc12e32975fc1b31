"""Quiet: where leaving is judged by a quiet period, the chance of one from now on, which needs no labels.

It is a column that models read beside the features, and by itself the third member of a blend (docs/adr/0025). Both
come from BG/NBD, fitted once for a book, on the newest as-of date of a training set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.timeline.expression import Columns
from models.fitted import bgnbd
from models.fitted.bgnbd import BgNbd, returns_of

Array = npt.NDArray[np.float64]

SURE = 1e-6
"""How near to 0 and to 1 a chance may come before its log-odds are taken."""


@dataclass(frozen=True)
class Quiet:
    """A fitted chance of a quiet period.

    Attributes:
        days: the quiet period.
        model: how the accounts of the book come back, in days.
    """

    days: int
    model: BgNbd

    def chances(self, frame: Columns | pd.DataFrame) -> Array:
        """The chance of each row of a snapshot, shape (rows,); missing where an account was never active."""
        return self.model.quiet(returns_of(frame), self.days)

    def described(self) -> dict[str, object]:
        """All it consists of, as JSON can hold it."""
        return {"days": self.days, **self.model.numbers()}


def of_description(described: Mapping[str, Any]) -> Quiet:
    """The chance that `Quiet.described` describes."""
    numbers = {name: number for name, number in described.items() if name != "days"}
    return Quiet(described["days"], bgnbd.of_numbers(numbers))


@dataclass(frozen=True)
class QuietOdds:
    """The chance as a member of a blend: its log-odds, moved to the share of accounts that left.

    They are moved because a quiet period that begins by a later horizon is likelier than one from now on, and because
    the model may be off in the mean where it is right about the order of the accounts.

    Attributes:
        place: of the chances among the columns of a matrix.
        shift: by which the log-odds are moved.
        usual: the mean log-odds of the rows fitted on, which stand for a missing one.
    """

    place: int
    shift: float
    usual: float

    def raw(self, matrix: Array) -> Array:
        """Log-odds of each row, shape (rows,)."""
        return self._log_odds(matrix) + self.shift

    def contributions(self, matrix: Array) -> Array:
        """What each column adds to the log-odds against an average row, shape (rows, columns)."""
        contributions = np.zeros(matrix.shape)
        contributions[:, self.place] = self._log_odds(matrix) - self.usual
        return contributions

    def numbers(self) -> dict[str, float]:
        """All it consists of."""
        return asdict(self)

    def _log_odds(self, matrix: Array) -> Array:
        found = log_odds(matrix[:, self.place])
        return np.where(np.isnan(found), self.usual, found)


def log_odds(chances: Array) -> Array:
    """Log-odds of chances, finite also of 0 and 1; missing where they are.

    Example:
        >>> log_odds(np.array([0.5, np.nan])).tolist()
        [0.0, nan]
    """
    clipped = np.clip(chances, SURE, 1.0 - SURE)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
