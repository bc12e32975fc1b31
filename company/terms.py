"""Terms: contracts that bind, the decision whether to renew, and what the next term is worth.

Who would leave is bound until the term ends. Meanwhile its *will* grows: the chance that it would have left by now. In
the weeks before the end, or before notice must be given, it decides, and goes with that chance.
"""

from __future__ import annotations

import numpy as np

from company import hazards
from company.arrays import Flags, Floats
from company.firm import Company, Seen

EARLY = 0.03
"""Share of the chance of leaving that is left while a term binds."""
DECIDES_WITHIN, DECIDES = 13, 0.12
"""Weeks before the last moment in which some decide already, and the weekly chance of that."""


def begin_anew(company: Company, returns: Flags) -> None:
    """A new term for accounts that come back."""
    states, traits = company.states, company.traits
    states.term_end[returns] = company.week + traits.term_weeks[returns]
    states.will[returns] = 0.0
    states.going &= ~returns
    states.signed &= ~returns
    states.owing[returns] = 0


def ends(company: Company) -> Flags:
    """Whether the term of an account ends in this week."""
    this_week = company.states.term_end == company.week
    return np.asarray(company.traits.held & company.states.present & this_week)


def leaving(company: Company) -> Floats:
    """Weekly chance of leaving: that of `company.hazards.leaving`, for the bound put off to the end of the term.

    Who dies or moves does not wait for it.
    """
    states = company.states
    free = hazards.leaving(states)
    bound = company.traits.held & (states.intent > 2)
    chance = np.where(bound, EARLY * free, free)
    at_end = np.where(states.signed, 0.0, np.where(states.going, 1.0, states.will))
    return np.where(ends(company), np.maximum(chance, at_end), chance)


def decide(company: Company, rng: np.random.Generator) -> Seen:
    """Wills grow; some sign their next term ahead, some decide to go and give notice where a term renews itself."""
    states, traits = company.states, company.traits
    draw, normal = (
        rng.random((2, len(states.pulse))),
        rng.standard_normal(len(states.pulse)),
    )
    held = traits.held & states.present
    more = (1 - states.will) * (1 - EARLY) * hazards.leaving(states)
    states.will = np.where(held & (states.intent > 2), states.will + more, 0.0)
    undecided = held & ~states.signed & ~states.going & ~ends(company)
    weeks_left = states.term_end - traits.notice_weeks - company.week
    early = (weeks_left <= DECIDES_WITHIN) & (draw[0] < DECIDES)
    decides = undecided & (early | (weeks_left <= 0))
    goes = decides & (draw[1] < states.will)
    states.offer = np.where(states.signed, states.offer, offers(company, normal))
    states.going |= goes
    states.signed |= decides & ~goes
    return {
        "begins": held & begun(company),
        "signs": decides & ~goes,
        "notice": goes & (traits.notice_weeks > 0),
        "going": states.going.copy(),
        "signed": states.signed.copy(),
        "ends": ends(company),
        "term_end": states.term_end.copy(),
        "worth": states.worth.copy(),
        "offer": states.offer.copy(),
    }


def begun(company: Company) -> Flags:
    """Whether the first term that the records tell of begins with this week."""
    start = company.states.term_end - company.traits.term_weeks
    return np.asarray((start == company.week) | (company.week == 0))


def offers(company: Company, normal: Floats) -> Floats:
    """What the next term would be worth a year: more to the satisfied, less to those that do less."""
    states = company.states
    overall = 0.5 * (states.product + states.people)
    grows = 0.03 + 0.05 * (overall - 5.5) - 0.3 * (1 - states.pulse) + 0.06 * normal
    return np.round(states.worth * np.exp(np.clip(grows, -0.5, 0.4)), 2)


def renew(company: Company, left: Flags) -> Flags:
    """Begins the next term of those whose term ends and that stay; tells who signed it only now."""
    states, renews = company.states, ends(company) & ~left
    signs = renews & ~states.signed
    states.worth = np.where(renews, states.offer, states.worth)
    states.term_end += np.where(renews, company.traits.term_weeks, 0)
    states.will[renews] = 0.0
    states.signed &= ~renews
    states.going &= ~renews
    return signs
