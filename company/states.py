"""States: what is going on in an account, moving week by week and written in no book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Flags, Floats, Ints
from company.knobs import REASONS
from company.reps import Desks, working_skill
from company.traits import YEAR, Traits

WAITING = 6.0
"""Times as many of the bound have turned away for each year that their term has run: nothing let them go."""
LONG_AGO = 99.0
"""Weeks since something that never happened."""


@dataclass
class States:
    """The hidden state of every account; one element per account.

    Attributes:
        present: whether it does business with us.
        product, people: true satisfaction on the two axes, 0 to 10.
        warmth: how close it feels to us, about standard normal.
        patience: what it is ready to put up with, 0 to 1.
        pulse: its activity as a share of what is usual, 0 to 1.
        pause: weeks that a harmless break still lasts.
        intent: 0, or 1 plus the reason for which it has turned away inwardly and will leave unless won over.
        voiced: whether it says so.
        trigger: index into `company.hazards.TRIGGERS` of what turned it away.
        bond: how much of the relationship is the rep's own, 0 to 1.
        pull: the pull of a departed rep.
        hurt: damage from failures not fixed and promises broken, fading.
        waiting: weeks that an open failure or complaint still waits for its resolution.
        unsettled: whether it will never be resolved.
        since_contact: weeks since we last reached out unasked.
        promise_due: weeks until an open promise is due, 0 for none.
        promise_week: the week it was made.
        departures: times it has left.
        gone: weeks since it last left.
        left_for: code of the cause it last left for, -1 for never.
        term_end: week in which the running term of its contract ends.
        will: chance that it would have left by now were it not bound, 0 to 1.
        going: whether it has decided to leave with the end of the term.
        signed: whether its next term is agreed.
        worth, offer: value per year of the running term and of the next one.
        owing: weeks since a payment failed that is not made up for, 0 for none.
        owed_in: week of the invoice that it failed for.
    """

    present: Flags
    product: Floats
    people: Floats
    warmth: Floats
    patience: Floats
    pulse: Floats
    pause: Ints
    intent: Ints
    voiced: Flags
    trigger: Ints
    bond: Floats
    pull: Floats
    hurt: Floats
    waiting: Ints
    unsettled: Flags
    since_contact: Floats
    promise_due: Ints
    promise_week: Ints
    departures: Ints
    gone: Floats
    left_for: Ints
    term_end: Ints
    will: Floats
    going: Flags
    signed: Flags
    worth: Floats
    offer: Floats
    owing: Ints
    owed_in: Ints


def match(traits: Traits, desks: Desks) -> Floats:
    """How well the styles of account and rep go together: 1 for the same, -0.5 for different ones (S34)."""
    return np.where(traits.style == desks.style[traits.desk], 1.0, -0.5)


def people_level(traits: Traits, desks: Desks) -> Floats:
    """Points to which satisfaction with the people is drawn."""
    return (
        traits.people_base
        + 1.25 * working_skill(desks)[traits.desk]
        + 0.55 * match(traits, desks)
    )


def first_states(
    traits: Traits,
    desks: Desks,
    quality: Floats,
    fading_share: float,
    rng: np.random.Generator,
) -> States:
    """States at the beginning of the records; the accounts that open later start from them too.

    A share of the old accounts is fading already, out of indifference: leaving did not begin with the records.
    """
    size = len(traits.desk)
    fading = (traits.opened_week < 0) & (rng.random(size) < fading_share)

    def zeros() -> Ints:
        return np.zeros(size, dtype=np.int64)

    product = np.clip(
        traits.product_base + quality[traits.market] + rng.standard_normal(size), 0, 10
    )
    people = np.clip(
        people_level(traits, desks) + 0.7 * rng.standard_normal(size), 0, 10
    )
    contracts = rng.spawn(1)[0]
    elapsed = np.maximum(-traits.opened_week, 0) % np.maximum(traits.term_weeks, 1)
    begun = np.where(traits.opened_week < 0, -elapsed, traits.opened_week)
    waiting = contracts.random(size) < WAITING * fading_share * elapsed / YEAR
    fading |= traits.held & waiting
    return States(
        present=traits.opened_week < 0,
        product=product,
        people=people,
        warmth=0.3 * (0.5 * (product + people) - 5.5) + 0.4 * rng.standard_normal(size),
        patience=np.clip(rng.normal(0.75, 0.15, size), 0, 1),
        pulse=np.where(fading, rng.uniform(0.1, 1.0, size), 1.0),
        pause=zeros(),
        intent=np.where(fading, REASONS.index("indifference") + 1, 0),
        voiced=np.zeros(size, dtype=bool),
        trigger=zeros(),
        bond=np.where(traits.opened_week < 0, rng.uniform(0.2, 0.9, size), 0.1),
        pull=np.zeros(size),
        hurt=np.zeros(size),
        waiting=zeros(),
        unsettled=np.zeros(size, dtype=bool),
        since_contact=np.where(traits.holdout, LONG_AGO, rng.uniform(0, 20, size)),
        promise_due=zeros(),
        promise_week=zeros(),
        departures=zeros(),
        gone=np.full(size, LONG_AGO),
        left_for=np.full(size, -1, dtype=np.int64),
        term_end=(begun + traits.term_weeks).astype(np.int64),
        will=np.where(fading & traits.held, contracts.random(size), 0.0),
        going=np.zeros(size, dtype=bool),
        signed=np.zeros(size, dtype=bool),
        worth=first_worth(traits, contracts),
        offer=np.zeros(size),
        owing=zeros(),
        owed_in=zeros(),
    )


def first_worth(traits: Traits, rng: np.random.Generator) -> Floats:
    """Value per year of the first contracts: near what the account would spend, 0 without a contract."""
    spending = 52 * traits.rhythm * traits.shopper * traits.amount
    near = spending * np.exp(0.2 * rng.standard_normal(len(spending)))
    return np.where(traits.held, np.round(near, 2), 0.0)


def win_over(states: States, won: Flags) -> None:
    """The accounts that are won over stay after all, and feel closer for it."""
    won = won & ~states.going
    states.intent[won] = 0
    states.voiced &= ~won
    states.warmth[won] += 0.3
