"""The panel: the accounts at the as-of dates of a training, from which all that is learned and tested is taken.

A book of some hundred thousand rows is taken whole. Of a larger one a part is learned from: those rows first whose
account left soon after, since few do, and of the others those of some accounts, each row standing for several. So a
sum over the rows by their weight is what it would be over all of them, and a training costs what its bound allows.
Tests look at all accounts of a date, or at some drawn without regard to what they did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.snapshot.cohort import cohort_at
from features.snapshot.frame import KEYS, snapshot_of_pairs
from models.score.horizon import HORIZONS
from training.past.as_of_dates import STEP_DAYS, training_dates
from training.past.labels import departed
from training.past.observed import Observed
from training.past.renewals_due import renewals_due
from training.past.training_set import TrainingSet, with_outcomes

MOST_ROWS = 250_000
"""Rows that are learned from at the most: some hundred thousand fill the few leaves of each tree many times over."""
MOST_TESTED = 50_000
"""Accounts of a test date that are looked at, at the most."""
SOON_DAYS = HORIZONS[-1]
"""Who leaves within so many days is a leaver at some horizon."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bounds:
    """How much is looked at.

    Attributes:
        rows: that are learned from at the most.
        tested: accounts of a test date at the most.
    """

    rows: int = MOST_ROWS
    tested: int = MOST_TESTED


@dataclass(frozen=True)
class Panel:
    """Snapshots of accounts at as-of dates.

    Attributes:
        frame: the snapshots, see `features.snapshot.frame`.
        weight: for how many rows of the book each stands in what is learned; 0 where it is tested only.
        tested: whether each is of a test.
        due: whether each is looked at because a renewal was due, see `training.past.renewals_due`.
    """

    frame: pd.DataFrame
    weight: Floats
    tested: npt.NDArray[np.bool_]
    due: npt.NDArray[np.bool_]

    def before(self, dates: Collection[int]) -> tuple[pd.DataFrame, pd.Series]:
        """The snapshots at some dates that are learned from, those due between them among them, and their weights."""
        as_of = self.frame["as_of_us"]
        within = as_of.between(min(dates, default=0), max(dates, default=0))
        learned = as_of.isin(dates) | (within & self.due)
        rows = np.flatnonzero(learned.to_numpy() & (self.weight > 0))
        frame = self.frame.iloc[rows].reset_index(drop=True)
        return frame, pd.Series(self.weight[rows])

    def at(self, date: int) -> pd.DataFrame:
        """The snapshots of a test date."""
        of_date = (self.frame["as_of_us"] == date).to_numpy()
        rows = np.flatnonzero(of_date & self.tested)
        return self.frame.iloc[rows].reset_index(drop=True)


def make_panel(
    observed: Observed,
    learned: Collection[int],
    tested: Collection[int],
    bounds: Bounds = Bounds(),
) -> Panel:
    """Takes the snapshots of a training.

    Args:
        observed: a book until a moment; leavers are those that are known to have left by then.
        learned: as-of dates that are learned from, in microseconds since 1970.
        tested: test dates.
        bounds: how much is looked at.
    """
    cohort = _with_due(
        observed.book, cohort_at(observed.book, {*learned, *tested}), learned
    )
    place, keys = _places(cohort["account_id"]), list(KEYS)
    due = cohort["due"].to_numpy(dtype=bool)
    stands_for = _weights(observed, cohort, place, bounds.rows)
    weight = np.where(cohort["as_of_us"].isin(learned) | due, stands_for, 0.0)
    looked_at = _looked_at(cohort["as_of_us"], place, tested, bounds.tested)
    kept = (weight > 0) | looked_at
    chosen = cohort[kept].reset_index(drop=True)
    frame = _measured(observed.book, chosen)
    assert frame[keys].equals(chosen[keys])
    return Panel(frame, weight[kept], looked_at[kept], due[kept])


def _measured(book: Book, pairs: pd.DataFrame) -> pd.DataFrame:
    """The snapshots of pairs in order: together those whose dates are whole steps apart, as their windows meet."""
    phase = pairs["as_of_us"] % (STEP_DAYS * MICROS_PER_DAY)
    parts = [snapshot_of_pairs(book, some) for _, some in pairs.groupby(phase)]
    if not parts:
        return snapshot_of_pairs(book, pairs)
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["as_of_us", "account_id"], ignore_index=True)


def _with_due(
    book: Book, cohort: pd.DataFrame, learned: Collection[int]
) -> pd.DataFrame:
    """The cohort with the pairs at which a renewal was ``due``, which may be of it already."""
    due = renewals_due(book, learned).assign(due=True)
    both = cohort.merge(due, on=list(KEYS), how="outer")
    together = both.sort_values(["as_of_us", "account_id"], ignore_index=True)
    return together.assign(due=together["due"].notna())


def panel_at(then: Observed) -> Panel:
    """The panel of one test date, that until which the book is observed, with all that is learned from at it."""
    return make_panel(then, training_dates(then.book, then.until), [then.until])


def split_at(
    then: Observed, panel: Panel, until: int, horizons: Sequence[int]
) -> tuple[TrainingSet, TrainingSet]:
    """What was known at a test date, with its outcomes; and the cohort of the date, with what happened to it since.

    Args:
        then: a book until the test date.
        panel: with the test date, and the training dates before it; others are passed over.
        until: what happened is what was known at this moment, in microseconds since 1970.
        horizons: in days.
    """
    before, weight = panel.before(training_dates(then.book, then.until))
    known = with_outcomes(then, before, horizons, weight).known()
    return known, with_outcomes(then.followed(until), panel.at(then.until), horizons)


def _places(accounts: pd.Series) -> Floats:
    """A number from 0 to 1 for each account, always the same one, by which it is drawn."""
    codes, names = pd.factorize(accounts)
    hashes = pd.util.hash_array(np.asarray(names, dtype=object))
    return (hashes / np.float64(2**64))[codes]


def _looked_at(
    as_of: pd.Series, place: Floats, tested: Collection[int], most: int
) -> npt.NDArray[np.bool_]:
    """Which rows are tested: at test dates those of the accounts that are drawn, of the largest date so many."""
    largest = as_of.value_counts().max() if len(as_of) else 0
    drawn = place * largest < most
    return as_of.isin(tested).to_numpy() & drawn


def _weights(
    observed: Observed, cohort: pd.DataFrame, place: Floats, most: int
) -> Floats:
    """For how many rows each stands: half of the bound is for those who left soon, the rest for all others."""
    if len(cohort) <= most:
        return np.ones(len(cohort))
    left_us = departed(observed, cohort)
    after = left_us - cohort["as_of_us"]
    soon = (after <= SOON_DAYS * MICROS_PER_DAY).to_numpy()
    leavers, others = soon.sum(), (~soon).sum()
    of_leavers = min(1.0, most / 2 / max(leavers, 1))
    rest = most - of_leavers * leavers
    of_others = min(1.0, rest / max(others, 1))
    share = np.where(soon, of_leavers, of_others)
    return np.where(place < share, 1.0 / share, 0.0)
