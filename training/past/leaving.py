"""What leaving means in a book: departures, or a quiet period where it has none.

Which departures count is in `features.calendar.presence`; who has left by a horizon in `training.past.labels`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.book.book import Book
from features.engine import MICROS_PER_DAY, single
from features.errors import BY_RULES, EvidenceError
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from training.past.label_statements import (
    came_back_sql,
    reporting_delay_sql,
    usual_gap_sql,
)


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


def _usual_gap(book: Book, until: int) -> int:
    gap = single(book.connection, usual_gap_sql(until))
    if gap is None:
        raise EvidenceError(
            found="no account with two active days",
            expected="gaps between active days, to tell how long a quiet period is",
            mend=f"give it with --quiet or as quiet_days in book.toml; or {BY_RULES}",
        )
    return max(int(np.ceil(gap)), 1)


def _came_back(book: Book, until: int, quiet: int) -> float | None:
    share = single(book.connection, came_back_sql(until, quiet))
    return None if share is None else float(share)


def _reporting_delay(book: Book, until: int) -> int:
    delay = single(book.connection, reporting_delay_sql(until, book.grace_days))
    return 0 if delay is None else int(np.ceil(delay / MICROS_PER_DAY))
