"""The coming quarter as it would be: accounts raise as much as in the last year, and it is dealt with as it was."""

from __future__ import annotations

import pandas as pd

from features.edits.doses import QUARTER_DAYS
from features.edits.records import Records
from features.edits.rows import new_matter, with_rows, without
from features.engine import MICROS_PER_DAY
from features.vocabulary.kinds import doing

OPENS, SETTLES = doing("opens", "fails"), doing("settles")
_QUARTER = QUARTER_DAYS * MICROS_PER_DAY
_QUARTERS = 4
"""Of a year: one matter of so many comes again, rounded, the latest first."""


def as_usual(records: Records, at: int) -> Records:
    """What was known, and the matters of a coming quarter: a quarter of those of the last year, spread evenly.

    Args:
        records: of some accounts.
        at: when the quarter begins, in microseconds since 1970.
    """
    rows = records.tables["interactions"]
    known = without(records, "interactions", rows["known_us"] > at)
    past = rows[(rows["known_us"] <= at) & rows["matter_id"].notna()]
    coming = _coming(opened(past), at)
    moved = past.merge(coming, on=["account_id", "matter_id"])
    later = moved["occurred_us"] - moved["opened"] + moved["begins"]
    again = moved.assign(
        occurred_us=later,
        known_us=later,
        matter_id=new_matter(records) + moved["place"],
    )
    return with_rows(known, "interactions", again[rows.columns])


def opened(rows: pd.DataFrame) -> pd.DataFrame:
    """When each matter of some interactions was opened: ``account_id``, ``matter_id``, ``opened``."""
    opening = rows[rows["kind"].isin(OPENS)]
    by_matter = opening.groupby(["account_id", "matter_id"], observed=True)
    return by_matter["occurred_us"].min().rename("opened").reset_index()


def _coming(matters: pd.DataFrame, at: int) -> pd.DataFrame:
    """The matters that come again, and when each ``begins``."""
    year = matters[matters["opened"] > at - _QUARTERS * _QUARTER]
    latest = year.sort_values("opened", ascending=False)
    by_account = latest.groupby("account_id", observed=True)
    count = (by_account["opened"].transform("size") + _QUARTERS // 2) // _QUARTERS
    turn = by_account.cumcount()
    begins = at + _QUARTER * (2 * turn + 1) // (2 * count).clip(lower=1)
    kept = latest.assign(begins=begins)[turn < count]
    return kept.assign(place=range(len(kept)))
