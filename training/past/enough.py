"""What is enough to learn from: the fewest accounts that a model is fitted on (docs/adr/0011)."""

from __future__ import annotations

import pandas as pd

FEWEST_OF_EACH = 6
"""The fewest accounts that left, and the fewest that stayed, that a horizon is fitted on."""
FEWEST_QUADRANTS = 100
"""The fewest accounts with a quadrant at the horizon that migration is fitted on, or calibrated on."""


def fewest(accounts: pd.Series, left: pd.Series) -> int:
    """How many different accounts left, or stayed, whichever are fewer.

    An account's rows of several as-of dates tell of one departure, not of several.

    Example:
        >>> fewest(pd.Series(["a", "a", "b", "c", "d"]), pd.Series([1.0, 1.0, 0.0, 0.0, None]))
        1
    """
    return min(
        accounts.loc[left.index][left == outcome].nunique() for outcome in (1.0, 0.0)
    )
