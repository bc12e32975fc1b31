"""Trends: where a market moved otherwise than the rest of the book, with a test that allows for many looks.

An account's move is by how much more often it was in a quadrant at the end of the past four quarters than at their
beginning; to be lost is a move as well. The moves of a market are compared with those of all others by Welch's test,
one number an account, and the shares of false alarms among what is told are held by Benjamini & Yekutieli (2001), which
allows for looks that depend on one another, as those at the quadrants of one market do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control, ttest_ind

from models.score.horizon import MIGRATION_HORIZON
from models.score.states import DEFECTED, STATES
from training.forecasts.quarter import Quarter

QUARTERS = 4
"""Past quarters whose moves are looked at."""
FALSE = 0.1
"""The share of false alarms among the trends that are told, at the most."""
FEWEST = 20
"""Accounts that a market and the rest must have."""


@dataclass(frozen=True)
class Trend:
    """How the accounts of a segment moved beside all others.

    Attributes:
        fact: such as the market.
        segment: its value.
        state: a quadrant, or defected.
        days: over how long.
        accounts: of the segment that were looked at.
        moved: the mean move of its accounts, as a share of them.
        others: that of all other accounts.
        low: of the difference, with `high` the interval of 95% by itself.
        p: of no difference, as held by the looks at all segments and states.
    """

    fact: str
    segment: str
    state: str
    days: int
    accounts: int
    moved: float
    others: float
    low: float
    high: float
    p: float

    @property
    def sure(self) -> bool:
        """Whether it is told as a trend."""
        return self.p <= FALSE

    @property
    def sentence(self) -> str:
        """For people.

        Example:
            >>> print(Trend("market", "north", "poor", 360, 120, 0.15, -0.02, 0.05, 0.3, 0).sentence)
            market north: 15% of its accounts more are poor than 360 days ago; elsewhere 2% fewer (5% to 30%)
        """
        between = f"({self.low:.0%} to {self.high:.0%})"
        if self.state == STATES[DEFECTED]:
            lost = f"{self.moved:.0%} of its accounts were lost in {self.days} days"
            return f"{self.fact} {self.segment}: {lost}; elsewhere {self.others:.0%} {between}"
        place = self.state.replace("_", "-")
        here = f"{abs(self.moved):.0%} of its accounts {_more(self.moved)} are {place} than {self.days} days ago"
        there = f"{abs(self.others):.0%} {_more(self.others)}"
        return f"{self.fact} {self.segment}: {here}; elsewhere {there} {between}"

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "sure": self.sure, "sentence": self.sentence}


def _more(share: float) -> str:
    return "more" if share >= 0 else "fewer"


def trends(past: Sequence[Quarter], segments: Mapping[str, pd.Series]) -> list[Trend]:
    """The trends of all segments, the surest first.

    Args:
        past: quarters that are over, oldest first.
        segments: by fact the value of each account of the book, the index being ``account_id``.
    """
    looked_at = past[-QUARTERS:]
    days = len(looked_at) * MIGRATION_HORIZON
    moves = _moves(looked_at)
    found = []
    for fact, values in segments.items():
        known = values.reindex(moves.index)
        for segment in sorted(known.dropna().unique()):
            inside = (known == segment).to_numpy()
            found += _of_segment((fact, segment), days, moves, inside)
    return _held(found)


def _moves(quarters: Sequence[Quarter]) -> pd.DataFrame:
    """The moves of each account into each state; a row for each account."""
    parts = []
    for quarter in quarters:
        known = ~np.isnan(quarter.state) & (quarter.today < DEFECTED)
        state = np.eye(len(STATES))[quarter.state[known].astype(np.int64)]
        today = np.eye(len(STATES))[quarter.today[known]]
        parts.append(pd.DataFrame(state - today, index=quarter.accounts[known]))
    if not parts:
        return pd.DataFrame(columns=range(len(STATES)), dtype=np.float64)
    return pd.concat(parts).groupby(level=0).sum()


def _of_segment(
    named: tuple[str, str],
    days: int,
    moves: pd.DataFrame,
    inside: npt.NDArray[np.bool_],
) -> list[Trend]:
    if min(inside.sum(), (~inside).sum()) < FEWEST:
        return []
    told = []
    for code, state in enumerate(STATES):
        here = moves.loc[inside, code].to_numpy()
        there = moves.loc[~inside, code].to_numpy()
        if np.ptp(here) == 0.0 and np.ptp(there) == 0.0:
            continue
        test = ttest_ind(here, there, equal_var=False)
        low, high = test.confidence_interval(0.95)
        told.append(
            Trend(
                *named,
                state,
                days,
                len(here),
                moved=float(here.mean()),
                others=float(there.mean()),
                low=float(low),
                high=float(high),
                p=float(test.pvalue),
            )
        )
    return told


def _held(found: Sequence[Trend]) -> list[Trend]:
    """Trends whose p is held by all looks, the surest first."""
    if not found:
        return []
    held = false_discovery_control([each.p for each in found], method="by")
    told = [
        Trend(**{**asdict(each), "p": float(p)})
        for each, p in zip(found, held, strict=True)
    ]
    return sorted(told, key=lambda each: (each.p, each.fact, each.segment))
