"""The table of planned events: what was arranged with accounts, and called off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from company.arrays import Flags, Ints
from company.diary.absence import away
from company.diary.pen import Pen
from company.tables.columns import TIME, names, words

KINDS = ("renewal_call", "meeting")
RENEWAL_CALL, MEETING = range(len(KINDS))
CALL_BEFORE, CALL_PLANNED_BEFORE = 6, 10
"""Weeks before the end of a term in which its renewal is talked about, and in which that is arranged."""
MEETING_EVERY, MEETING_AHEAD = 13, 4
"""Weeks from one meeting to the next with those that matter most, and from its arrangement to it."""
MOST_WEEKS = 1000
"""More than the records of any company have."""


def scheduled_table(pen: Pen, ids: pa.Array) -> pa.Table:
    """All that was planned, or called off, before the data stops; the holdout is left alone."""
    met = pen.traits.held & ~pen.traits.holdout
    calls = np.nonzero(pen.weeks.present & met & calls_planned(pen))
    meetings = np.nonzero(pen.weeks.present & met & meetings_planned(pen))
    week = np.concatenate([calls[0], meetings[0]])
    account = np.concatenate([calls[1], meetings[1]])
    kind = np.repeat((RENEWAL_CALL, MEETING), (len(calls[0]), len(meetings[0])))
    ahead = np.where(kind == MEETING, MEETING_AHEAD, CALL_PLANNED_BEFORE - CALL_BEFORE)
    planned = pen.at(week, pen.business_days(len(week)))
    called_off = pen.at(week + ahead - 1, pen.business_days(len(week)))
    off = calls_off(pen, week + ahead - 1, account)
    at = pen.at(week + ahead, pen.business_days(len(week)))
    row = np.concatenate([np.arange(len(week)), np.flatnonzero(off)])
    known = np.concatenate([planned, called_off[off]])
    happens = (known < pen.calendar.stop) & ~away(pen, account[row], known)
    cancelled = np.arange(len(row)) >= len(week)
    order = np.flatnonzero(happens)[np.argsort(known[happens], kind="stable")]
    number = (pen.first_account + account) * MOST_WEEKS + week
    return pa.table(
        {
            "account_id": ids.take(pa.array(account[row])),
            "scheduled_id": names("E", (number * len(KINDS) + kind)[row], 0),
            "scheduled_at": pa.array(at[row], TIME),
            "known_at": pa.array(known, TIME),
            "kind": words(kind[row], KINDS),
            "cancelled": pa.array(cancelled),
        }
    ).take(pa.array(order))


def calls_planned(pen: Pen) -> Flags:
    """Weeks in which a call about a renewal is arranged."""
    week = np.arange(len(pen.weeks.term_end))[:, None]
    return np.asarray(pen.weeks.term_end - week == CALL_PLANNED_BEFORE)


def meetings_planned(pen: Pen) -> Flags:
    """Weeks in which the next regular meeting is arranged, with accounts of the upper tiers."""
    week = np.arange(len(pen.weeks.present))[:, None]
    regular = (week + pen.traits.survey_week) % MEETING_EVERY == 0
    return np.asarray(regular & (pen.traits.tier <= 1))


def calls_off(pen: Pen, week: Ints, account: Ints) -> Flags:
    """Whether an account calls off what was planned: more often where it has gone quiet."""
    lived = np.minimum(week, len(pen.weeks.pulse) - 1)
    idle = 1 - pen.weeks.pulse[lived, account]
    return np.asarray(pen.rng.random(len(week)) < 0.06 + 0.5 * idle)
