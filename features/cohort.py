"""The cohort: the (account, as-of date) pairs that are looked at.

An account belongs to it while, as far as was known, it was a customer, see `features.presence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from features.book import Book
from features.engine import DUCKDB, Dialect
from features.presence import customers_sql


def choose_cohort(book: Book, as_ofs: Iterable[int]) -> None:
    """Makes the cohort of all accounts at the given as-of dates (microseconds since 1970) the one looked at."""
    book.connection.execute("create or replace temp table as_ofs (as_of_us bigint)")
    book.connection.execute("insert into as_ofs select distinct unnest($1::bigint[])", [list(as_ofs)])
    book.connection.execute(
        f"create or replace temp table chosen as {cohort_sql(book.has('departures'), book.grace_days)}"
    )


def cohort_sql(departures: bool, grace_days: int, dialect: Dialect = DUCKDB) -> str:
    """The cohort at each moment ``as_of_us`` of the table ``as_ofs``, as ``pair``, ``account_id`` and ``as_of_us``.

    Args:
        departures: whether the book has any.
        grace_days: see `features.presence.customers_sql`.
        dialect: of the engine.
    """
    return _numbered(customers_sql(departures, grace_days), dialect)


def choose_pairs(book: Book, pairs: pd.DataFrame) -> None:
    """Makes the given pairs, ``account_id`` and ``as_of_us``, the cohort looked at."""
    book.connection.register("pairs", pairs[["account_id", "as_of_us"]])
    known = "select a.account_id, p.as_of_us from pairs as p join accounts as a on a.account_id = p.account_id"
    book.connection.execute(f"create or replace temp table chosen as {_numbered(known, DUCKDB)}")
    book.connection.unregister("pairs")


def batches(book: Book, size: int) -> Iterator[None]:
    """Makes so many of the as-of dates looked at the ``cohort`` at a time, from the first to the last."""
    query = "select distinct as_of_us from chosen order by as_of_us"
    as_ofs = [as_of for (as_of,) in book.connection.execute(query).fetchall()]
    for start in range(0, max(len(as_ofs), 1), size):
        among = ", ".join(str(as_of) for as_of in as_ofs[start : start + size]) or "null"
        book.connection.execute(
            f"create or replace temp table cohort as select * from chosen where as_of_us in ({among})"
        )
        yield


def _numbered(pairs: str, dialect: Dialect) -> str:
    return f"select {dialect.pair} as pair, account_id, as_of_us from ({pairs})"
