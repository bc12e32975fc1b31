"""The cohort: the (account, as-of date) pairs that are looked at.

An account belongs to it while, as far as was known, it was a customer, see `features.calendar.presence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import index

import pandas as pd

from features.book.book import Book
from features.calendar.presence import customers_sql


def choose_cohort(book: Book, as_ofs: Iterable[int]) -> None:
    """Makes the cohort of all accounts at the given as-of dates (microseconds since 1970) the one looked at."""
    book.connection.execute("create or replace temp table as_ofs (as_of_us bigint)")
    book.connection.execute(
        "insert into as_ofs select distinct unnest($1::bigint[])",
        [[index(as_of) for as_of in as_ofs]],
    )
    customers = customers_sql(book.has("departures"), book.grace_days)
    book.connection.execute(f"create or replace temp table chosen as {customers}")


def cohort_at(book: Book, as_ofs: Iterable[int]) -> pd.DataFrame:
    """The cohort of all accounts at the given as-of dates: ``account_id`` and ``as_of_us``, by date and account."""
    choose_cohort(book, as_ofs)
    query = "select account_id, as_of_us from chosen order by as_of_us, account_id"
    return book.connection.execute(query).df()


def choose_pairs(book: Book, pairs: pd.DataFrame) -> None:
    """Makes the given pairs, ``account_id`` and ``as_of_us``, the cohort looked at."""
    book.connection.register("pairs", pairs[["account_id", "as_of_us"]])
    known = "select a.account_id, p.as_of_us from pairs as p join accounts as a on a.account_id = p.account_id"
    book.connection.execute(f"create or replace temp table chosen as {known}")
    book.connection.unregister("pairs")
