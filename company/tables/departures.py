"""The table of departures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from company.arrays import Flags, Ints
from company.diary.absence import departed
from company.diary.pen import Pen
from company.knobs import CAUSES
from company.tables.columns import TIME, words


@dataclass(frozen=True)
class Departures:
    """The departures of a branch; one element each.

    Attributes:
        week, account: where each comes from.
        time: when the account left.
        known: when we noticed.
        unexplained: whether we never learned why.
    """

    week: Ints
    account: Ints
    time: Ints
    known: Ints
    unexplained: Flags


def noticed(pen: Pen) -> Departures:
    """Those who go without a word or notice are noticed a few days later, and their reason not always."""
    week, account, time = departed(pen)
    overt = pen.weeks.voiced[week, account]
    gave_notice = pen.traits.notice_weeks[account] > 0
    announced = overt | pen.weeks.going[week, account] & gave_notice
    draw = pen.rng.random((2, len(week)))
    delay = np.where(announced, 0, np.round(86_400 * 10 * draw[0])).astype(np.int64)
    paid = pen.weeks.cause[week, account] != CAUSES.index("payment")
    unexplained = paid & ~overt & (draw[1] < 0.1)
    return Departures(week, account, time, time + delay * 1_000_000, unexplained)


def departures_table(pen: Pen, left: Departures, ids: pa.Array) -> pa.Table:
    """The departures that were noticed before the data stops."""
    heard = left.known < pen.calendar.stop
    order = np.flatnonzero(heard)[np.argsort(left.time[heard], kind="stable")]
    cause = pen.weeks.cause[left.week, left.account]
    return pa.table(
        {
            "account_id": ids.take(pa.array(left.account)),
            "occurred_at": pa.array(left.time, TIME),
            "known_at": pa.array(left.known, TIME),
            "reason": words(cause, CAUSES, left.unexplained),
            "overt": pa.array(pen.weeks.voiced[left.week, left.account]),
        }
    ).take(pa.array(order))
