"""Matching: each account that an event met beside those most like it that none met, at the same date."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.fitted.migration import quadrant_codes
from training.fitting.regression import fit_linear

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEIGHBOURS = 5
"""Accounts that each is set beside."""
FOLDS = 5
PROGNOSTIC = (
    *("days_silent", "silence_over_rhythm", "activity_ratio", "signs_of_life_90d"),
    *("complaints_90d", "failures_not_fixed_365d", "promises_broken_365d"),
    *("product_level", "people_level", "recommend_last", "tone_365d", "waiting_180d"),
    *("days_since_outreach", "days_since_opened", "reply_rate"),
)
"""What tells the risk before an event."""
_ELSEWHERE = 1e3
"""Distance between quadrants: only where a quadrant has too few is another looked into."""


def prognosis(frame: pd.DataFrame, left: Floats, met: Flags) -> Floats:
    """The log-odds of leaving of each row, by a regression on the rows of other accounts that no event met.

    A prognostic score (Hansen, 2008), cross-fitted: no row's own outcome is in its score.

    Args:
        frame: snapshots.
        left: 1 has left, 0 stays.
        met: whether an event met the account.
    """
    matrix = frame[list(PROGNOSTIC)].to_numpy(dtype=np.float64)
    fold = pd.util.hash_array(frame["account_id"].to_numpy(dtype=object)) % FOLDS
    found = np.zeros(len(frame))
    for part in range(FOLDS):
        others = (fold != part) & ~met
        if 0 < left[others].sum() < others.sum():
            fitted = fit_linear(matrix[others], left[others], ())
            found[fold == part] = fitted.raw(matrix[fold == part])
    return found


def expected(frame: pd.DataFrame, left: Floats) -> Floats:
    """Of each account that an event met, the share that left of those most like it; others have none.

    Alike is who stands in the same quadrant, and is near in the risk before, in dependence, and in who carries it.

    Args:
        frame: ``event``, ``met``, ``quadrant``, ``prognosis``, ``dependence``.
        left: 1 has left, 0 stays.
    """
    measured = frame[["prognosis", "dependence"]].to_numpy(dtype=np.float64)
    places = measured / np.maximum(measured.std(axis=0), 1e-9)
    alike = np.column_stack([places, _ELSEWHERE * quadrant_codes(frame)])
    found = np.full(len(frame), np.nan)
    met, event = frame["met"].to_numpy(bool), frame["event"].to_numpy()
    for one in np.unique(event[met]):
        ours = np.flatnonzero((event == one) & met)
        others = np.flatnonzero((event == one) & ~met)
        if len(others) >= NEIGHBOURS:
            apart = np.abs(alike[ours, None] - alike[None, others]).sum(axis=2)
            nearest = np.argpartition(apart, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
            found[ours] = left[others[nearest]].mean(axis=1)
    return found
