"""Levers: what we do for all accounts at once, before the first week of a future (S7)."""

from __future__ import annotations

import numpy as np

from company.contact import lose_bond
from company.firm import Company, Forced
from company.reps import STYLES, Desks


def begin(company: Company, forced: Forced) -> None:
    """What is forced at once, done in place."""
    if forced.settled:
        company.states.waiting[:] = 0
        company.states.unsettled[:] = False
    if forced.handed:
        hand_to_their_style(company)


def hand_to_their_style(company: Company) -> None:
    """Who is served by a rep of another style goes to the longest serving rep of its own.

    What was the former rep's own is lost as by any handover, but nobody leaves whom an account could follow.
    """
    traits, desks = company.traits, company.desks
    served = desks.style[traits.desk]
    for style in range(len(STYLES)):
        desk = longest_serving(desks, style)
        moved = (traits.style == style) & (served != style)
        if desk is not None:
            traits.desk[moved] = desk
            lose_bond(company.states, moved)


def longest_serving(desks: Desks, style: int) -> int | None:
    """The desk of the rep of a style who has been here for longest; None without any."""
    tenure = np.where(desks.style == style, desks.tenure, -np.inf)
    best = int(tenure.argmax())
    return best if np.isfinite(tenure[best]) else None
