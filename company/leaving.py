"""Leaving: who turns away inwardly, who comes round, who goes and who comes back.

How often is set in `company.knobs` and `company.hazards`.
"""

from __future__ import annotations

import numpy as np

from company import hazards, payments, terms
from company.arrays import Flags
from company.firm import Company, Seen
from company.knobs import CAUSES, REASONS, Knobs

RETURN_AFTER_WEEKS = 6
READINESS = {
    "moved": 0.0005,
    "friend": 0.002,
    "better_product": 0.0035,
    "dissatisfaction": 0.0015,
    "indifference": 0.0025,
    "payment": 0.005,
}
"""Weekly chance of coming back soon after leaving, by the cause for which an account left (S26)."""


def come_and_return(company: Company, rng: np.random.Generator) -> Flags:
    """Opens accounts and brings some of the departed back; tells which came back."""
    states, traits = company.states, company.traits
    # One more for the code -1 of those that never left.
    readiness = np.array([*(READINESS.get(cause, 0.0) for cause in CAUSES), 0.0])[
        states.left_for
    ]
    ready = rng.random(len(states.gone)) < readiness * np.exp(-states.gone / 40)
    returns = (
        ready
        & ~states.present
        & (states.departures > 0)
        & (states.gone >= RETURN_AFTER_WEEKS)
    )
    states.present |= (traits.opened_week == company.week) | returns
    states.intent[returns] = 0
    states.voiced &= ~returns
    states.pulse[returns] = 0.8
    states.warmth[returns] = np.maximum(states.warmth[returns], 0.2)
    states.patience[returns] = np.maximum(states.patience[returns], 0.6)
    states.since_contact[returns] = 0
    states.gone += 1
    terms.begin_anew(company, returns)
    return returns


def turn_away(company: Company, knobs: Knobs, rng: np.random.Generator) -> Seen:
    """Some turn away inwardly, some come round; the pulse fades or comes back."""
    states, traits = company.states, company.traits
    size = len(states.pulse)
    draw = rng.random((4, size))
    come_round = draw[0] < hazards.calming(states)
    states.intent[come_round] = 0
    states.voiced &= ~come_round
    weeks_open = np.maximum(company.week - traits.opened_week, 0).astype(float)
    at_work = hazards.forces(
        states, weeks_open, company.markets.pressure[traits.market]
    )
    chances = hazards.onset(at_work, states.pull, knobs)
    triggers = hazards.triggers(at_work, states)
    reached = np.cumsum(chances, axis=0)
    turning = states.present & (states.intent == 0) & (draw[1] < reached[-1])
    reason = np.minimum((draw[1] >= reached).sum(axis=0), len(REASONS) - 1)
    spoken = draw[2] < np.array([hazards.SPOKEN[name] for name in REASONS])[
        reason
    ] * np.clip(1 + 0.2 * traits.voice, 0.5, 1.5)
    states.intent = np.where(turning, reason + 1, states.intent)
    states.voiced = np.where(turning, spoken, states.voiced)
    states.trigger = np.where(
        turning, triggers[reason, np.arange(size)], states.trigger
    )
    fading = np.where(states.voiced, 0.96, traits.tempo)
    recovering = states.pulse + 0.2 * (1 - states.pulse)
    states.pulse = np.where(states.intent > 2, states.pulse * fading, recovering)
    return {"onset": chances.T}


def leave(company: Company, rng: np.random.Generator, *, kept: bool) -> Seen:
    """Who leaves this week, when, and why."""
    states = company.states
    draw = rng.random((2, len(states.pulse)))
    ends, cut_off = terms.ends(company), payments.cut_off(states)
    chance = np.where(cut_off, 1.0, terms.leaving(company))
    leaves = states.present & (draw[0] < chance) & (not kept)
    cause = np.where(cut_off, CAUSES.index("payment"), states.intent - 1)
    seen = {
        "leaves": leaves,
        "leave_day": np.where(ends, company.traits.term_day, 7 * draw[1]),
        "cause": cause,
        "voiced": states.voiced & ~cut_off,
        "trigger": np.where(cut_off, hazards.PAYMENT_FAILED, states.trigger),
        "leave_chance": np.where(states.present, chance, 0),
    }
    states.present &= ~leaves
    states.departures += leaves
    states.left_for = np.where(leaves, cause, states.left_for)
    states.gone[leaves] = 0
    return seen
