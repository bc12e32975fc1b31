"""What contracts bring a year, and which terms were renewed: sums of an account in a quarter.

A term brings its value from its beginning until its end, or the beginning of the next term where that comes within the
grace of a renewal. All of it is told as it is known at the report's date.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.engine import MICROS_PER_DAY
from features.past.measure import Measure, count, total
from features.past.terms import TERM
from features.timeline.expression import Expression, of
from pages.report.calendar_quarters import Quarter

OF_CONTRACTS = (
    *("under_contract", "recurring", "recurring_kept", "recurring_after"),
    *("expansion", "contraction", "due", "renewed"),
)
"""The sums that contracts tell."""


def revenue_measures(
    quarter: Quarter, until: int, grace_days: int
) -> dict[str, Measure]:
    """What is added up of the terms of each account.

    Args:
        quarter: which quarter.
        until: the moment at which they are looked at, in microseconds since 1970.
        grace_days: for so long after its end a term may be renewed.
    """
    followed = of.reaches_further & (of.gap <= grace_days)
    renewed = followed | of.goes_on
    due = (of.ends_us >= quarter.start) & (of.ends_us < quarter.end)
    told = renewed | (of.ends_us + grace_days * MICROS_PER_DAY <= until)
    return {
        "recurring": total(TERM, of.value, _brings(quarter.start, followed)),
        "recurring_at_end": total(TERM, of.value, _brings(quarter.end, followed)),
        "due": count(TERM, due & told),
        "renewed": count(TERM, due & renewed),
    }


def _brings(moment: int, followed: Expression) -> Expression:
    """Condition: the term brings its value just before a moment."""
    until = ~(of.ends_us < moment) | of.goes_on | (followed & (of.next_us >= moment))
    return (of.starts_us < moment) & until


def with_revenue(its: pd.DataFrame) -> pd.DataFrame:
    """The sums of a quarter with what became of the revenue that it began with, account by account."""
    before = its["recurring"] * its["at_start"]
    after = its["recurring_at_end"] * its["at_end"] * (before > 0)
    return its.assign(
        under_contract=(before > 0).astype(float),
        recurring=before,
        recurring_kept=np.minimum(before, after),
        recurring_after=after,
        expansion=(after - before).clip(lower=0.0),
        contraction=(before - after).clip(lower=0.0).where(after > 0, 0.0),
    )
