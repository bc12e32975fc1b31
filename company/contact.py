"""Contact: what we do unasked, and what becomes of an account whose rep leaves."""

from __future__ import annotations

import numpy as np

from company import hazards
from company.arrays import Flags, sigmoid
from company.firm import Company, Seen
from company.knobs import Knobs
from company.reps import working_skill
from company.states import LONG_AGO, States, win_over


def hand_over(company: Company, rep_left: Flags) -> Flags:
    """Passes the accounts of departed reps on; the more a relationship was the rep's, the more is lost (S3)."""
    states = company.states
    lost = rep_left[company.traits.desk]
    states.pull = np.where(lost, hazards.follow_pull(states), 0.9 * states.pull)
    grown = states.bond + 0.015 * (0.95 - states.bond)
    lose_bond(states, lost)
    states.bond = np.where(lost, states.bond, grown)
    return lost & states.present


def lose_bond(states: States, lost: Flags) -> None:
    """What was a former rep's own is lost, and begins anew."""
    states.people -= np.where(lost, 1.8 * states.bond, 0.0)
    states.warmth -= np.where(lost, 0.9 * states.bond, 0.0)
    states.bond = np.where(lost, 0.05, states.bond)


def reach_out(
    company: Company,
    knobs: Knobs,
    rng: np.random.Generator,
    *,
    forced: bool | Flags,
) -> Seen:
    """Our own doing: contact unasked, more where the rep worries, none for the holdout unless ``forced``.

    Who is forced is reached from a list: that wins over as often as ``knobs.list_wins`` says, if it does.
    """
    states, traits, desks = company.states, company.traits, company.desks
    draw = rng.random((4, len(states.pulse)))
    skill = working_skill(desks)[traits.desk]
    favour = np.array([1.8, 1.3, 1.4, 0.8])[traits.tier]
    worry = 1 + 2.5 * sigmoid(skill) * np.clip(1 - states.pulse, 0, 0.7)
    chance = knobs.outreaches / 52 * desks.diligence[traits.desk] * favour * worry
    outreach = ((draw[0] < chance) & ~traits.holdout | forced) & states.present
    reply = outreach & (
        draw[1] < sigmoid(0.2 + 0.9 * states.warmth) * (0.3 + 0.7 * states.pulse)
    )
    surprise = (
        (draw[2] < 0.012 * desks.diligence[traits.desk])
        & ~traits.holdout
        & states.present
    )
    states.warmth += np.where(outreach, 0.25 * traits.reception, 0) + np.where(
        surprise, 0.35, 0
    )
    wins = np.clip(0.3 * traits.reception, 0, 0.7) * (1 - states.will)
    if knobs.list_wins is not None:
        wins = np.where(forced, knobs.list_wins, wins)
    won = outreach & (states.intent > 2) & (draw[3] < wins)
    win_over(states, won)
    states.since_contact = np.where(
        outreach | surprise, 0.0, np.minimum(states.since_contact + 1, LONG_AGO)
    )
    return {"outreach": outreach, "reply": reply, "surprise": surprise}
