"""As-of dates to train and to test on. Time only moves forward, and an embargo keeps labels from the future out.

A label of horizon h at an as-of date becomes known h days later, plus the delay of what leaving means. The labels of a
training set are those known at the test date, so the embargo before it is exactly as long as the labels need.
"""

from __future__ import annotations

from features.book import Book
from features.engine import MICROS_PER_DAY
from models.horizon import ALREADY_GONE, HORIZONS

STEP_DAYS = 30
"""Days between as-of dates."""
MOST_DATES = 12
"""The most as-of dates of a training set."""
WARM_UP_DAYS = 60
"""Days of history that an as-of date must have behind it."""
FOLDS = 3
"""Test dates of a walk-forward evaluation."""


def training_dates(book: Book, until: int) -> list[int]:
    """As-of dates before a moment, newest last, all in microseconds since 1970."""
    step = STEP_DAYS * MICROS_PER_DAY
    earliest = book.beginning + WARM_UP_DAYS * MICROS_PER_DAY
    return [date for date in range(until - MOST_DATES * step, until, step) if date >= earliest]


def fold_dates(book: Book, until: int, horizon: int, delay_days: int) -> list[int]:
    """Test dates whose outcome at a horizon is known at a moment, a step apart, newest last."""
    newest = until - (horizon + delay_days) * MICROS_PER_DAY
    return [date for date in training_dates(book, until) if date <= newest][-FOLDS:]


def horizons_of(book: Book) -> tuple[int, ...]:
    """The horizons that a book is predicted at: 0 as well where leaving is silence."""
    return HORIZONS if book.has("departures") else (ALREADY_GONE, *HORIZONS)
