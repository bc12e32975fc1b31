"""Routine: signs of life, and what follows from purchases."""

from __future__ import annotations

import numpy as np

from company.calendar import DAY
from company.diary.pen import Pen, some
from company.rows import Rows, rows


def routine(pen: Pen) -> list[Rows]:
    """Purchases, visits and uses; the fading use fewer channels, for less time, and buy less (S32)."""
    week, account = np.nonzero(pen.weeks.routine)
    times = pen.weeks.routine[week, account]
    week, account = np.repeat(week, times), np.repeat(account, times)
    pulse, draw = pen.weeks.pulse[week, account], pen.rng.random((3, len(week)))
    shopper = pen.traits.shopper[account]
    bought, used = draw[0] < shopper, draw[0] > shopper + 0.3 * (1 - shopper)
    narrow = np.where(draw[1] < 0.35 + 0.5 * pulse, (draw[2] * 3).astype(np.int64), 0)
    time = pen.at(week, pen.business_days(len(week)))
    amount = np.round(
        pen.traits.amount[account]
        * (0.6 + 0.4 * pulse)
        * np.exp(0.5 * pen.normal(week)),
        2,
    )
    minutes = np.round(25 * pulse * np.exp(0.4 * pen.normal(week)), 1)
    visited = ~bought & ~used
    home = account % 3
    parts = [
        some(
            rows(
                "purchase",
                week,
                account,
                time,
                channel=(home + narrow) % 3,
                value=amount,
            ),
            bought,
        ),
        some(rows("visit", week, account, time, channel=(home + narrow) % 2), visited),
        some(
            rows(
                "use",
                week,
                account,
                time,
                channel=4 + (home + narrow) % 5,
                minutes=minutes,
            ),
            used,
        ),
    ]
    return parts + deliveries(pen, parts[0])


def deliveries(pen: Pen, bought: Rows) -> list[Rows]:
    """What follows some purchases: delivery on time or late, notice of a delay, goods sent back."""
    product = pen.weeks.product[bought.week, bought.account]
    draw = pen.rng.random((3, len(bought.week)))
    sent = draw[0] < 0.2
    late_days = np.where(
        draw[1] < 0.28 - 0.03 * product, pen.rng.exponential(3, len(product)), 0
    )
    arrived = bought.time + ((2 + late_days) * DAY).astype(np.int64)
    minutes = np.asarray(np.round(late_days * 1440))
    delivery = rows("delivery", bought.week, bought.account, arrived, minutes=minutes)
    warned = sent & (late_days > 1) & (draw[2] < 0.5)
    notice = rows("delay_notice", bought.week, bought.account, bought.time + DAY)
    back = draw[2] > 0.985 - 0.03 * np.clip(5.5 - product, 0, 3)
    returned = rows(
        "cancellation",
        bought.week,
        bought.account,
        bought.time + 5 * DAY,
        value=bought.value,
    )
    return [some(delivery, sent), some(notice, warned), some(returned, back)]
