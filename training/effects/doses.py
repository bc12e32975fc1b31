"""What followed what was done: the scores after each quarter of the past, by what was done in it."""

from __future__ import annotations

import pandas as pd

from features.edits.doses import QUARTER_DAYS, doses_of_chosen
from features.engine import MICROS_PER_DAY
from features.snapshot.cohort import cohort_at
from features.snapshot.frame import KEYS, snapshot_of_pairs
from features.themes.dictionary import with_parts
from models.effects.doses import AXES, DoseEffects, effects_of
from training.past.observed import Observed

_LEVELS = tuple(f"{axis}_level" for axis in AXES)
_LAST = tuple(f"{axis}_last" for axis in AXES)
_AGES = tuple(f"days_since_{axis}_score" for axis in AXES)
_READ = ("quadrant", *_LEVELS, *_LAST, *_AGES)
_QUARTER = QUARTER_DAYS * MICROS_PER_DAY
_STEP = 30 * MICROS_PER_DAY
"""Between the ends of the quarters that are looked at; they overlap, and the errors are those of accounts."""


def dose_effects(observed: Observed) -> DoseEffects:
    """What each dose did to the scores on either axis, as far as is known."""
    return effects_of(quarters(observed))


def quarters(observed: Observed) -> pd.DataFrame:
    """The quarters of the past, by account.

    Returns:
        ``account_id``, ``as_of_us`` (the end of the quarter), ``quadrant`` and the levels at its beginning, `DOSES`
        in it, and the last score on each axis within the quarter after it, missing where there was none.
    """
    book = observed.book
    newest, oldest = observed.until - _QUARTER, book.beginning + 2 * _QUARTER
    ends = list(range(newest, oldest - 1, -_STEP))
    pairs = cohort_at(book, ends)
    found = pairs.join(doses_of_chosen(book), on=list(KEYS))
    before = _measured(observed, pairs, -_QUARTER)
    after = _measured(observed, pairs, _QUARTER)
    found[["quadrant", *_LEVELS]] = before[["quadrant", *_LEVELS]]
    for axis, last, age in zip(AXES, _LAST, _AGES, strict=True):
        found[axis] = after[last].where(after[age] < QUARTER_DAYS)
    return found


def _measured(observed: Observed, pairs: pd.DataFrame, apart: int) -> pd.DataFrame:
    """What surveys had told of the accounts so long before or after, row by row."""
    keys = pairs.assign(as_of_us=pairs["as_of_us"] + apart)
    features = with_parts(_READ, observed.book.dictionary)
    measured = snapshot_of_pairs(observed.book, keys, features)
    placed = keys.merge(measured, on=list(KEYS), how="left")
    return placed[list(_READ)].set_axis(pairs.index)
