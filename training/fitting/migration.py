"""Fits where accounts that stay will stand, see `models.fitted.migration`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.quadrants import KNOWN
from models.fitted.boosting import Setting
from models.fitted.encoding import Matrix
from models.fitted.migration import MigrationModel, quadrant_codes
from models.score.states import DEFECTED
from training.fitting.design import Design

PRIOR_MOVES = 5.0
"""Moves assumed from each quadrant, spread as the book's quadrants are, before any are seen."""


def fit_migration(
    design: Design, state: pd.Series, setting: Setting, facts: Mapping[str, object]
) -> MigrationModel:
    """Fits a migration model.

    Args:
        design: the rows of the training set.
        state: the state at the horizon or the quadrant of the next answer, 0 to 3 a quadrant, 4 defected, missing where
            not known; its rows are some of the design's or all of them.
        setting: how the booster is grown.
        facts: for the record.
    """
    stayed = state[state < DEFECTED]
    rows = design.places(stayed.index)
    today = quadrant_codes(design.frame.loc[stayed.index, ["quadrant"]])
    weight = design.weights(rows)
    markov = markov_matrix(today, stayed.to_numpy(dtype=np.int64), weight)
    later = stayed.to_numpy(dtype=np.float64)
    offset = np.log(markov[today])
    booster = design.bins.grow(
        rows, later, setting, weight=weight, classes=len(KNOWN), offset=offset
    )
    return MigrationModel(design.encoding, booster, markov, facts)


def markov_matrix(
    today: npt.NDArray[np.int64],
    later: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float64],
    states: int = len(KNOWN),
) -> Matrix:
    """What usually follows each quadrant.

    Args:
        today: code of the quadrant at the as-of date, 4 for unknown.
        later: code of the state at the horizon.
        weight: for how many moves each counts.
        states: how many states there are.

    Returns:
        Chances, shape (5, states): rows today, columns later; rows sum to 1.
    """
    seen = np.bincount(later, weights=weight, minlength=states) + 1.0
    shares = seen / (weight.sum() + states)
    counts = np.zeros((len(KNOWN) + 1, states))
    np.add.at(counts, (today, later), weight)
    moves = counts.sum(axis=1, keepdims=True) + PRIOR_MOVES
    return np.asarray((counts + PRIOR_MOVES * shares) / moves)
