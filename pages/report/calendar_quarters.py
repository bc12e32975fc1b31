"""Calendar quarters, and which of them a book covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from features.book.book import Book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import EvidenceError

QUARTERS = 8
"""How many quarters a report goes back."""
REACH_DAYS = 14
"""A quarter is covered where the book has interactions in its first and in its last days, so many of them."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, in UTC.

    Example:
        >>> str(Quarter(2026, 4)), Quarter(2026, 4).title, str(Quarter(2026, 4).next)
        ('2026-Q4', 'Q4 2026', '2027-Q1')
    """

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def title(self) -> str:
        """As people read it."""
        return f"Q{self.number} {self.year}"

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def start(self) -> int:
        """Its first instant, in microseconds since 1970."""
        return instant(date(self.year, 3 * self.number - 2, 1))

    @property
    def end(self) -> int:
        """The first instant after it."""
        return self.next.start


def covered_quarters(book: Book, until: int) -> tuple[Quarter, ...]:
    """The last full quarters that the book covers, as far as is known at a moment (microseconds since 1970).

    Raises:
        EvidenceError: it covers none.
    """
    reach = f"{REACH_DAYS * MICROS_PER_DAY}"
    query = f"""
        select distinct year(moment), quarter(moment) from (
            select occurred_us, make_timestamp(occurred_us) as moment from interactions where known_us <= {until}) as i
        group by all having
            min(occurred_us) - epoch_us(min(date_trunc('quarter', moment))) < {reach}
            and epoch_us(min(date_trunc('quarter', moment)) + interval 3 month) - max(occurred_us) <= {reach}"""
    covered = sorted(
        Quarter(year, number)
        for year, number in book.connection.execute(query).fetchall()
    )
    full = [quarter for quarter in covered if quarter.end <= until]
    if not full:
        raise EvidenceError(
            where=f"as-of date {day_of(until)}",
            found="no full quarter on record",
            expected=f"interactions from the first to the last {REACH_DAYS} days of a calendar quarter before it",
            mend="add more history, or give a later date",
        )
    return tuple(full[-QUARTERS:])
