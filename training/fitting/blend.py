"""Fits a blend, see `models.fitted.blend`: its members on the same rows, their shares by the leavers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from features.themes.dictionary import QUIET
from models.fitted.blend import FULL_SHARE, Blend
from models.fitted.boosting import Setting
from training.fitting.design import Design
from training.fitting.quiet import fit_quiet_odds

Array = npt.NDArray[np.float64]


LEAVERS_OF_HALF = 20
"""The leavers with whom the booster has half of its full share; chosen on simulated companies (docs/adr/0011)."""


LEAVERS_OF_HALF_QUIET = 100
"""The leavers with whom the chance of a quiet period has half of its largest share (docs/adr/0025)."""


def booster_share(leavers: int) -> float:
    """The booster's share in a blend fitted on so many leavers.

    Example:
        >>> [round(booster_share(leavers), 3) for leavers in (5, 20, 500)]
        [0.1, 0.25, 0.481]
    """
    return FULL_SHARE * leavers / (leavers + LEAVERS_OF_HALF)


def quiet_share(leavers: int) -> float:
    """The share of the chance of a quiet period in a blend fitted on so many leavers.

    Example:
        >>> [round(quiet_share(leavers), 3) for leavers in (5, 100, 2000)]
        [0.476, 0.25, 0.024]
    """
    return FULL_SHARE * LEAVERS_OF_HALF_QUIET / (leavers + LEAVERS_OF_HALF_QUIET)


def fit_blend(
    design: Design,
    rows: npt.NDArray[np.int64],
    outcome: Array,
    setting: Setting,
    leavers: int,
) -> Blend:
    """Fits its members on the same rows.

    Args:
        design: the rows of a training set.
        rows: the places of those that are fitted on, ascending.
        outcome: of each of them: 1 has left, 0 stays.
        setting: how the booster is grown.
        leavers: how many different accounts left, or stayed, whichever are fewer.
    """
    weight = design.weights(rows)
    booster = design.bins.grow(rows, outcome, setting, weight=weight)
    blend = Blend(
        booster, design.standardised.fit(rows, outcome, weight), booster_share(leavers)
    )
    if QUIET.name not in design.encoding.columns:
        return blend
    place = design.encoding.columns.index(QUIET.name)
    quiet = fit_quiet_odds(design.matrix[rows, place], place, outcome, weight)
    return replace(blend, quiet=quiet, quiet_share=quiet_share(leavers))
