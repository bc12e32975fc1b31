"""Exposure: the accounts that past events met, and those at the same dates that none met."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.edits.kinds import Kind
from features.engine import MICROS_PER_DAY
from training.past.observed import Observed

FOLLOWED_DAYS = 180
"""For so long after an event accounts are followed; and so far apart from any event are those they are set beside."""
CONTROLS = 20_000
"""Accounts that no event met are drawn where there are more, all dates together."""


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
    events = _events(observed, kind, days_before)
    held = kind.held(observed.book, events["as_of_us"].unique())
    rows = held.merge(events, on="as_of_us", suffixes=("", "_struck"))
    rows["met"] = rows["holder"] == rows["holder_struck"]
    rows["apart"] = ~_near_another(rows)
    kept = rows[rows["met"] | rows["apart"]]
    return _drawn(kept)[["account_id", "as_of_us", "share", "event", "met"]]


def _events(observed: Observed, kind: Kind, days_before: int) -> pd.DataFrame:
    happened = kind.happened(observed.book)
    as_of = happened["at_us"].astype("int64") - 1 - days_before * MICROS_PER_DAY
    known = happened.assign(as_of_us=as_of, event=np.arange(len(happened)))
    latest = observed.until - (observed.meaning.delay_days + 1) * MICROS_PER_DAY
    begun = known["as_of_us"] > observed.book.beginning
    return known[begun & (known["as_of_us"] <= latest)].drop(columns="at_us")


def _near_another(rows: pd.DataFrame) -> pd.Series:
    """Which rows are of accounts that an event met within the days before or after the row's date."""
    met = rows.loc[rows["met"], ["account_id", "as_of_us"]]
    times = met.groupby("account_id")["as_of_us"].agg(list).to_dict()
    near = FOLLOWED_DAYS * MICROS_PER_DAY
    return pd.Series(
        [
            any(abs(when - as_of) <= near for when in times.get(account, ()))
            for account, as_of in zip(rows["account_id"], rows["as_of_us"], strict=True)
        ],
        index=rows.index,
    )


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """All that were met, and of the others so many, drawn by the hash of account and date."""
    others = int((~rows["met"]).sum())
    hashes = pd.util.hash_pandas_object(rows[["account_id", "as_of_us"]], index=False)
    drawn = hashes / float(2**64) * others < CONTROLS
    return rows[rows["met"] | drawn].reset_index(drop=True)
