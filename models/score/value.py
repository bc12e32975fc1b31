"""Value: what an account is worth a year, in the currency of the book. The one place that says so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.errors import BookError
from features.timeline.expression import Columns
from features.timeline.rows import Floats

CONTRACT, SPENT, LAST_TERM = "contract_value", "spent_365d", "term_value"
VALUES = (CONTRACT, SPENT)
"""Features that may be asked for alone in place of what is usual."""


def values_of(snapshot: Columns | pd.DataFrame, column: str | None = None) -> Floats:
    """What each account is worth a year; missing where nothing is on record that says so.

    That is the value of the contracts that run; without one the net spending of the last 365 days, nothing where more
    was credited than spent; and without any purchase on record what the last term was worth.

    Args:
        snapshot: its rows.
        column: that tells it instead, of all accounts.

    Example:
        >>> accounts = {"contract_value": [900.0, 0.0, 0.0], "spent_365d": [50.0, 50.0, 0.0]}
        >>> on_record = {"purchases_ever": [1.0, 1.0, 0.0], "term_value": [900.0, 700.0, 700.0]}
        >>> values_of({name: np.array(of) for name, of in (accounts | on_record).items()}).tolist()
        [900.0, 50.0, 700.0]
    """
    if column is not None:
        return _numbers(snapshot, column)
    contract, spent = _numbers(snapshot, CONTRACT), _numbers(snapshot, SPENT)
    buys = _numbers(snapshot, "purchases_ever") > 0
    known = np.where(buys, np.maximum(spent, 0.0), _numbers(snapshot, LAST_TERM))
    return np.where(contract > 0, contract, known)


def require_value(facts: Mapping[str, str], column: str | None) -> None:
    """Sees that a book has the column that is to tell the value of its accounts.

    Args:
        facts: of the book, each ``"number"`` or ``"text"``.
        column: its name; None for what is usual.

    Raises:
        BookError: there is no such number.
    """
    known = (*VALUES, *(fact for fact, kind in facts.items() if kind == "number"))
    if column is not None and column not in known:
        raise BookError(
            where="accounts",
            found=f"no number {column}",
            expected=f"one of {', '.join(known)}",
            mend="name one of them, or add the column",
        )


def _numbers(snapshot: Columns | pd.DataFrame, column: str) -> Floats:
    return np.asarray(snapshot[column], dtype=np.float64)
