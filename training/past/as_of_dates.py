"""As-of dates to train and to test on. Time only moves forward, and an embargo keeps labels from the future out.

A label of horizon h at an as-of date becomes known h days later, plus the delay of what leaving means. The labels of a
training set are those known at the test date, so the embargo before it is exactly as long as the labels need. Each
horizon learns from all dates whose outcome at it is known, however far back they lie.
"""

from __future__ import annotations

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from models.score.horizon import ALREADY_GONE, HORIZONS

STEP_DAYS = 30
"""Days between as-of dates."""
WARM_UP_DAYS = 60
"""Days of history that an as-of date must have behind it."""
MOST_FOLDS, FEWEST_FOLDS = 12, 3
"""Test dates of a walk-forward evaluation: a third of those there could be, between these bounds."""
EXAMS = 3
"""The most test dates of a choice that is made before the walk forward, see `training.fitting.exams`."""


def training_dates(book: Book, until: int) -> list[int]:
    """All as-of dates before a moment, newest last, in microseconds since 1970."""
    step = STEP_DAYS * MICROS_PER_DAY
    earliest = book.beginning + WARM_UP_DAYS * MICROS_PER_DAY
    return list(range(until - step, earliest - 1, -step))[::-1]


def fold_dates(book: Book, until: int, horizon: int, delay_days: int) -> list[int]:
    """The test dates of a walk forward, a step apart, newest last.

    Their outcome at the horizon is known at the moment. Two thirds of the dates are left to learn from, and to make
    choices on, before the first.
    """
    known = known_dates(book, until, horizon, delay_days)
    return known[-min(max(len(known) // 3, FEWEST_FOLDS), MOST_FOLDS) :]


def known_dates(book: Book, until: int, horizon: int, delay_days: int) -> list[int]:
    """The as-of dates whose outcome at a horizon is known at a moment, newest last."""
    newest = until - (horizon + delay_days) * MICROS_PER_DAY
    return [date for date in training_dates(book, until) if date <= newest]


def horizons_of(book: Book) -> tuple[int, ...]:
    """The horizons that a book is predicted at: 0 as well where leaving is silence."""
    return HORIZONS if book.has("departures") else (ALREADY_GONE, *HORIZONS)
