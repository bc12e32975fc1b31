"""Promises: the ledger that a company keeps of them."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags
from company.diary.pen import Pen
from company.rows import Rows, rows


def promises(pen: Pen) -> list[Rows]:
    """The ledger of promises; some that were broken are never written down as broken and stay open."""
    w = pen.weeks
    week, account, time = pen.when(w.promise_made)
    matter = pen.matter("promise_made", week, account)
    due = np.asarray((w.promise_weeks[week, account] + 1) * 7 * 1440.0)
    made = rows("promise_made", week, account, time, matter=matter, minutes=due)
    return [
        made,
        outcome(pen, "promise_kept", w.promise_kept, 0.95, 0),
        outcome(pen, "promise_broken", w.promise_broken, 0.6, 14),
    ]


def outcome(pen: Pen, kind: str, happened: Flags, noted: float, days_late: int) -> Rows:
    """How promises ended, as far as it was noted down: a broken one only when it was well overdue."""
    week, account, time = pen.when(happened & (pen.rng.random(happened.shape) < noted))
    matter = pen.matter("promise_made", pen.weeks.promised_in[week, account], account)
    return rows(
        kind,
        week,
        account,
        pen.later(time, np.full(len(week), float(days_late))),
        matter=matter,
    )
