"""Silence: of those who leave, which do so without a word; the share of the risk that is silent (S18, S31, S32).

Silent and overt leaving are competing outcomes: the risk times the share is the risk of leaving silently, and the rest
is that of leaving overtly (docs/adr/0010).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.fitted.calibration import sigmoid
from models.fitted.encoding import Encoding, Matrix
from models.fitted.linear import Linear, fit_linear, of_numbers

Array = npt.NDArray[np.float64]

FEWEST_ACCOUNTS = 10
"""The fewest accounts that left silently, and the fewest that left overtly, that the regression is fitted on."""

PRIOR = 1.0
"""Accounts of each sort that are assumed before any are seen: every share is as likely as every other."""

_FILE = "silence.json"


@dataclass(frozen=True)
class Silence:
    """A fitted share.

    Attributes:
        constant: the share of all leavers, each account counted once, shrunk to a half by `PRIOR`.
        linear: what the columns say of it; None where there were too few of either sort.
    """

    constant: float
    linear: Linear | None = None

    def shares(self, matrix: Matrix) -> Array:
        """The chance of each row to leave silently if it leaves, shape (rows,)."""
        if self.linear is None:
            return np.full(len(matrix), self.constant)
        return sigmoid(self.linear.raw(matrix))

    def files(self) -> dict[str, str]:
        """The texts that hold it, by file name."""
        linear = None if self.linear is None else self.linear.numbers()
        return {_FILE: json.dumps({"constant": self.constant, "linear": linear})}


def of_files(files: Mapping[str, str]) -> Silence | None:
    """The share that `Silence.files` wrote; None of a model from before there was one."""
    if _FILE not in files:
        return None
    described = json.loads(files[_FILE])
    linear = None if described["linear"] is None else of_numbers(described["linear"])
    return Silence(described["constant"], linear)


def fit(frame: pd.DataFrame, silent: pd.Series, encoding: Encoding) -> Silence | None:
    """Fits the share on leavers.

    The penalty of the regression does not depend on how many leavers there are, so the fewer there are the nearer the
    share of each row is to that of all.

    Args:
        frame: snapshots of the training set.
        silent: 1 left silently, 0 overtly, missing for all others; rows as in frame.
        encoding: which columns are read.

    Returns:
        None where no leaver is known to be of either sort.
    """
    known = silent.dropna()
    if known.empty:
        return None
    leavers = frame.loc[known.index]
    quiet, loud = (
        leavers.loc[known == sort, "account_id"].nunique() for sort in (1.0, 0.0)
    )
    constant = (quiet + PRIOR) / (quiet + loud + 2 * PRIOR)
    if min(quiet, loud) < FEWEST_ACCOUNTS:
        return Silence(constant)
    outcome = known.to_numpy(dtype=np.float64)
    return Silence(
        constant, fit_linear(encoding.matrix(leavers), outcome, encoding.text_positions)
    )
