"""What is known, and fitted, at an as-of date of a simulated company."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from company import Knobs, World, simulate, write_sample
from company.calendar import END
from features.book.book import Book, open_book
from features.engine import instant
from models.fitted.boosting import Setting
from models.score.horizon import HORIZONS, MIGRATION_HORIZON
from training.fitting.models import Models, fit_models
from training.past.leaving import Leaving
from training.past.observed import observe
from training.past.panel import panel_at, split_at
from training.past.training_set import TrainingSet

WEEKS_BEFORE_END = 28
"""The as-of date: whole weeks, as the oracle is exact then, and enough of them to see 180 days and late news."""


@dataclass(frozen=True)
class Firm:
    """A simulated company: its truth, and its book opened."""

    world: World
    book: Book


@dataclass(frozen=True)
class Known:
    """What is known, and fitted, at an as-of date.

    Attributes:
        past: snapshots before it, with the outcomes known by then.
        now: the snapshot at it, with what happened after it as far as the book tells.
        meaning: what leaving means, as known by then.
        models: fitted on the past.
    """

    past: TrainingSet
    now: TrainingSet
    meaning: Leaving
    models: Models


@contextmanager
def company_of(
    seed: int, accounts: int, months: int, knobs: Knobs = Knobs()
) -> Iterator[Firm]:
    """Simulates a company and opens its book, which is in a folder only for the while."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), accounts, months, seed, knobs=knobs)
        with open_book(folder) as book:
            yield Firm(simulate(accounts, months, seed, knobs=knobs), book)


def as_of_before(weeks: int) -> date:
    """The date so many weeks before the data stops."""
    return END - timedelta(weeks=weeks)


def learn(book: Book, as_of: date) -> Known:
    """Fits the models on what was known at an as-of date, as walk-forward evaluation does."""
    past, now, meaning = outcomes(book, as_of)
    return Known(past, now, meaning, fit_models(past, Setting(), {}))


def outcomes(book: Book, as_of: date) -> tuple[TrainingSet, TrainingSet, Leaving]:
    """The training set known at an as-of date; the cohort then with what happened after; what leaving means."""
    then = observe(book, instant(as_of))
    past, now = split_at(then, panel_at(then), book.watermark, HORIZONS)
    return past, now, then.meaning


def relearn(past: TrainingSet, now: TrainingSet, meaning: Leaving) -> Known:
    """Fits the models anew, at 90 days only."""
    past = replace(past, left=past.left[[MIGRATION_HORIZON]])
    return Known(past, now, meaning, fit_models(past, Setting(), {}))
