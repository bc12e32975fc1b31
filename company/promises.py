"""Promises: made, kept, broken (S14)."""

from __future__ import annotations

import numpy as np

from company.arrays import sigmoid
from company.firm import EVERY_WEEKS, Company, Seen
from company.reps import working_skill


def keep_promises(
    company: Company, rng: np.random.Generator, *, forced: bool = False
) -> Seen:
    """Moves the promises by a week; an account has one at a time.

    ``forced`` makes one every `EVERY_WEEKS`, and keeps them all.
    """
    states = company.states
    size = len(states.pulse)
    draw = rng.random((3, size))
    skill = working_skill(company.desks)[company.traits.desk]
    due = states.present & (states.promise_due == 1)
    kept = due & ((draw[0] < sigmoid(1.3 + 0.5 * skill)) | forced)
    broken = due & ~kept
    states.people += np.where(kept, 0.15, 0) - np.where(broken, 0.5, 0)
    states.patience -= np.where(broken, 0.12, 0)
    states.hurt += np.where(broken, 0.4, 0)
    promised_in = states.promise_week.copy()
    states.promise_due = np.maximum(states.promise_due - 1, 0)
    wanted = forced and company.week % EVERY_WEEKS == 0
    free = states.present & (states.promise_due == 0) & ~due
    made = free & ((draw[1] < 0.04) | wanted)
    weeks = 1 + (draw[2] * 4).astype(np.int64)
    states.promise_due = np.where(made, weeks, states.promise_due)
    states.promise_week = np.where(made, company.week, states.promise_week)
    return {
        "promise_made": made,
        "promise_weeks": weeks,
        "promise_kept": kept,
        "promise_broken": broken,
        "promised_in": promised_in,
    }
