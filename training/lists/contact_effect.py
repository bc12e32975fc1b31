"""What contact saves: who left of those listed, beside those of equal standing who were drawn at random and withheld.

By intention to treat: whoever was listed counts as such, reached or not, so that nothing that a team chooses can make
the two unlike. Each account counts once, from the first night on which it stood so high. The interval of the
difference of the two shares is the hybrid of two Wilson intervals: Newcombe (1998), "Interval Estimation for the
Difference between Independent Proportions", Statistics in Medicine 17, method 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isnan, sqrt

import pandas as pd
from scipy.stats import norm

from models.score.arms import LISTED, WITHHELD
from models.score.campaign import Campaign
from models.score.horizon import MIGRATION_HORIZON
from training.past.labels import left_by
from training.past.observed import Observed

SURE, POWER = 0.95, 0.8
"""Of the interval; and how often an effect of the size that is counted on would be seen."""
_Z, _Z_POWER = float(norm.ppf((1 + SURE) / 2)), float(norm.ppf(POWER))


@dataclass(frozen=True)
class Arm:
    """The accounts of an arm whose outcome is known.

    Attributes:
        accounts: how many.
        left: of them within the horizon.
    """

    accounts: int
    left: int

    @property
    def share(self) -> float:
        """Of those who left; missing where there is nobody."""
        return self.left / self.accounts if self.accounts else float("nan")

    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the share."""
        share, n = self.share, self.accounts
        middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) * _Z / (1 + _Z**2 / n)
        return middle - half, middle + half


@dataclass(frozen=True)
class ContactEffect:
    """What contact saves, as far as can be known.

    Attributes:
        listed, withheld: the two arms.
        horizon: in days.
        counted_on: the share of those who would leave whom contact is counted on to keep.
    """

    listed: Arm
    withheld: Arm
    horizon: int = MIGRATION_HORIZON
    counted_on: float = Campaign.acceptance

    @property
    def saved(self) -> float:
        """The share of accounts that stay because of the list: of those withheld who left, less of those listed."""
        return self.withheld.share - self.listed.share

    def interval(self) -> tuple[float, float]:
        """The 95% interval of what is saved; missing where an arm has nobody."""
        if not (self.listed.accounts and self.withheld.accounts):
            return float("nan"), float("nan")
        (low, high), (low_listed, high_listed) = (
            arm.interval() for arm in (self.withheld, self.listed)
        )
        below = sqrt(
            (self.withheld.share - low) ** 2 + (high_listed - self.listed.share) ** 2
        )
        above = sqrt(
            (high - self.withheld.share) ** 2 + (self.listed.share - low_listed) ** 2
        )
        return self.saved - below, self.saved + above

    @property
    def needed(self) -> int | None:
        """How many withheld accounts it takes to see what is counted on, four times of five; None where none tells.

        The arms keep their proportion, and who is listed leaves less often by what is counted on.
        """
        accounts = self.listed.accounts + self.withheld.accounts
        left = self.listed.left + self.withheld.left
        if not (self.listed.accounts and self.withheld.accounts and left):
            return None
        usual = left / accounts
        kept = usual * (1 - self.counted_on)
        each = self.listed.accounts / self.withheld.accounts
        spread = usual * (1 - usual) + kept * (1 - kept) / each
        return ceil((_Z + _Z_POWER) ** 2 * spread / (usual - kept) ** 2)

    @property
    def known(self) -> bool:
        """Whether enough accounts were withheld, by how many they are and not by what came of it."""
        return self.needed is not None and self.withheld.accounts >= self.needed

    @property
    def sentence(self) -> str:
        """For people: the estimate with its interval, or that it cannot be known, and what is missing."""
        if not self.known:
            return f"What contact saves cannot be known yet: {self._missing()}"
        low, high = self.interval()
        listed, withheld = self.listed, self.withheld
        return (
            f"Contact saves {100 * self.saved:.1f} of 100 accounts on a list (95% interval {100 * low:.1f} to "
            f"{100 * high:.1f}): of {listed.accounts:,} listed {listed.share:.1%} left within {self.horizon} days, of "
            f"{withheld.accounts:,} withheld at random {withheld.share:.1%}"
        )

    def _missing(self) -> str:
        withheld = self.withheld.accounts
        told = f"{withheld:,} accounts withheld at random have an outcome after {self.horizon} days"
        if self.needed is None:
            return f"{told}, and too few have left to tell how many are needed"
        return f"{told}, and about {self.needed - withheld:,} more are needed"

    def facts(self) -> dict[str, object]:
        """As plain data; what cannot be known is None."""
        low, high = self.interval()
        figures = {"saved": self.saved, "low": low, "high": high}
        return {
            "known": self.known,
            "listed": vars(self.listed),
            "withheld": vars(self.withheld),
            "horizon": self.horizon,
            "needed": self.needed,
            **{name: None if isnan(of) else of for name, of in figures.items()},
            "sentence": self.sentence,
        }


def contact_effect(
    observed: Observed,
    standing: pd.DataFrame,
    horizon: int = MIGRATION_HORIZON,
    counted_on: float = Campaign.acceptance,
) -> ContactEffect:
    """What contact saved of the accounts that came onto lists.

    Args:
        observed: a book until a moment.
        standing: ``account_id``, ``arm`` of `models.score.arms`, and ``as_of_us``, when each account first stood so.
        horizon: in days.
        counted_on: the share of those who would leave whom contact is counted on to keep.
    """
    left = left_by(observed, standing, [horizon])[horizon]
    arms = {}
    for arm in (LISTED, WITHHELD):
        known = left[standing["arm"] == arm].dropna()
        arms[arm] = Arm(len(known), int(known.sum()))
    return ContactEffect(arms[LISTED], arms[WITHHELD], horizon, counted_on)
