"""Exams: what models learn from and are judged on, at one date of a simulated company or a public book."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from company import write_sample
from features.book.book import Book, open_book
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import EvidenceError
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from training.past.as_of_dates import fold_dates
from training.past.leaving import leaving
from training.past.observed import observe
from training.past.panel import panel_at, split_at
from training.past.training_set import TrainingSet

ROOT = Path(__file__).parents[2]
COMPANY = "The simulated company"


@dataclass(frozen=True)
class Example:
    """A public book, and when it is judged, as in the README."""

    title: str
    as_of: date
    quiet_days: int


EXAMPLES: Mapping[str, Example] = {
    "cdnow": Example("CDNOW", date(1998, 1, 1), 180),
    "online_retail_2009_2010": Example("Online Retail", date(2010, 9, 1), 90),
}
"""Public books by the name of their folder in ``examples``."""


@dataclass(frozen=True)
class Exam:
    """What the models learn from and are judged on, at one date of one book.

    Attributes:
        group: the title under which it is reported; exams of one group are averaged.
        as_of: the test date, in microseconds since 1970.
        horizon: of defection, in days.
        past: snapshots before the date, with the outcomes known by then.
        now: the snapshot at the date, of those whose outcome became known.
        delay_days: how long labels take to become known after their horizon.
    """

    group: str
    as_of: int
    horizon: int
    past: TrainingSet
    now: TrainingSet
    delay_days: int


def company_exam(accounts: int, months: int, seed: int) -> Exam:
    """The exam of a simulated company, at the last date that has known outcomes.

    Raises:
        EvidenceError: the history is too short for any.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), accounts, months, seed)
        with open_book(folder) as book:
            return take(book, COMPANY, last_known_date(book), MIGRATION_HORIZON)


def example_exam(name: str) -> Exam:
    """The exam of a public book: who had left already, without anybody knowing."""
    example = EXAMPLES[name]
    title, as_of = example.title, instant(example.as_of)
    with open_book(ROOT / "examples" / name) as book:
        return take(book, title, as_of, ALREADY_GONE, example.quiet_days)


def last_known_date(book: Book) -> int:
    """The last test date whose outcomes at the migration horizon are known, with the delay as it was known then.

    Raises:
        EvidenceError: there is none.
    """
    for moment in reversed(fold_dates(book, book.watermark, MIGRATION_HORIZON, 0)):
        needed = MIGRATION_HORIZON + leaving(book, moment).delay_days
        if moment + needed * MICROS_PER_DAY <= book.watermark:
            return moment
    raise EvidenceError(
        found=f"a history from {day_of(book.beginning)} to {day_of(book.watermark)}",
        expected=f"one with outcomes known at {MIGRATION_HORIZON} days",
        mend="ask for more months",
    )


def take(
    book: Book, group: str, as_of: int, horizon: int, quiet_days: int | None = None
) -> Exam:
    """The exam of a book: snapshots and outcomes, taken once for all variants.

    Args:
        book: an opened book.
        group: the title under which it is reported.
        as_of: the test date, in microseconds since 1970.
        horizon: of defection, in days.
        quiet_days: the quiet period, for books without departures.
    """
    then = observe(book, as_of, quiet_days)
    past, now = split_at(then, panel_at(then), book.watermark, [horizon])
    return Exam(group, as_of, horizon, past, now.known(), past.delay_days)


def has_data(name: str) -> bool:
    """Whether the data of a public book are in the folder that PINCH_DATA names."""
    folder = os.environ.get("PINCH_DATA")
    return bool(folder) and (Path(str(folder)) / name / "transactions.parquet").exists()


def told_skipped(name: str) -> str:
    """The sentence that says that a public book is skipped."""
    return f"{EXAMPLES[name].title} is skipped: no {name}/transactions.parquet in the folder that PINCH_DATA names."
