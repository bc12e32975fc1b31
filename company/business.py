"""Business: signs of life, what accounts say, what goes wrong and how it is dealt with."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags, Floats, sigmoid
from company.firm import Company, Seen
from company.reps import working_skill
from company.states import States, win_over
from company.traits import Traits

FASTEST_HOURS = 4
"""Matters are answered within these where that is forced."""
FAST_DAYS = 3
"""A failure fixed within these leaves an account happier than before (S21)."""


def do_business(
    company: Company, rng: np.random.Generator, *, forced: bool = False
) -> Seen:
    """Lives the ordinary course of a week; ``forced`` settles all matters within a day."""
    seen = keep_going(company, rng)
    seen |= speak(company, rng)
    seen |= handle(company, rng, forced=forced)
    deal_with(company.states, company.traits, seen)
    return seen


def keep_going(company: Company, rng: np.random.Generator) -> Seen:
    """Signs of life: the account's own rhythm, its season, harmless breaks, and the pulse (S32)."""
    states, traits = company.states, company.traits
    size = len(states.pulse)
    draw, busy = rng.random((3, size)), rng.standard_normal(size)
    begins = np.where(draw[0] < 0.006, 2 + (draw[1] * 4).astype(np.int64), 0)
    states.pause = np.where(states.pause > 0, states.pause - 1, begins)
    season = 1 + traits.season * np.cos(
        2 * np.pi * (company.week - traits.season_week) / 52
    )
    rate = (
        traits.rhythm
        * season
        * states.pulse
        * quiet(states)
        * np.exp(0.25 * busy - 0.03)
    )
    # Counts that hardly scatter about their mean: a rhythm, not a rain of chance.
    routine = np.where(states.present, np.floor(rate + draw[2]), 0).astype(np.int64)
    return {"routine": routine, "pulse": states.pulse.copy()}


def quiet(states: States) -> Floats:
    """Share of its activity that a harmless break leaves."""
    return np.where(states.pause > 0, 0.1, 1.0)


def speak(company: Company, rng: np.random.Generator) -> Seen:
    """What accounts say. Those about to leave aloud say more than ever, those about to fade away less and less."""
    states, here = company.states, company.states.present
    draw, mood = rng.random((7, len(here))), rng.standard_normal(len(here))
    upset = here & states.voiced & (states.intent > 2)
    talk = (
        np.exp(0.4 * company.traits.voice)
        * quiet(states)
        * np.where(upset, 4.5, states.pulse)
    )
    overall = 0.5 * (states.product + states.people)
    lacks = np.exp(0.2 * (5.5 - states.product)) * np.where(states.intent == 4, 3, 1)
    delight = np.exp(0.5 * states.warmth + 0.2 * (overall - 5.5))
    felt = (
        0.22 * (overall - 5.5)
        + 0.25 * states.warmth
        - 0.5 * upset
        - 0.15 * (states.intent > 0)
    )
    return {
        "question": here & (draw[0] < 0.07 * talk),
        "request": here & (draw[1] < 0.035 * talk),
        "complaint": here & (draw[2] < 0.012 * talk * np.exp(0.35 * (5.0 - overall))),
        "unmet": here & (draw[3] < 0.012 * talk * lacks),
        "compliment": here
        & ~upset
        & (draw[4] < 0.008 * np.exp(0.7 * states.warmth) * states.pulse),
        "referral": here & (states.intent == 0) & (draw[5] < 0.004 * delight),
        "failure": here & (draw[6] < failure_chance(states)),
        "tone": np.tanh(felt + 0.35 * mood),
    }


def failure_chance(states: States) -> Floats:
    """Weekly chance that we fail an account: higher where the product is poor, lower where it is hardly used."""
    return (
        0.025
        * np.exp(0.22 * (5.5 - states.product))
        * (0.3 + 0.7 * states.pulse)
        * quiet(states)
    )


def handle(company: Company, rng: np.random.Generator, *, forced: bool = False) -> Seen:
    """How the matters of the week are dealt with, better by a rep of more skill (S15, S24); ``forced``: in a day."""
    skill = working_skill(company.desks)[company.traits.desk]
    normal, draw = rng.standard_normal((2, len(skill))), rng.random((2, len(skill)))
    hours = np.exp(2.0 - 0.4 * skill + 0.9 * normal[0])
    days = np.exp(1.0 - 0.35 * skill + 0.8 * normal[1])
    return {
        "answer_hours": np.minimum(hours, FASTEST_HOURS) if forced else hours,
        "resolution_days": np.minimum(days, 1.0) if forced else days,
        "solved": draw[0] < 0.9 + 0.03 * skill,
        "apology": draw[1] < sigmoid(0.3 + 0.5 * skill),
    }


def deal_with(states: States, traits: Traits, seen: Seen) -> None:
    """What matters and their handling do to the account: fixed fast, better than before (S15, S21)."""
    failure = seen["failure"]
    asked = seen["question"] | seen["request"]
    days = seen["resolution_days"]
    grave = failure | seen["complaint"]
    fast = grave & seen["solved"] & (days <= FAST_DAYS)
    slow = grave & seen["solved"] & (days > FAST_DAYS)
    states.product += (
        np.where(failure, -0.5, 0)
        + np.where(failure & fast, 0.6, 0)
        + np.where(failure & slow, 0.25, 0)
    )
    states.people += np.where(fast, 0.5, 0) + np.where(grave & seen["apology"], 0.2, 0)
    states.people += np.where(asked & (days < 2), 0.08, 0) - np.where(
        asked & (days > 10), 0.2, 0
    )
    states.warmth += np.where(fast, 0.25, 0)
    keep_waiting(states, failure, slow, grave & ~seen["solved"], days)
    win_over(
        states,
        fast
        & states.voiced
        & (states.intent > 2)
        & (traits.reception > 0.8 + states.will),
    )


def keep_waiting(
    states: States, failure: Flags, slow: Flags, never: Flags, days: Floats
) -> None:
    """What waiting does, and the lasting damage of what is never fixed (S16, S21)."""
    weeks = np.where(slow, np.ceil(days / 7).astype(np.int64), 8)
    states.waiting = np.where(slow | never, weeks, states.waiting)
    states.unsettled = np.where(slow | never, never, states.unsettled)
    waits = states.waiting > 0
    states.patience -= 0.08 * failure + 0.1 * never + 0.04 * waits
    states.people -= 0.12 * waits
    states.hurt = 0.96 * states.hurt + (states.unsettled & (states.waiting == 1))
    states.waiting = np.maximum(states.waiting - 1, 0)
