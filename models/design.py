"""The design of a fit: the rows of a training set as models read them, made once and shared by all that is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.boosting import Bins
from models.encoding import Encoding, Matrix
from models.linear import Standardised


@dataclass(frozen=True)
class Design:
    """Rows that models are fitted on.

    Attributes:
        frame: snapshots.
        encoding: the columns that are read.
        matrix: the snapshots, encoded, shape (rows, columns).
        bins: for boosters.
        standardised: for regressions.
    """

    frame: pd.DataFrame
    encoding: Encoding
    matrix: Matrix
    bins: Bins
    standardised: Standardised

    def places(self, index: pd.Index) -> npt.NDArray[np.int64]:
        """Where rows stand, by their index in the frame."""
        return np.asarray(self.frame.index.get_indexer(index), dtype=np.int64)


def make_design(frame: pd.DataFrame, encoding: Encoding, most_bins: int) -> Design:
    """Encodes, bins and standardises snapshots.

    Args:
        frame: snapshots of a training set.
        encoding: the columns that are read.
        most_bins: the most bins of a column.
    """
    matrix, categorical = encoding.matrix(frame), encoding.text_positions
    return Design(frame, encoding, matrix, Bins(matrix, categorical, most_bins), Standardised(matrix, categorical))
