"""The figures of lists: what they earn in all, and how often what happened lay in the range that was promised."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.engine import MICROS_PER_DAY
from models.score.horizon import risk_column
from models.score.promise import promises
from training.evaluation.shift import shift_of

ORDERS = {"by gain": "rank", "by risk alone": "at_stake", "oracle": "true_gain"}
"""Orders of a list, and the columns that give them."""
LATE_DAYS = 30
"""How long after its horizon an outcome is known for sure."""


def earned(lists: pd.DataFrame, capacity: int) -> dict[str, float]:
    """The true gain of the first accounts of all lists, by the order."""
    dates = [date for _, date in lists.groupby("as_of_us")]
    return {
        order: float(sum(_first(date, by, capacity).sum() for date in dates))
        for order, by in ORDERS.items()
    }


def kept_promises(lists: pd.DataFrame, capacity: int) -> pd.DataFrame:
    """Whether those who left of the first accounts were as many as was promised, by what was known at each date.

    Returns:
        A row for each date whose outcome is known and each number of calls: ``calls``, ``mean``, ``low`` and ``high``
        of those at risk, ``left`` and ``held``.
    """
    dates = [date.sort_values("rank") for _, date in lists.groupby("as_of_us")]
    rows = []
    for date in dates:
        if date["left"].notna().any():
            shift = shift_of(_known_by(dates, int(date["as_of_us"].iloc[0])))
            rows += list(_judged(date, capacity, shift))
    return pd.DataFrame(rows)


def _first(date: pd.DataFrame, by: str, capacity: int) -> pd.Series:
    ordered = date.sort_values(by, ascending=by == "rank", kind="stable")
    return ordered["true_gain"].head(capacity)


def _known_by(
    dates: list[pd.DataFrame], moment: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for date in dates:
        days = int(date["horizon"].iloc[0]) + LATE_DAYS
        if int(date["as_of_us"].iloc[0]) + days * MICROS_PER_DAY <= moment:
            yield date["risk"].to_numpy(), date["left"].to_numpy()


def _judged(
    date: pd.DataFrame, capacity: int, shift: float
) -> Iterator[dict[str, object]]:
    column = risk_column(int(date["horizon"].iloc[0]))
    order = date.rename(columns={"risk": column})
    for promise in promises(order, capacity, shift=shift):
        # Who had silently left before the date is no longer at risk, and was lost all the same.
        left = float(date["left"].head(promise.calls).fillna(1.0).sum())
        said = promise.at_risk
        held = said.low <= left <= said.high
        yield {"calls": promise.calls, **vars(said), "left": left, "held": held}
