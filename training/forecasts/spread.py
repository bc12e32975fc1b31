"""The spread of a sum over accounts: each by its chance, and all of them wrong together as past forecasts were.

By its chances alone the number of accounts that leave is Poisson-binomial. Beyond that one shift moves all log-odds,
drawn anew each time, as large as past quarters tell (`training.evaluation.shift`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.timeline.rows import Floats, Ints
from training.evaluation.shift import shift_of

SURE = 0.8
"""How often what happens lies in the interval."""
DRAWS, SEED = 1_000, 18
_ROWS_TOGETHER = 2_000


@dataclass(frozen=True)
class Interval:
    """What is expected, and the interval in which it lies four times of five."""

    mean: float
    low: float
    high: float

    def holds(self, happened: float) -> bool:
        """Whether it held what happened."""
        return self.low <= happened <= self.high


def shift_from(past: Sequence[tuple[Floats, Floats]]) -> float:
    """How far chances are wrong together, the standard deviation in log-odds.

    Args:
        past: of each past quarter the chances of its accounts, and whether it happened to each, 1 or 0.
    """
    return shift_of(past, first=None)


def summed(
    chances: Floats, shift: float, groups: Ints, weights: Floats | None = None
) -> dict[int, Interval]:
    """What is expected of each group of accounts.

    Args:
        chances: of each account.
        shift: see `shift_from`.
        groups: code of the group of each account.
        weights: what each account counts; 1 where left out.

    Example:
        >>> of = summed(np.array([0.5, 0.5, 1.0]), 0.0, np.array([0, 0, 1]))
        >>> of[0].mean, of[0].low, of[0].high, of[1]
        (1.0, 0.0, 2.0, Interval(mean=1.0, low=1.0, high=1.0))
    """
    counts = np.ones(len(chances)) if weights is None else weights
    codes, member = np.unique(groups, return_inverse=True)
    drawn = _drawn(chances, shift, counts, member, len(codes))
    tail = (1.0 - SURE) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=1, method="inverted_cdf")
    mean = np.bincount(member, chances * counts, minlength=len(codes))
    return {
        int(code): Interval(float(mean[at]), float(low[at]), float(high[at]))
        for at, code in enumerate(codes)
    }


def _drawn(
    chances: Floats, shift: float, counts: Floats, member: Ints, groups: int
) -> Floats:
    """The sum of each group in each draw, shape (groups, draws)."""
    rng = np.random.default_rng(SEED)
    times = np.exp(shift * rng.standard_normal(DRAWS))
    sums = np.zeros((groups, DRAWS))
    for start in range(0, len(chances), _ROWS_TOGETHER):
        rows = slice(start, start + _ROWS_TOGETHER)
        stays = 1.0 - chances[rows, None]
        goes = chances[rows, None] * times
        happens = rng.random(goes.shape) * (stays + goes) < goes
        of_group = np.eye(groups)[member[rows]] * counts[rows, None]
        sums += of_group.T @ happens
    return sums
