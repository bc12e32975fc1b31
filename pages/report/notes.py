"""What a report leaves out, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from pages.report.calendar_quarters import REACH_DAYS, Quarter
from pages.report.quarterly_sums import YEAR_DAYS, departures_known

REPORTED = 0.99
"""The share of departures after whose reporting delay no more are expected."""


def notes(
    book: Book,
    quarters: Sequence[Quarter],
    until: int,
    recorded: Mapping[str, int],
    fact: str | None,
) -> Iterator[str]:
    """What a report leaves out, and why, in sentences.

    Args:
        book: an opened book.
        quarters: those of the report.
        until: what was known by then, in microseconds since 1970.
        recorded: as of `pages.report.quarterly_sums.recorded_since`.
        fact: whose values are the segments.
    """
    running = quarters[-1].next
    if running.start < until:
        yield f"{running.title} is left out: it is not over, or the book does not reach its end."
    yield from _of_departures(book, recorded)
    yield from _still_expected(book, quarters[-1], until)
    if "survey" not in recorded:
        yield "The book has no surveys: there are no quadrants and no migration."
    if "amount" not in recorded:
        yield "No purchase has an amount: spending and churn by revenue are not known."
    year = quarters[0].start - (YEAR_DAYS - REACH_DAYS) * MICROS_PER_DAY
    if "departure" in recorded and recorded.get("amount", 0) >= year:
        yield "Churn by revenue is known from the quarter that has a year of purchases before it."
    if fact is None:
        yield "There are no segments: the book has no market, and no other fact was chosen."


def _of_departures(book: Book, recorded: Mapping[str, int]) -> Iterator[str]:
    if "departure" in recorded:
        return
    if "reported" in recorded:
        yield (
            "Every departure is dated before the day its account opened, which is another time of that account: churn, "
            "retention and the reasons of leaving are not known."
        )
        return
    yield "The book has no departures: churn, retention and the reasons of leaving are not known."
    if book.has("departures"):
        yield "Some became known only after this date."
    else:
        yield "An account counts from its first sign of life on, and never as lost."


def _still_expected(book: Book, last: Quarter, until: int) -> Iterator[str]:
    """Whether departures of the last quarter may become known later, by how late others did."""
    late = departures_known(book, until)["late_us"].quantile(REPORTED)
    if last.end + late > until:
        days = f"{late / MICROS_PER_DAY:.0f} days late or more"
        yield f"Departures of {last.title} may still become known: one in a hundred is known {days}."
