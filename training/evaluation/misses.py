"""Misses: where more, or fewer, accounts left than the risks expected, beyond what chance gives."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.evaluation.outcomes import Outcome
from training.metrics import Array

SURE = 2.0
"""Standard deviations beyond which all accounts together are a miss."""
SURE_OF_MANY = 3.0
"""The same of a segment: among some twenty, one is beyond two by chance alone more often than not."""


def off(accounts: npt.NDArray[np.object_], left: Array, risk: Array) -> float:
    """How far those who left are from those expected, in standard deviations; above 0 more left than were expected.

    An account's rows of several dates tell of one leaving, so the deviation is that of sums over accounts; it is never
    taken for less than that of perfectly calibrated risks, which few accounts could hide.

    Args:
        accounts: whose row it is, shape (rows,).
        left: 1 has left, 0 stays, shape (rows,).
        risk: probabilities, shape (rows,).

    Returns:
        Zero where the risks are sure and right.

    Example:
        >>> off(np.array(["a", "b"], dtype=object), np.array([1.0, 1.0]), np.array([0.5, 0.5])).__round__(4)
        1.4142
    """
    codes, _ = pd.factorize(accounts)
    surplus = np.bincount(codes, weights=left - risk)
    variance = max(float((surplus**2).sum()), float((risk * (1.0 - risk)).sum()))
    return float(surplus.sum() / np.sqrt(variance)) if variance > 0 else 0.0


def misses(outcomes: Sequence[Outcome], segments: pd.DataFrame) -> list[str]:
    """A sentence for each miss: of all accounts together, then of the segments, the largest first.

    The largest of the segments is told whether it is beyond chance or not.

    Args:
        outcomes: what the model said at each test date, at one horizon; none where there was no test date.
        segments: as of `training.evaluation.segments.by_segment`, at the same horizon.
    """
    ranked = segments.sort_values(
        "off", key=abs, ascending=False, kind="stable"
    ).to_dict("records")
    sure = [segment for segment in ranked if abs(segment["off"]) > SURE_OF_MANY]
    said = [
        *_of_all(outcomes),
        *(f"{_of(segment)}, beyond chance." for segment in sure),
    ]
    if ranked and not sure:
        many = (
            f"the largest miss of {len(ranked)} segments, which chance alone could give"
        )
        said.append(f"{_of(ranked[0])}, {many}.")
    return said


def _of_all(outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return []
    accounts, left, risk = (
        np.concatenate([getattr(outcome, name) for outcome in outcomes])
        for name in ("accounts", "left", "risk")
    )
    if abs(off(accounts, left, risk)) <= SURE:
        return []
    low = "low" if left.mean() > risk.mean() else "high"
    return [
        f"The risks are too {low}: {risk.mean():.1%} on average, and {left.mean():.1%} left, beyond chance."
    ]


def _of(segment: Mapping[Hashable, Any]) -> str:
    name = str(segment["segment"]).replace("_", "-")
    return f"Where {segment['fact']} is {name} {segment['left']:,} left and {segment['expected']:,.1f} were expected"
