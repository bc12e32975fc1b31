"""The end of the data: where activity ends, told by the body of the rows and not by the largest date.

The day by which three quarters of the activity is in belongs to the data, and the end moves on to a later day where the
week up to it brings at least a third of what these weekdays brought in the half-year before the end. In a quiet book
the week is as long as `ACCOUNTS` accounts usually take, and no day counts for more than an active day usually has.

What is dated after the end was planned, mistyped, or is left of a feed that has stopped (docs/adr/0016). Activity is
counted in accounts heard of a day, so that neither an import nor one busy account tells the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BODY = 0.75
"""The share of the activity that is data whatever comes after."""
FEWEST = 1 / 3
"""The share of the usual activity below which the end does not move on."""
REACH_DAYS = 182
"""How far back from the end it is told what is usual."""
WEEK = 7
ACCOUNTS = 20
"""In a quiet book more days than a week are looked at, as many as so many accounts usually take."""

Counts = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]


def last_day(days: Sequence[int], accounts: Sequence[int]) -> int:
    """The last day of the data.

    Args:
        days: those with any activity, in days since 1970, ascending.
        accounts: how many accounts were heard of on each.

    Example:
        >>> last_day([1, 2, 3, 4, 5, 6, 7, 30, 35_000], [9, 8, 9, 9, 8, 9, 9, 1, 1])
        7
    """
    moments = np.asarray(days, dtype=np.int64)
    counts = np.asarray(accounts, dtype=np.float64)
    so_far = np.cumsum(counts)
    body = BODY * so_far[-1]
    end = int(np.searchsorted(so_far, body))
    while (later := _next(moments, counts, end)) is not None:
        end = later
    return int(moments[end])


def _next(days: Days, counts: Counts, end: int) -> int | None:
    """The place of the first later day up to which there is enough; None where there is none."""
    last = days[end]
    first = max(days[0], last - REACH_DAYS + 1)
    start = int(np.searchsorted(days, first))
    usual = slice(start, end + 1)
    busy = np.median(counts[usual])
    counts = np.minimum(counts, busy)
    week = _usual_week(days[usual], counts[usual], first)

    later = days[end + 1 :]
    since = np.maximum(later - _days_looked_at(week), last)
    brought = _brought(later, counts[end + 1 :], since)
    expected = _expected(later - last, week) - _expected(since - last, week)
    enough = brought >= FEWEST * expected
    if not enough.any():
        return None
    return end + 1 + int(np.argmax(enough))


def _days_looked_at(week: Counts) -> int:
    """A week, or in a quiet book as many days as `ACCOUNTS` accounts usually take."""
    weeks = ACCOUNTS / week.sum()
    return max(WEEK, int(np.ceil(weeks * WEEK)))


def _brought(days: Days, counts: Counts, since: Days) -> Counts:
    """What was found after a day and up to each of some days."""
    so_far = _sums_before(counts)
    places = np.searchsorted(days, since, side="right")
    brought: Counts = so_far[1:] - so_far[places]
    return brought


def _usual_week(days: Days, counts: Counts, first: np.int64) -> Counts:
    """What each day of a week usually brings, the first being that after the last day given, shape (7,)."""
    last = days[-1]
    weeks = (last - first + 1) / WEEK
    weekday = (days - last - 1) % WEEK
    week: Counts = np.bincount(weekday, counts, minlength=WEEK) / weeks
    return week


def _expected(ahead: Days, week: Counts) -> Counts:
    """What would usually be found up to each of some days after the end."""
    whole, rest = np.divmod(ahead, WEEK)
    expected: Counts = whole * week.sum() + _sums_before(week)[rest]
    return expected


def _sums_before(counts: Counts) -> Counts:
    """The sum before each number, and of all of them."""
    return np.concatenate([[0.0], np.cumsum(counts)])
