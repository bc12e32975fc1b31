"""Payments: invoices, and whether they were paid in time, late, or not at all."""

from __future__ import annotations

import numpy as np

from company.arrays import Floats, Ints
from company.calendar import DAY
from company.diary.pen import Pen, some
from company.rows import Rows, rows

DUE_DAYS = 14.0
"""Time until an invoice is due."""
REMINDED_DAYS = 3.0
"""How late a payment is when we note that it is."""
_MINUTES = 1440.0


def payments(pen: Pen) -> list[Rows]:
    """Invoices and payments; who does less and is less close to us pays later."""
    week, account = np.nonzero(pen.weeks.billed)
    sent = pen.at(week, pen.traits.term_day[account])
    amount = amounts(pen, week, account)
    matter = pen.matter("invoice", week, account)

    def row(kind: str, time: Ints, minutes: float | None = None) -> Rows:
        columns: dict[str, Floats] = {}
        if minutes is not None:
            columns["minutes"] = np.full(len(week), minutes)
        return rows(kind, week, account, time, matter=matter, value=amount, **columns)

    failed = pen.weeks.failed[week, account]
    late = np.where(failed, 0.0, days_late(pen, week, account))
    in_time = DUE_DAYS * pen.rng.random(len(week))
    paid = pen.later(sent, np.where(late > 0, DUE_DAYS + late, in_time))
    reminder = sent + int((DUE_DAYS + REMINDED_DAYS) * DAY)
    return [
        row("invoice_sent", sent, DUE_DAYS * _MINUTES),
        some(row("payment", paid), ~failed),
        some(row("payment_failed", sent), failed),
        some(
            row("payment_late", reminder, REMINDED_DAYS * _MINUTES),
            late > REMINDED_DAYS,
        ),
        made_up_for(pen),
    ]


def amounts(pen: Pen, week: Ints, account: Ints) -> Floats:
    """What each invoice says: the part of the yearly value until the next one."""
    w = pen.weeks
    renewed = w.ends[week, account]
    worth = np.where(renewed, w.offer[week, account], w.worth[week, account])
    return np.round(worth * pen.traits.billing_weeks[account] / 52, 2)


def days_late(pen: Pen, week: Ints, account: Ints) -> Floats:
    """Days past due of each payment, 0 for most."""
    idle = 1 - pen.weeks.pulse[week, account]
    cool = np.clip(-pen.weeks.warmth[week, account], 0, 2)
    late = pen.rng.random(len(week)) < 0.05 + 0.3 * idle + 0.06 * cool
    days = pen.rng.exponential(5 + 15 * idle)
    return np.where(late, days, 0.0)


def made_up_for(pen: Pen) -> Rows:
    """Payments that had failed and came after all."""
    week, account, time = pen.when(pen.weeks.recovered)
    billed = pen.weeks.owed_in[week, account]
    matter = pen.matter("invoice", billed, account)
    amount = amounts(pen, billed, account)
    return rows("payment", week, account, time, matter=matter, value=amount)
