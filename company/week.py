"""A week: how everything moves on by seven days, and what of it could be seen.

Every random number is drawn for every account, whatever its state: two runs from the same stream then differ only by
what was done differently, which is what makes counterfactuals sharp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company import payments, terms
from company.arrays import Flags, Floats, Ints
from company.asking import survey
from company.business import do_business
from company.contact import hand_over, reach_out
from company.firm import NOTHING, Company, Forced, Seen
from company.knobs import Knobs
from company.leaving import come_and_return, leave, turn_away
from company.markets import advance_markets
from company.promises import keep_promises
from company.reps import advance_desks
from company.states import match, people_level


@dataclass
class Week:
    """What happened in a week; one element per account, and last the reps and markets.

    Days and hours are counted from the start of the week, or from the opening of the matter.
    """

    routine: Ints
    pulse: Floats
    tone: Floats
    outreach: Flags
    reply: Flags
    surprise: Flags
    handover: Flags
    question: Flags
    request: Flags
    complaint: Flags
    failure: Flags
    compliment: Flags
    referral: Flags
    unmet: Flags
    answer_hours: Floats
    resolution_days: Floats
    solved: Flags
    apology: Flags
    promise_made: Flags
    promise_weeks: Ints
    promise_kept: Flags
    promise_broken: Flags
    promised_in: Ints
    leaves: Flags
    leave_day: Floats
    cause: Ints
    voiced: Flags
    trigger: Ints
    returns: Flags
    asked: Flags
    asked_after: Flags
    answered: Flags
    product_items: Floats
    people_items: Floats
    recommend: Floats
    effort: Floats
    product: Floats
    people: Floats
    warmth: Floats
    patience: Floats
    intent: Ints
    product_settled: Floats
    people_settled: Floats
    onset: Floats
    leave_chance: Floats
    present: Flags
    begins: Flags
    signs: Flags
    notice: Flags
    going: Flags
    signed: Flags
    ends: Flags
    term_end: Ints
    worth: Floats
    offer: Floats
    billed: Flags
    failed: Flags
    recovered: Flags
    owed_in: Ints
    rep_generation: Ints
    rep_style: Ints
    rep_tenure: Floats
    rep_left: Flags
    entered: Flags


def advance(
    company: Company,
    knobs: Knobs,
    rng: np.random.Generator,
    market_rng: np.random.Generator,
    forced: Forced = NOTHING,
) -> Week:
    """Moves a company by one week, in place, and tells what happened."""
    states = company.states
    seen: Seen = {}
    # Of their own, so that contracts shift nothing of those that hold none.
    contract_rng = rng.spawn(1)[0]
    seen["entered"] = advance_markets(
        company.markets, knobs, market_rng, forced=forced.competitor_enters
    )
    seen["rep_left"] = advance_desks(
        company.desks, knobs, rng, forced=forced.rep_leaves
    )
    for name in ("generation", "style", "tenure"):
        seen[f"rep_{name}"] = getattr(company.desks, name).copy()
    seen["returns"] = come_and_return(company, rng)
    seen["present"] = states.present.copy()
    seen["handover"] = hand_over(company, seen["rep_left"])
    seen |= reach_out(company, knobs, rng, forced=forced.contacted)
    seen |= do_business(company, rng, forced=forced.answered)
    seen |= keep_promises(company, rng, forced=forced.promised)
    drift(company, rng)
    seen |= turn_away(company, knobs, rng)
    seen |= terms.decide(company, contract_rng)
    seen |= payments.bill(company, contract_rng)
    seen |= leave(company, rng, kept=forced.nobody_leaves)
    seen["signs"] |= terms.renew(company, seen["leaves"])
    seen |= survey(company, rng, seen)
    for name in ("product", "people", "warmth", "patience", "intent"):
        seen[name] = getattr(states, name).copy()
    seen["product_settled"] = company.product_heard.settled.copy()
    seen["people_settled"] = company.people_heard.settled.copy()
    company.week += 1
    return Week(**seen)


def drift(company: Company, rng: np.random.Generator) -> None:
    """Satisfaction, warmth and patience settle towards where the circumstances draw them."""
    states, traits = company.states, company.traits
    normal = rng.standard_normal((3, len(states.pulse)))
    product_level = traits.product_base + company.markets.quality[traits.market]
    people = people_level(traits, company.desks)
    states.product = np.clip(
        states.product + 0.035 * (product_level - states.product) + 0.29 * normal[0],
        0,
        10,
    )
    states.people = np.clip(
        states.people + 0.05 * (people - states.people) + 0.28 * normal[1], 0, 10
    )
    overall = 0.5 * (states.product + states.people)
    level = (
        0.4 * (overall - 5.5)
        - 0.04 * np.clip(states.since_contact - 6, 0, 20)
        + 0.1 * match(traits, company.desks)
        + 0.2
    )
    states.warmth = np.clip(
        states.warmth + 0.07 * (level - states.warmth) + 0.16 * normal[2], -3, 3
    )
    states.patience = np.clip(
        states.patience + 0.03 * traits.forgiveness * (0.8 - states.patience), 0, 1
    )
