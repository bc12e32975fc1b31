"""Exposure: the accounts that past events met, and those at the same dates that none met."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.book.book import Book
from features.edits.kinds import Kind
from features.engine import MICROS_PER_DAY
from features.snapshot.cohort import choose_pairs, cohort_at
from features.snapshot.frame import KEYS
from training.past.observed import Observed

FOLLOWED_DAYS = 180
"""For so long after an event accounts are followed; and so far apart from any event are those they are set beside."""
CONTROLS = 10_000
"""Accounts beside those met are drawn where there are more, all dates together."""


def exposed(observed: Observed, kind: Kind, days_before: int = 0) -> pd.DataFrame:
    """The accounts that past events of a kind met, and others at the same dates.

    They are looked at just before the event, so that nothing of it is known yet.

    Args:
        observed: a book until a moment; events with less than a day to follow are passed over.
        kind: of event.
        days_before: look so long before each event.

    Returns:
        ``account_id``, ``as_of_us``, ``share``, ``event`` (its place among the past events) and ``met``: whether the
        event met the account; the others were met by no event of the kind within `FOLLOWED_DAYS` before or after.
    """
    book, events = observed.book, _events(observed, kind, days_before)
    pairs = _looked_at(book, kind, events)
    choose_pairs(book, pairs)
    held = kind.held_of_chosen(book).merge(pairs, on=list(KEYS))
    rows = held.merge(events, on="as_of_us", suffixes=("", "_struck"))
    rows["met"] = rows["holder"] == rows["holder_struck"]
    apart = rows["drawn"] & ~rows["met"] & ~_near_another(rows)
    kept = rows[rows["met"] | apart].reset_index(drop=True)
    return kept[["account_id", "as_of_us", "share", "event", "met"]]


def _events(observed: Observed, kind: Kind, days_before: int) -> pd.DataFrame:
    happened = kind.happened(observed.book)
    as_of = happened["at_us"].astype("int64") - 1 - days_before * MICROS_PER_DAY
    known = happened.assign(as_of_us=as_of, event=np.arange(len(happened)))
    latest = observed.until - (observed.meaning.delay_days + 1) * MICROS_PER_DAY
    begun = known["as_of_us"] > observed.book.beginning
    return known[begun & (known["as_of_us"] <= latest)].drop(columns="at_us")


def _looked_at(book: Book, kind: Kind, events: pd.DataFrame) -> pd.DataFrame:
    """Of the cohort just before each event those that it may have met, and others; ``drawn``, by the hash, tells."""
    cohort = cohort_at(book, events["as_of_us"].unique())
    account, date = (pd.util.hash_array(cohort[key].to_numpy(object)) for key in KEYS)
    cohort["drawn"] = (account ^ date) / float(2**64) * len(cohort) < CONTROLS
    may_be_met = kind.ever_held(book).merge(events, on="holder")[list(KEYS)]
    met = may_be_met.merge(cohort, on=list(KEYS))
    return pd.concat([cohort[cohort["drawn"]], met]).drop_duplicates(list(KEYS))


def _near_another(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows are of accounts that an event met within the days before or after the row's date."""
    met = rows.loc[rows["met"], list(KEYS)].rename(columns={"as_of_us": "met_us"})
    place = rows[list(KEYS)].assign(place=np.arange(len(rows)))
    both = place.merge(met, on="account_id")
    near = (both["as_of_us"] - both["met_us"]).abs() <= FOLLOWED_DAYS * MICROS_PER_DAY
    return np.isin(np.arange(len(rows)), both.loc[near, "place"])
