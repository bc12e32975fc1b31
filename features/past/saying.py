"""Sayings: what a colleague would say of a value that is bad news."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Literal

from features.timeline.expression import Expression, of

Bad = Literal["high", "low", "either"]
"""Which values of a feature are bad news; of ``either`` it is the conditions of its sayings that tell."""

FORMATS = (
    *("days", "every", "ago", "times", "money", "percent"),
    *("points", "minutes", "hours", "size"),
)
"""The formats of words, beside those of Python: see `models.score.words`."""


@dataclass(frozen=True, eq=False)
class Saying:
    """Words for a value, and when they are true and bad news.

    Words and conditions may name any column of the snapshot, and ``value``, ``usual`` and ``typical``. A saying can be
    said where all that its words name is known.

    Attributes:
        words: a format string; beside the formats of Python it has those of `models.score.words`.
        where: the condition; where left out, the value is not 0.
        usual: what is usual for this account. Without it a value must be worse than what is ``typical``, the median of
            the accounts of the training.

    Example:
        >>> sorted(Saying("no order for {value:days}; {usual:every} is usual").names)
        ['usual', 'value']
    """

    words: str
    where: Expression | None = None
    usual: Expression | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """What the words name."""
        parts = Formatter().parse(self.words)
        return frozenset(name for _, name, _, _ in parts if name)


_LITTLE = 0.7
"""Less than so much of what is usual is little."""


def below_usual(
    words: str,
    nothing: str,
    usual: Expression,
    least: float = 2.0,
    seen: Expression = of.value,
) -> tuple[Saying, ...]:
    """Sayings of an amount that is much below what is usual for the account.

    Args:
        words: of some.
        nothing: words of none.
        usual: for the account.
        least: what is usual must reach this; less is too little to fall below.
        seen: the amount, where it is not the value.
    """
    enough = of.usual >= least
    little = (seen > 0) & (seen < _LITTLE * of.usual)
    return (
        Saying(nothing, (seen <= 0) & enough, usual),
        Saying(words, little & enough, usual),
    )


def below_others(words: str, nothing: str, least: float = 1.0) -> tuple[Saying, ...]:
    """As `below_usual`, against what is typical of the others."""
    enough = of.typical >= least
    little = (of.value > 0) & (of.value < _LITTLE * of.typical)
    return Saying(nothing, (of.value <= 0) & enough), Saying(words, little & enough)


Says = str | Saying | tuple[Saying, ...]
"""One saying or several, of which the first that can be said is; a text is its words."""

_PERIODS = {
    7: "a week",
    14: "2 weeks",
    180: "6 months",
    365: "a year",
}


def period(window: int) -> str:
    """A window as people say it.

    Args:
        window: in days.

    Example:
        >>> period(30), period(180), period(365)
        ('30 days', '6 months', 'a year')
    """
    return _PERIODS.get(window, f"{window} days")


def sayings(says: Says, window: int | None = None) -> tuple[Saying, ...]:
    """Sayings, with their window in the words.

    Example:
        >>> [saying.words for saying in sayings("{value:.0f} failures in {window} days", 365)]
        ['{value:.0f} failures in a year']
    """
    if isinstance(says, str):
        says = Saying(says)
    if isinstance(says, Saying):
        says = (says,)
    if window is None:
        return says
    return tuple(
        Saying(_worded(saying.words, window), saying.where, saying.usual)
        for saying in says
    )


def _worded(words: str, window: int) -> str:
    return words.replace("{window} days", period(window)).replace(
        "{window}", str(window)
    )
