"""Evidence: who left after past events of a kind, beside how many would have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MATCHED = 5
"""Accounts that each account is set beside."""
BETWEEN = 0.3
"""How far the effects of two events of a kind lie apart: the spread of the logarithm of their ratios."""
SURE_Z = 1.2816
"""Standard normal deviations on either side of the middle that hold 80%."""


@dataclass(frozen=True)
class Count:
    """Leavers of some accounts, beside those of accounts like them.

    Attributes:
        accounts: how many accounts an event met.
        left: of them left.
        expected: would have, as the accounts matched to them did.
    """

    accounts: int
    left: float
    expected: float

    @property
    def ratio(self) -> float:
        """How many times as many left as expected; half a leaver is added to both, so that none is not nothing."""
        return (self.left + 0.5) / (self.expected + 0.5)

    @property
    def error(self) -> float:
        """The standard error of the logarithm of the ratio; what is expected is the mean of `MATCHED` accounts each."""
        return float(
            np.sqrt(1 / (self.left + 0.5) + 1 / (MATCHED * self.expected + 0.5))
        )

    @property
    def surely_apart(self) -> bool:
        """Whether the ratio is not 1, four times of five."""
        return bool(abs(np.log(self.ratio)) > SURE_Z * self.error)

    def within(self, spread: float = 1.0) -> tuple[float, float]:
        """The 80% interval of the ratio, its standard error times a factor.

        Example:
            >>> [round(edge, 2) for edge in Count(200, 20, 10).within()]
            [1.4, 2.73]
        """
        width = SURE_Z * spread * self.error
        return self.ratio * float(np.exp(-width)), self.ratio * float(np.exp(width))


@dataclass(frozen=True)
class Evidence:
    """What followed past events, account by account.

    Attributes:
        event: which of the past events met each account.
        dependence: of each account on what was struck, see `features.edits.kinds`.
        side: points by which the struck side carries the account more than the other one; missing where not known.
        hazard: of leaving without the event, from what was known before; its sum is the number expected.
        left: whether each left: 1 or 0.
        expected: the share of its matched accounts that left.
        before: the leavers of as long a time before the events, when there was no effect to be.
    """

    event: Ints
    dependence: Floats
    side: Floats
    hazard: Floats
    left: Floats
    expected: Floats
    before: Count

    @property
    def events(self) -> int:
        """How many past events there were."""
        return len(np.unique(self.event))

    def count(self, part: npt.NDArray[np.bool_] | None = None) -> Count:
        """The leavers of all accounts, or of a part of them."""
        rows = np.ones(len(self.left), dtype=bool) if part is None else part
        left, expected = self.left[rows].sum(), self.expected[rows].sum()
        return Count(int(rows.sum()), float(left), float(expected))

    @cached_property
    def dispersion(self) -> float:
        """By how much the events differ more than chance lets them, at least 1: accounts of one event are no strangers.

        The mean square of the events' residuals, drawn to 1 as ten further events would.
        """
        if self.events < 2:
            return 2.0
        _, place = np.unique(self.event, return_inverse=True)
        likely = self.count().ratio * np.bincount(place, self.expected + 1e-3)
        found = np.bincount(place, self.left)
        squares = ((found - likely) ** 2 / likely).sum()
        return float(max(1.0, (squares + 10.0) / (self.events + 9.0)))

    @property
    def bias(self) -> float:
        """How far those met differed before the event already, beyond chance, as a logarithm; 0 where they did not."""
        if not self.before.accounts:
            return 0.0
        beyond = np.log(self.before.ratio) ** 2 - self.before.error**2
        return float(np.sqrt(max(beyond, 0.0)))

    @property
    def spread(self) -> float:
        """The factor on the standard error for events that differ, and for what differed before them.

        Events differ at least by `BETWEEN`, of which the mean of several has the less (random effects).
        """
        own = self.count().error ** 2
        apart = 1.0 + BETWEEN**2 / max(self.events, 1) / own
        return float(np.sqrt(max(self.dispersion, apart) + self.bias**2 / own))


_NONE = np.zeros(0)
NOTHING_SEEN = Evidence(
    event=np.zeros(0, dtype=np.int64),
    dependence=_NONE,
    side=_NONE,
    hazard=_NONE,
    left=_NONE,
    expected=_NONE,
    before=Count(0, 0.0, 0.0),
)
"""Of a book without such an event."""


def e_value(ratio: float) -> float:
    """How strongly a hidden cause would have to go with the event and with leaving to explain a ratio (risk ratios).

    The E-value (VanderWeele & Ding, 2017).

    Example:
        >>> round(e_value(2.0), 2), e_value(1.0), round(e_value(0.5), 2)
        (3.41, 1.0, 3.41)
    """
    above = max(ratio, 1.0 / ratio)
    return float(above + np.sqrt(above * (above - 1.0)))
