"""How many accounts are expected to leave, and the range in which their number is nine times of ten.

Of accounts that leave by their risks, each by itself, the number has the variance sum p (1 - p); risks that are wrong
together, by one shift of all log-odds (`models.score.promise`), add the square of the shift times it.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from features.timeline.rows import Floats
from models.score.promise import SURE, Expected


def expected_leavers(risk: Floats, shift: float) -> Expected:
    """The number of leavers to expect, and its range.

    Args:
        risk: of each account, shape (rows,); missing ones are left out.
        shift: how far risks are wrong together, the standard deviation in log-odds.

    Example:
        >>> expected_leavers(np.full(100, 0.5), 0.0)
        Expected(mean=50.0, low=41.8, high=58.2)
    """
    known = risk[~np.isnan(risk)]
    mean, variance = float(known.sum()), float((known * (1.0 - known)).sum())
    spread = (variance + (shift * variance) ** 2) ** 0.5
    reach = NormalDist().inv_cdf(0.5 + SURE / 2.0) * spread
    low, high = max(mean - reach, 0.0), min(mean + reach, float(len(known)))
    return Expected(round(mean, 1), round(low, 1), round(high, 1))
