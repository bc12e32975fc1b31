"""The table of accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from company.arrays import Flags, Floats
from company.branch import Branch
from company.calendar import Calendar
from company.markets import MARKETS
from company.reps import STYLES
from company.tables.columns import (
    TIME,
    names,
    words,
)
from company.traits import INDUSTRIES, PLANS, TIERS, Traits

ROLES = ("owner", "buyer", "office", "director")


def account_ids(branch: Branch) -> pa.Array:
    """The names of a branch's accounts."""
    return names("A", np.arange(branch.first, branch.first + branch.accounts), 6)


def accounts_table(
    traits: Traits, ids: pa.Array, calendar: Calendar, rng: np.random.Generator
) -> pa.Table:
    """Accounts, and what is known of each that never changes; the profile is filled in only partly (S13)."""
    size = len(ids)
    opened = calendar.instants(traits.opened_week, -7 * rng.random(size))
    known = np.clip(rng.beta(2.5, 1.5, size), 0, 1)

    def some(share: Floats | float) -> Flags:
        return rng.random(size) >= share

    employees = np.maximum(
        1, np.round(np.exp(2.2 + 0.5 * traits.plan + rng.standard_normal(size)))
    )
    return pa.table(
        {
            "account_id": ids,
            "opened_at": pa.array(opened, TIME),
            "market": words(traits.market, MARKETS),
            "industry": words(traits.industry, INDUSTRIES),
            "style": words(traits.style, STYLES, some(0.25 + 0.5 * known)),
            "plan": words(traits.plan, PLANS),
            "tier": words(traits.tier, TIERS),
            "holdout": words(traits.holdout.astype(np.int64), ("no", "yes")),
            "employees": pa.array(employees, pa.float64(), mask=some(known)),
            "contact_role": words(
                rng.integers(0, len(ROLES), size), ROLES, some(known)
            ),
            "budget_month": pa.array(
                rng.integers(1, 13, size).astype(float),
                pa.float64(),
                mask=some(0.8 * known),
            ),
            "heard_of_us": words(
                rng.integers(0, 3, size), ("search", "fair", "referral"), some(known)
            ),
        }
    )
