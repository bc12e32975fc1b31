"""All of the diary: every interaction of a branch, in order of time."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags, select
from company.calendar import DAY
from company.diary.absence import away, returned
from company.diary.contact import contact
from company.diary.matters import matters
from company.diary.payments import payments
from company.diary.pen import Pen
from company.diary.promises import promises
from company.diary.routine import routine
from company.rows import KIND_NUMBER, NONE, Rows, join, rows
from features.vocabulary.kinds import OF_PAYMENTS

STAND_IN = 0.12
"""Share of contacts that another rep than the account's own takes."""


def interactions(pen: Pen) -> Rows:
    """All interactions, in order of time, without those after a departure or after the data stops."""
    parts = [
        *routine(pen),
        *contact(pen),
        *matters(pen),
        *promises(pen),
        *payments(pen),
        *surveys(pen),
        *returns(pen),
    ]
    written = join(parts)
    written = select(written, np.flatnonzero(happened(pen, written)))
    name_reps(pen, written)
    return select(written, np.argsort(written.time, kind="stable"))


def surveys(pen: Pen) -> list[Rows]:
    """Surveys as we sent them; the answers are rows of another table."""
    week, account = np.nonzero(pen.weeks.asked | pen.weeks.asked_after)
    return [
        rows(
            "survey_sent",
            week,
            account,
            pen.at(week, np.full(len(week), 1.4)),
            channel=np.full(len(week), 3),
        )
    ]


def returns(pen: Pen) -> list[Rows]:
    """Accounts that came back after having left."""
    week, account, time = returned(pen)
    return [rows("return", week, account, time, channel=pen.choose((0, 1, 2), week))]


def happened(pen: Pen, written: Rows) -> Flags:
    """Which rows took place: before the data stops, and not while the account was gone."""
    gone = away(pen, written.account, written.time)
    return (written.time < pen.calendar.stop) & ~gone


def name_reps(pen: Pen, written: Rows) -> None:
    """Fills in who of us took part; sometimes a colleague stands in, and our shop and site have nobody."""
    desks = pen.weeks.rep_generation.shape[1]
    own = pen.traits.desk[written.account]
    stands_in = pen.rng.random(len(own)) < STAND_IN
    desk = np.where(stands_in, pen.rng.integers(0, desks, len(own)), own)
    last = len(pen.weeks.rep_generation) - 1
    week = np.clip((written.time - pen.calendar.start) // (7 * DAY), 0, last)
    written.rep[:] = pen.weeks.rep_generation[week, desk] * desks + desk
    handed = written.kind == KIND_NUMBER["handover"]
    written.rep[handed] = (pen.weeks.rep_generation[week, own] * desks + own)[handed]
    of_payments = np.isin(written.kind, [KIND_NUMBER[kind] for kind in OF_PAYMENTS])
    unmanned = (written.channel >= 4) | (written.channel == 1) | of_payments
    written.rep[unmanned & ~handed] = NONE
