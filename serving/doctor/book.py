"""The book: whether it opens, how much of it is set aside, and how old it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from features.book.book import open_book
from features.calendar.freshness import ages
from features.engine import day_of, instant
from serving.doctor.check import Check, warned


def book(folder: Path, today: date, max_bad_share: float) -> Iterator[Check]:
    """What is found of a book.

    Raises:
        BookError: it does not open.
        QuarantineError: too many of its rows are bad.
    """
    with open_book(folder, max_bad_share=max_bad_share) as opened:
        rows = ", ".join(f"{name} {n:,}" for name, n in sorted(opened.rows.items()))
        yield Check("book", f"opens: {rows}")
        yield _set_aside(len(opened.quarantine), sum(opened.rows.values()))
        yield from _warnings(opened.warnings)
        end = opened.end
        if day_of(end) > today:
            mend = "correct the clock, or say last_day in book.toml"
            yield warned(
                "book: end", f"its data end on {day_of(end)}, after today", mend
            )
        for age in ages(opened.recorded, instant(today)):
            if age.binding and age.stale:
                mend = "see whether its export runs"
                yield warned(f"book: {age.table}", age.sentence, mend)


def _set_aside(bad: int, good: int) -> Check:
    said = f"{bad:,} of {good + bad:,} rows are set aside"
    if not bad:
        return Check("book: quarantine", said)
    return Check("book: quarantine", f"{said}; pinch check says which and why")


def _warnings(said: list[str]) -> Iterator[Check]:
    for sentence in said:
        yield warned("book: losses", sentence, "correct the export, or book.toml")
