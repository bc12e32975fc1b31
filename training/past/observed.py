"""A book as it was observed until a moment: who has left and who stays is told from what was known by then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from features.book.book import Book
from features.calendar.freshness import require_begun
from training.past.leaving import Leaving, leaving


@dataclass(frozen=True)
class Observed:
    """A book observed until a moment; what became known later is censored.

    Attributes:
        book: an opened book.
        until: the moment, in microseconds since 1970.
        meaning: what leaving means.
    """

    book: Book
    until: int
    meaning: Leaving

    def at(self, moment: int) -> Observed:
        """As observed at another moment, with what leaving meant then; the quiet period stays the same."""
        if moment == self.until:
            return self
        return observe(self.book, moment, self.meaning.quiet_days)

    def followed(self, until: int) -> Observed:
        """Followed up to a later moment, leaving meaning what it means now."""
        return replace(self, until=until)


def observe(
    book: Book, until: int | None = None, quiet_days: int | None = None
) -> Observed:
    """A book as observed until a moment.

    Args:
        book: an opened book.
        until: the moment, in microseconds since 1970; the book's watermark where left out.
        quiet_days: the quiet period, for books without departures, see `training.past.leaving.leaving`.

    Raises:
        EvidenceError: the book begins only later, or nothing was known by then that tells how long a quiet period is.
    """
    if until is None:
        until = book.watermark
    else:
        require_begun(book.beginning, until)
    return Observed(book, until, leaving(book, until, quiet_days))
