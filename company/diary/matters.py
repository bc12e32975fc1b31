"""Matters: what accounts raise or we get wrong, and what is done about it."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags, Floats, Ints
from company.diary.pen import MATTER_KINDS, Pen, some
from company.rows import Rows, rows


def matters(pen: Pen) -> list[Rows]:
    """Questions, requests, complaints and failures, each with what was done about it."""
    parts: list[Rows] = []
    for kind in MATTER_KINDS[:4]:
        week, account, opened = pen.when(getattr(pen.weeks, kind))
        matter = pen.matter(kind, week, account)
        said = pen.tone(week, account) - (0.5 if kind == "complaint" else 0.0)
        sentiment = (
            np.full(len(week), np.nan) if kind == "failure" else np.clip(said, -1, 1)
        )
        opening = rows(
            kind,
            week,
            account,
            opened,
            channel=pen.choose((1, 2, 3), week),
            matter=matter,
            sentiment=sentiment,
        )
        parts += [opening, *handling(pen, kind, opening)]
    return parts


def handling(pen: Pen, kind: str, opening: Rows) -> list[Rows]:
    """What is done about matters: answers, holds, transfers, apologies, resolutions, and what is reopened."""
    week = opening.week
    account = opening.account
    matter = opening.matter
    opened = opening.time
    w, draw = pen.weeks, pen.rng.random((6, len(week)))
    days = w.resolution_days[week, account]
    answered = pen.later(
        opened, np.minimum(w.answer_hours[week, account] / 24, 0.9 * days)
    )
    resolved = pen.later(opened, days)
    between = pen.later(opened, days * (0.3 + 0.6 * draw[0]))
    solved = w.solved[week, account]
    declined = (kind == "request") & (draw[1] < 0.15)
    again = solved & (draw[2] < 0.07)
    reopened = pen.later(resolved, 1 + 9 * draw[3])

    def row(name: str, time: Ints, happened: Flags, **columns: Floats) -> Rows:
        return some(
            rows(
                name,
                week,
                account,
                time,
                channel=opening.channel,
                matter=matter,
                **columns,
            ),
            happened,
        )

    return [
        row("answer", answered, (days > 0.5) & (draw[5] < 0.8)),
        row(
            "hold",
            opened,
            (opening.channel == 2) & (draw[4] < 0.5),
            minutes=pen.minutes(week, 6),
        ),
        row("transfer", between, (days > 2) & (draw[4] > 0.8)),
        row(
            "apology",
            between,
            w.apology[week, account] & (kind in ("complaint", "failure")),
        ),
        row("request_declined", answered, declined),
        row("option_offered", between, declined & (draw[5] < 0.5)),
        row("resolution", resolved, solved),
        row("reopen", reopened, again, sentiment=pen.tone(week, account)),
        row("resolution", pen.later(reopened, days), again & (draw[5] < 0.85)),
    ]
