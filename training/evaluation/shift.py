"""The shift: how far the risks of past lists were wrong together, beyond what chance gives.

A month in which more leave than usual moves all risks at once. Were the log-odds of a list all too low by d, its
leavers would exceed those expected by about d V, where V = sum p (1 - p) is the variance that chance alone gives. So of
the mean square of what was beyond expectation V is chance, and the rest is that of d times V squared: an estimator by
moments, like that of the variance between studies of DerSimonian & Laird (1986).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.score.promise import USUAL_SHIFT
from training.metrics import Array

FIRST = 80
"""Only so many accounts of each list count, those of the greatest risk: a list is of such."""
USUAL_LISTS = 2.0
"""As many lists the usual shift counts for; a few lists tell little by themselves."""


def shift_of(past: Iterable[tuple[Array, Array]], first: int | None = FIRST) -> float:
    """The standard deviation of the shift, in log-odds.

    Args:
        past: of each past list the risks, and 1 has left, 0 stayed, missing where that is not known.
        first: how many accounts of each list count, those of the greatest risk; all where None.

    Example:
        >>> even = np.full(40, 0.5)
        >>> shift_of([]), round(shift_of([(even, np.ones(40))] * 8), 2)
        (0.3, 1.77)
    """
    square, weight = [], []
    for risk, left in past:
        known = np.flatnonzero(~np.isnan(left))
        counting = known[np.argsort(-risk[known], kind="stable")[:first]]
        chance = float((risk[counting] * (1.0 - risk[counting])).sum())
        surplus = float((left[counting] - risk[counting]).sum())
        square.append(surplus**2 - chance)
        weight.append(chance**2)
    if not sum(weight):
        return USUAL_SHIFT
    usual = USUAL_LISTS * float(np.mean(weight))
    variance = (sum(square) + usual * USUAL_SHIFT**2) / (sum(weight) + usual)
    return float(np.sqrt(max(variance, 0.0)))
