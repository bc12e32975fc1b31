"""When each account left after its as-of date, and who has left by a moment: what labels are read from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.calendar.presence import customers_sql
from training.past.label_statements import (
    departed_now_sql,
    had_departed_sql,
    left_moments_sql,
    merged_moments_sql,
    quiet_now_sql,
)
from training.past.observed import Observed


def has_left(observed: Observed) -> pd.Series:
    """Whether each account has left by the end of what is observed: 1 has, 0 has not, by account.

    Whoever came back has not. In a book without departures an account has left that has been quiet for longer than the
    quiet period.
    """
    book, until, quiet_days = observed.book, observed.until, observed.meaning.quiet_days
    if quiet_days is None:
        now = f"(select {until} as as_of_us)"
        customers = customers_sql(True, book.grace_days, now)
        query = departed_now_sql(until, customers)
    else:
        query = quiet_now_sql(until, quiet_days)
    accounts = book.connection.execute(query).df().set_index("account_id")
    return accounts["has_left"].astype(float)


def already_left(observed: Observed, cohort: pd.DataFrame) -> pd.Series:
    """Who had left by the as-of date already, as became known later: neither a leaver after it nor one who stays."""
    if observed.meaning.quiet_days is not None:
        return pd.Series(False, index=cohort.index)
    moments = "(select distinct as_of_us from looked_at)"
    grace_days, until = observed.book.grace_days, observed.until
    customers = customers_sql(True, grace_days, moments, until)
    query = had_departed_sql(until, customers)
    return looked_up(observed, cohort, query).notna()


def when_left(observed: Observed, cohort: pd.DataFrame) -> pd.Series:
    """When each account of the cohort left after its as-of date; infinite where it did not."""
    query = left_moments_sql(observed.until, observed.meaning.quiet_days)
    return looked_up(observed, cohort, query).astype(float).fillna(np.inf)


def followed_until(observed: Observed, cohort: pd.DataFrame) -> pd.Series:
    """Until when it is known of each account what it did: until it was merged into another, or to the end."""
    query = merged_moments_sql(observed.until)
    merged_us = looked_up(observed, cohort, query, "merged_us")
    return merged_us.fillna(observed.until)


def looked_up(
    observed: Observed, cohort: pd.DataFrame, query: str, column: str = "left_us"
) -> pd.Series:
    """What a query over ``looked_at`` gives of each row of the cohort, missing where it gives nothing."""
    pairs = cohort[["account_id", "as_of_us"]]
    connection = observed.book.connection
    connection.register("looked_at", pairs)
    found = connection.execute(query).df()
    connection.unregister("looked_at")
    told = pairs.merge(found, on=["account_id", "as_of_us"], how="left")
    return told[column].set_axis(cohort.index)
