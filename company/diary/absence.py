"""Absence: when accounts left and came back, and what they could not do in between."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags, Ints
from company.diary.pen import Pen


def returned(pen: Pen) -> tuple[Ints, Ints, Ints]:
    """Week, account and instant of every return: its first moment, before anything else in that week."""
    week, account = np.nonzero(pen.weeks.returns)
    return week, account, pen.at(week, np.zeros(len(week)))


def departed(pen: Pen) -> tuple[Ints, Ints, Ints]:
    """Week, account and instant of every departure."""
    week, account = np.nonzero(pen.weeks.leaves)
    return week, account, pen.at(week, pen.weeks.leave_day[week, account])


def away(pen: Pen, account: Ints, time: Ints) -> Flags:
    """Whether accounts were gone at given instants."""
    span = np.int64(1 << 40)
    seconds = time // 1_000_000
    _, left, left_at = departed(pen)
    _, back, back_at = returned(pen)
    if not len(left):
        return np.zeros(len(account), dtype=bool)
    goings = np.sort(left * span + left_at // 1_000_000)
    comings = np.sort(back * span + back_at // 1_000_000)
    moment = account * span + seconds
    gone = np.searchsorted(goings, moment, "right") - np.searchsorted(
        goings, account * span, "left"
    )
    came = np.searchsorted(comings, moment, "right") - np.searchsorted(
        comings, account * span, "left"
    )
    return np.asarray(gone > came)
