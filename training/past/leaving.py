"""What leaving means in a book: departures, or a quiet period where it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.book.book import Book
from features.calendar.presence import left_sql
from features.engine import MICROS_PER_DAY, single
from features.errors import BY_RULES, EvidenceError
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON

USUAL_GAPS = 0.95
"""The share of gaps between active days that a quiet period exceeds, unless it is given."""
REPORTED = 0.99
"""The share of departures that are known within the reporting delay."""


@dataclass(frozen=True)
class Leaving:
    """What leaving means in a book.

    Attributes:
        quiet_days: Q, the quiet period; None in a book with departures.
        delay_days: how long after a moment it can be known who had left by then: Q, or the reporting delay.
        came_back: share of the quiet stretches of Q days that ended with the account coming back; None with departures.
    """

    quiet_days: int | None
    delay_days: int
    came_back: float | None

    @property
    def judged_horizon(self) -> int:
        """The horizon, in days, at which models are judged: that of migration; 0 where leaving is silence."""
        return MIGRATION_HORIZON if self.quiet_days is None else ALREADY_GONE


def leaving(book: Book, until: int, quiet_days: int | None = None) -> Leaving:
    """What leaving means in a book, as far as was known at a moment.

    Args:
        book: an opened book.
        until: the moment, in microseconds since 1970.
        quiet_days: the quiet period, for books without departures; else the book's own, else the 95th percentile of
            the gaps between active days.
    """
    if book.has("departures"):
        return Leaving(None, _reporting_delay(book, until), None)
    quiet = quiet_days or book.quiet_days or _usual_gap(book, until)
    return Leaving(quiet, quiet, _came_back(book, until, quiet))


QUIET_STRETCHES = """
    select account_id, occurred_us, next_us from (
        select account_id, occurred_us,
            coalesce(lead(occurred_us) over (partition by account_id order by occurred_us), {until} + 1) as next_us
        from interactions where sign_of_life and known_us <= {until}) as signs
    where next_us - occurred_us > {quiet}"""
"""Query: signs of life that more than ``quiet`` microseconds without another follow, known by ``until``.

Only these signs matter to who leaves, and few are; a stretch may have begun before an as-of date.
"""

_GAPS = f"""
    select day - lag(day) over (partition by account_id order by day) as gap from (
        select distinct account_id, occurred_us // {MICROS_PER_DAY} as day from interactions
        where sign_of_life and known_us <= {{until}}) as days"""


def _usual_gap(book: Book, until: int) -> int:
    query = f"select quantile_cont(gap, {USUAL_GAPS}) from ({_GAPS.format(until=until)}) where gap is not null"
    gap = single(book.connection, query)
    if gap is None:
        raise EvidenceError(
            found="no account with two active days",
            expected="gaps between active days, to tell how long a quiet period is",
            mend=f"give it with --quiet or as quiet_days in book.toml; or {BY_RULES}",
        )
    return max(int(np.ceil(gap)), 1)


def _came_back(book: Book, until: int, quiet: int) -> float | None:
    stretches = QUIET_STRETCHES.format(until=until, quiet=quiet * MICROS_PER_DAY)
    query = f"select avg(case when next_us <= {until} then 1e0 else 0e0 end) from ({stretches})"
    share = single(book.connection, query)
    return None if share is None else float(share)


def _reporting_delay(book: Book, until: int) -> int:
    left = left_sql(book.grace_days, until)
    query = f"select quantile_disc(known_us - occurred_us, {REPORTED}) from ({left}) as departures"
    delay = single(book.connection, query)
    return 0 if delay is None else int(np.ceil(delay / MICROS_PER_DAY))
