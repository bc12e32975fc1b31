"""The company at one moment, and what may be forced on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from company.arrays import Flags
from company.index import Heard
from company.markets import Markets
from company.reps import Desks
from company.states import States
from company.traits import Traits

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
    """

    rep_leaves: bool = False
    competitor_enters: bool = False
    contacted: bool | Flags = False
    nobody_leaves: bool = False


NOTHING = Forced()
"""The ordinary course of things."""
