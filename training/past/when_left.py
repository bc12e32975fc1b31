"""When each account left after its as-of date, and who has left by a moment: what labels are read from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.book.book import Book
from features.calendar.presence import customers_sql
from features.engine import MICROS_PER_DAY
from training.past.leaving import QUIET_STRETCHES, Leaving


def has_left(book: Book, until: int, meaning: Leaving) -> pd.Series:
    """Whether each account has left, as far as is known at a moment: 1 has, 0 has not, by account.

    Whoever came back has not. In a book without departures an account has left that has been quiet for longer than the
    quiet period.
    """
    if meaning.quiet_days is None:
        now = f"(select {until} as as_of_us)"
        filled = _DEPARTED_NOW.format(
            until=until, customers=customers_sql(True, book.grace_days, now)
        )
    else:
        filled = _QUIET_NOW.format(
            until=until, quiet=meaning.quiet_days * MICROS_PER_DAY
        )
    return (
        book.connection.execute(filled)
        .df()
        .set_index("account_id")["has_left"]
        .astype(float)
    )


def already_left(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """Who had left by the as-of date already, as became known later: neither a leaver after it nor one who stays."""
    if meaning.quiet_days is not None:
        return pd.Series(False, index=cohort.index)
    moments = "(select distinct as_of_us from looked_at)"
    customers = customers_sql(True, book.grace_days, moments, until)
    return looked_up(
        book, cohort, _HAD_DEPARTED.format(until=until, customers=customers)
    ).notna()


def when_left(
    book: Book, cohort: pd.DataFrame, until: int, meaning: Leaving
) -> pd.Series:
    """When each account of the cohort left after its as-of date; infinite where it did not."""
    return (
        looked_up(book, cohort, moments_sql(until, meaning))
        .astype(float)
        .fillna(np.inf)
    )


def moments_sql(until: int, meaning: Leaving) -> str:
    """Query: when each row of ``looked_at`` left after its as-of date, and its departure or last sign of life."""
    if meaning.quiet_days is None:
        return _DEPARTED.format(until=until)
    return _FELL_SILENT.format(until=until, quiet=meaning.quiet_days * MICROS_PER_DAY)


def looked_up(
    book: Book, cohort: pd.DataFrame, query: str, column: str = "left_us"
) -> pd.Series:
    """What a query over ``looked_at`` gives of each row of the cohort, missing where it gives nothing."""
    pairs = cohort[["account_id", "as_of_us"]]
    book.connection.register("looked_at", pairs)
    found = book.connection.execute(query).df()
    book.connection.unregister("looked_at")
    return pairs.merge(found, on=["account_id", "as_of_us"], how="left")[
        column
    ].set_axis(cohort.index)


_DEPARTED = """
    select c.account_id, c.as_of_us, min(d.occurred_us) as left_us, left_us as last_us from looked_at as c
    join departures as d on d.account_id = c.account_id and d.occurred_us > c.as_of_us and d.known_us <= {until}
    group by c.account_id, c.as_of_us"""

_HAD_DEPARTED = """
    select c.account_id, c.as_of_us, max(d.occurred_us) as left_us from looked_at as c
    join departures as d on d.account_id = c.account_id
    and d.occurred_us <= c.as_of_us and d.known_us > c.as_of_us and d.known_us <= {until}
    where (c.account_id, c.as_of_us) not in ({customers})
    group by c.account_id, c.as_of_us"""

_DEPARTED_NOW = """
    select a.account_id, case when c.account_id is null then 1 else 0 end as has_left from accounts as a
    left join ({customers}) as c on c.account_id = a.account_id
    where a.opened_us <= {until} order by a.account_id"""

_QUIET_NOW = """
    select account_id, case when max(occurred_us) + {quiet} < {until} then 1 else 0 end as has_left
    from interactions where sign_of_life and known_us <= {until} group by account_id order by account_id"""

_FELL_SILENT = f"""
    select c.account_id, c.as_of_us, min(greatest(s.occurred_us, c.as_of_us)) as left_us,
        min(s.occurred_us) as last_us from looked_at as c
    join ({QUIET_STRETCHES}) as s
    on s.account_id = c.account_id and s.next_us - greatest(s.occurred_us, c.as_of_us) > {{quiet}}
    group by c.account_id, c.as_of_us"""
