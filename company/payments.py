"""Payments: what is billed, and the payments that fail; who cannot make up for one is cut off."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags
from company.firm import Company, Seen
from company.states import States
from company.traits import MONTH

FAILS = 0.012
"""Share of the monthly payments, which are taken by themselves, that fail."""
CUT_OFF_WEEKS = 6
"""An account is cut off when it has owed a payment for so long."""


def bill(company: Company, rng: np.random.Generator) -> Seen:
    """Sends invoices; some payments fail, and the active make up for them sooner."""
    states, traits = company.states, company.traits
    draw = rng.random((2, len(states.pulse)))
    owes = states.present & (states.owing > 0)
    recovered = owes & (draw[0] < 0.15 + 0.3 * states.pulse)
    states.owing = np.where(owes & ~recovered, states.owing + 1, 0)
    owed_in = states.owed_in.copy()
    into_term = company.week - states.term_end + traits.term_weeks
    due = into_term % np.maximum(traits.billing_weeks, 1) == 0
    billed = traits.held & states.present & due & (states.owing == 0)
    failed = billed & (traits.billing_weeks == MONTH) & (draw[1] < FAILS)
    states.owing = np.where(failed, 1, states.owing)
    states.owed_in = np.where(failed, company.week, states.owed_in)
    return {
        "billed": billed,
        "failed": failed,
        "recovered": recovered,
        "owed_in": owed_in,
    }


def cut_off(states: States) -> Flags:
    """Whether an account has owed a payment for too long."""
    return states.owing >= CUT_OFF_WEEKS
