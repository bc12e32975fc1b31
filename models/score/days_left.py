"""Days left to act: until half of those who will leave with such risks have left, or until a nearer renewal.

The chance that an account leaves is told at some horizons. Between them it is taken to rise evenly, from none today;
the day at which it is half of that at the last horizon looked to is the median time to leave of those who will.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def days_left(
    risks: Mapping[int, float], horizon: int, renewal: float | None
) -> int | None:
    """How many days are left.

    Args:
        risks: by horizon in days; those that are not known are left out.
        horizon: how far is looked.
        renewal: days until the account's contract is renewed; None where that is not known or past.

    Returns:
        Whole days, at most the horizon; None where neither the risk at the horizon nor the renewal is known.

    Example:
        >>> days_left({14: 0.1, 30: 0.2, 90: 0.4}, 90, None), days_left({90: 0.4}, 90, 12.0)
        (30, 12)
    """
    known = {day: risk for day, risk in sorted(risks.items()) if 0 < day <= horizon}
    ends = [] if renewal is None or renewal < 0 else [renewal]
    if known.get(horizon, 0.0) > 0:
        days, reached = [0, *known], [0.0, *known.values()]
        ends.append(float(np.interp(reached[-1] / 2, reached, days)))
    return round(min(ends)) if ends else None
