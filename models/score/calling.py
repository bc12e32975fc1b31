"""What calls for an action by itself, whether or not it adds to the risk: a payment, a renewal, a favoured account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from features.timeline.expression import Columns
from models.score.reasons import Reason

RENEWAL_NEAR = 60
"""Days before the end of a contract from which on its renewal is prepared."""
_FAVOURED = 3
"""The code of the first tier that is not favoured: key, growth and new come before it (S25)."""


def is_open(flag: float) -> bool:
    """Whether a payment that failed was not made up for."""
    return flag > 0


def ends_soon(days: float) -> bool:
    """Whether a contract that ends in so many days is to be renewed now."""
    return 0 <= days <= RENEWAL_NEAR


def is_favoured(tier: float) -> bool:
    """Whether an account is key, growing or new, by the code of its tier."""
    return tier < _FAVOURED


CALLS: Mapping[str, Callable[[float], bool]] = {
    "failed_payment_open": is_open,
    "days_to_term_end": ends_soon,
    "account_tier": is_favoured,
}
"""The columns of the snapshot that may call, and which of their values do; never a missing one."""


def calling_of(snapshot: Columns | pd.DataFrame) -> list[tuple[Reason, ...]]:
    """What calls at each row of a snapshot, as reasons.

    Example:
        >>> row = {"failed_payment_open": [0.0], "days_to_term_end": [12.0], "account_tier": [np.nan]}
        >>> [why.feature for why in calling_of({name: np.array(of) for name, of in row.items()})[0]]
        ['days_to_term_end']
    """
    told: list[tuple[Reason, ...]] = [()] * len(snapshot["account_tier"])
    for column, calls in CALLS.items():
        values = np.asarray(snapshot[column], dtype=np.float64).tolist()
        for row, value in enumerate(values):
            if calls(value):
                told[row] += (Reason(column, value),)
    return told
