"""Traits: what an account is and stays, seen in the book only in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from company.arrays import Flags, Floats, Ints
from company.knobs import Knobs
from company.markets import MARKETS
from company.reps import STYLES

INDUSTRIES = ("retail", "craft", "health", "hospitality", "logistics", "education")
PLANS = ("basic", "standard", "premium")
TIERS = ("key", "growth", "new", "other")

MONTH = 4
"""Weeks from one monthly invoice to the next, and of the shortest term."""
YEAR = 52
TERM_WEEKS, TERM_SHARES = (MONTH, YEAR, 2 * YEAR), (0.1, 0.75, 0.15)
"""Terms of a month, a year and two years, in whole weeks, and how common each is."""
NOTICE_WEEKS = (4, 8, 13)
"""Times of notice; a quarter of a shorter term."""


@dataclass
class Traits:
    """What never changes; one element per account.

    Attributes:
        opened_week: first week of business; below zero for accounts older than the records.
        desk, market, industry, plan, tier, style: indices into their lists.
        rhythm: signs of life in an ordinary week.
        season, season_week: strength of the yearly season (0 to 0.5) and the week of its peak.
        product_base, people_base: points around which satisfaction settles, before market and rep.
        tempo: share of the pulse that is left after a week of fading.
        voice: how readily it speaks up, standard normal.
        forgiveness: how fast patience comes back, about 1 (S27).
        reception: what a contact of ours does, about 1; below zero for those it annoys.
        shopper: share of its signs of life that are purchases.
        amount: its usual purchase, in money.
        holdout: whether we never contact it unasked.
        survey_week: week of the quarter in which it is asked.
        term_weeks: length of its contract's terms, 0 for no contract.
        term_day: days into the week at which its terms begin and end.
        notice_weeks: time of notice where a term renews itself; 0 where each must be signed.
        billing_weeks: from one invoice to the next, 0 for none.
    """

    opened_week: Ints
    desk: Ints
    market: Ints
    industry: Ints
    plan: Ints
    tier: Ints
    style: Ints
    rhythm: Floats
    season: Floats
    season_week: Floats
    product_base: Floats
    people_base: Floats
    tempo: Floats
    voice: Floats
    forgiveness: Floats
    reception: Floats
    shopper: Floats
    amount: Floats
    holdout: Flags
    survey_week: Ints
    term_weeks: Ints
    term_day: Floats
    notice_weeks: Ints
    billing_weeks: Ints

    @property
    def held(self) -> Flags:
        """Whether a contract holds it."""
        return self.term_weeks > 0


def draw_traits(
    size: int, desks: int, weeks: int, knobs: Knobs, rng: np.random.Generator
) -> Traits:
    """Traits of so many accounts, some older than the records and some that open while they run."""
    old = rng.random(size) < 0.6
    opened = np.where(
        old,
        -np.floor(rng.exponential(110, size)) - 1,
        np.floor(rng.random(size) * weeks),
    )
    industry = rng.integers(0, len(INDUSTRIES), size)
    plan = rng.choice(len(PLANS), size, p=(0.45, 0.35, 0.2))
    tier = np.where(opened >= 0, 2, rng.choice((0, 1, 3), size, p=(0.12, 0.23, 0.65)))
    easy = 0.55 * rng.standard_normal(size)
    return Traits(
        opened_week=opened.astype(np.int64),
        desk=rng.integers(0, desks, size),
        market=rng.integers(0, len(MARKETS), size),
        industry=industry,
        plan=plan,
        tier=tier,
        style=rng.integers(0, len(STYLES), size),
        rhythm=np.clip(1.25 * np.exp(0.5 * rng.standard_normal(size)), 0.25, 4.0),
        season=0.5 * rng.random(size) ** 2,
        season_week=8.0 * industry + rng.normal(0, 3, size),
        product_base=5.8 + easy + 0.25 * (plan - 1) + 1.3 * rng.standard_normal(size),
        people_base=5.75 + easy + 0.95 * rng.standard_normal(size),
        tempo=rng.uniform(0.7, 0.86, size),
        voice=rng.standard_normal(size),
        forgiveness=np.exp(0.4 * rng.standard_normal(size)),
        reception=rng.normal(1.0, 0.8, size),
        shopper=rng.beta(2.5, 3.5, size),
        amount=np.exp(4.6 + 0.5 * plan + 0.6 * rng.standard_normal(size)),
        holdout=rng.random(size) < knobs.holdout,
        survey_week=rng.integers(0, 13, size),
        **draw_contracts(size, knobs, rng.spawn(1)[0]),
    )


def draw_contracts(size: int, knobs: Knobs, rng: np.random.Generator) -> dict[str, Any]:
    """Who holds a contract and on what conditions; a third of the terms is paid at once."""
    held = rng.random(size) < knobs.contracts
    term = np.where(held, rng.choice(TERM_WEEKS, size, p=TERM_SHARES), 0)
    renews_itself = held & (rng.random(size) < 0.5)
    notice = np.minimum(rng.choice(NOTICE_WEEKS, size), term // 4)
    at_once = rng.random(size) < 0.33
    return {
        "term_weeks": term,
        "term_day": 7 * rng.random(size),
        "notice_weeks": np.where(renews_itself, notice, 0),
        "billing_weeks": np.where(at_once, term, np.minimum(term, MONTH)),
    }
