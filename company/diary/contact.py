"""Contact: what both sides say unasked."""

from __future__ import annotations

import numpy as np

from company.diary.pen import Pen, some
from company.rows import Rows, rows


def contact(pen: Pen) -> list[Rows]:
    """What both sides say unasked."""
    w = pen.weeks
    week, account = np.nonzero(w.outreach)
    sent = pen.at(week, pen.business_days(len(week)))
    outreach = rows(
        "outreach",
        week,
        account,
        sent,
        channel=pen.choose((2, 3), week),
        minutes=pen.minutes(week, 8),
    )
    replied = w.reply[week, account]
    hours = np.exp(2.5 - 0.5 * w.warmth[week, account] + 0.8 * pen.normal(week))
    reply = rows(
        "reply",
        week,
        account,
        pen.later(sent, hours / 24),
        channel=outreach.channel,
        sentiment=pen.tone(week, account),
    )
    parts = [outreach, some(reply, replied)]
    for kind, happened in (
        ("surprise", w.surprise),
        ("compliment", w.compliment),
        ("referral", w.referral),
        ("unmet_request", w.unmet),
    ):
        week, account, time = pen.when(happened)
        parts.append(
            rows(kind, week, account, time, channel=pen.choose((1, 2, 3), week))
        )
    parts[3].sentiment[:] = np.clip(
        0.5 + 0.4 * pen.tone(parts[3].week, parts[3].account), -1, 1
    )
    week, account, time = pen.when(w.handover)
    return [*parts, rows("handover", week, account, time)]
