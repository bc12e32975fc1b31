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

from models.fitted.calibration import sigmoid
from models.fitted.encoding import Matrix
from models.fitted.linear import Linear, of_numbers

Array = npt.NDArray[np.float64]


_FILE = "silence.json"


@dataclass(frozen=True)
class Silence:
    """A fitted share.

    Attributes:
        constant: the share of all leavers, each account counted once, shrunk to a half.
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
