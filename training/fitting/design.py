"""The design of a fit: the rows of a training set as models read them, made once and shared by all that is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.fitted.boosting import Bins
from models.fitted.encoding import Encoding, Matrix
from training.fitting.regression import Standardised


@dataclass(frozen=True)
class Design:
    """Rows that models are fitted on.

    Attributes:
        frame: snapshots.
        encoding: the columns that are read.
        matrix: the snapshots, encoded, shape (rows, columns).
        bins: for boosters.
        standardised: for regressions.
        weight: for how many rows each stands, shape (rows,).
    """

    frame: pd.DataFrame
    encoding: Encoding
    matrix: Matrix
    bins: Bins
    standardised: Standardised
    weight: npt.NDArray[np.float64]

    def weights(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The weights of some rows, 1 in the mean, so that a penalty weighs as much as beside rows without weights."""
        weight = self.weight[places]
        return np.asarray(weight / weight.mean())

    def places(self, index: pd.Index) -> npt.NDArray[np.int64]:
        """Where rows stand, by their index in the frame."""
        return np.asarray(self.frame.index.get_indexer(index), dtype=np.int64)


def make_design(
    frame: pd.DataFrame,
    encoding: Encoding,
    most_bins: int,
    weight: npt.NDArray[np.float64] | None = None,
) -> Design:
    """Encodes, bins and standardises snapshots.

    Args:
        frame: snapshots of a training set.
        encoding: the columns that are read.
        most_bins: the most bins of a column.
        weight: for how many rows each stands; 1 where left out.
    """
    matrix, categorical = encoding.matrix(frame), encoding.text_positions
    bins = Bins(matrix, categorical, most_bins)
    standardised = Standardised(matrix, categorical)
    return Design(
        frame,
        encoding,
        matrix,
        bins,
        standardised,
        np.ones(len(frame)) if weight is None else weight,
    )
