"""Renewals due: as-of dates so many days before the end of a term, as it was known then (docs/adr/0033).

They are learned from beside the dates that are a step apart, as the weeks before a renewal are when some leave. Tests
look at dates a step apart alone, so that what is reported is of all accounts of a date. Since measuring costs as much
as there are dates, they are brought to a grid.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from features.book.book import Book
from features.calendar.presence import customers_sql
from features.engine import MICROS_PER_DAY, indented

DUE_DAYS = (90, 60, 30, 14)
"""Days before the end of a term."""
GRID_DAYS = 10
"""Days between the dates that are looked at: a renewal is looked at on the last of them that is not after it is due."""


def renewals_due(book: Book, dates: Collection[int]) -> pd.DataFrame:
    """The customers whose renewal was due, as was known at the date.

    Args:
        book: an opened book.
        dates: as-of dates that are learned from; renewals are due between the first and the last of them.

    Returns:
        ``account_id`` and ``as_of_us``, each pair once.
    """
    first, last = min(dates, default=0), max(dates, default=0)
    grid = GRID_DAYS * MICROS_PER_DAY
    customers = customers_sql(
        book.has("departures"), book.grace_days, "(select distinct as_of_us from due)"
    )
    query = f"""\
with due as (
    select distinct
        account_id,
        due_us - (due_us - {first}) % {grid} as as_of_us
    from (
        select
            *,
            ends_us - unnest({list(DUE_DAYS)}) * {MICROS_PER_DAY} as due_us
        from terms_known
    ) as due_dates
    where starts_us <= as_of_us
        and known_us <= as_of_us
        and (changed_us is null or changed_us > as_of_us)
        and due_us >= {first}
        and as_of_us <= {last}
)
select due.account_id, due.as_of_us
from due
join (
    {indented(customers, 4)}
) as customers
    on customers.account_id = due.account_id and customers.as_of_us = due.as_of_us"""
    return book.connection.execute(query).df()
