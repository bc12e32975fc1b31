"""The company at one moment, and what may be forced on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt

from company.arrays import Flags
from company.index import Heard
from company.markets import Markets
from company.reps import Desks
from company.states import States
from company.traits import Traits

EVERY_WEEKS = 4
"""From one forced promise or contact to the next."""

Seen = dict[str, npt.NDArray[Any]]
"""What could be seen of a week: parts of a `company.week.Week`, by name."""


@dataclass
class Company:
    """The whole company, or one branch of it, at one moment.

    Attributes:
        week: weeks since the records began.
    """

    week: int
    traits: Traits
    states: States
    desks: Desks
    markets: Markets
    product_heard: Heard
    people_heard: Heard


@dataclass(frozen=True)
class Forced:
    """What is made to happen in a week, or kept from happening.

    Attributes:
        rep_leaves: every rep leaves.
        competitor_enters: a competitor enters every market.
        contacted: we reach out to every account, or to those that are flagged.
        nobody_leaves: no account leaves, however much it wants to; its chance of leaving is still told.
        settled: what waits is settled at once.
        handed: who is served by a rep of another style goes to one of its own, at once.
        answered: all matters are settled within a day, week after week.
        promised: a promise every four weeks, and all of them kept.
        kept_in_touch: we reach out every four weeks.
    """

    rep_leaves: bool = False
    competitor_enters: bool = False
    contacted: bool | Flags = False
    nobody_leaves: bool = False
    settled: bool = False
    handed: bool = False
    answered: bool = False
    promised: bool = False
    kept_in_touch: bool = False

    def in_week(self, step: int) -> Forced:
        """What of it happens in a week, counted from the first, while nobody leaves."""
        lasting = Forced(
            contacted=self.kept_in_touch and step % EVERY_WEEKS == 0,
            nobody_leaves=True,
            answered=self.answered,
            promised=self.promised,
        )
        if step > 0:
            return lasting
        return replace(
            lasting,
            rep_leaves=self.rep_leaves,
            competitor_enters=self.competitor_enters,
            contacted=self.contacted | lasting.contacted,
        )


NOTHING = Forced()
"""The ordinary course of things."""
