"""The cohort: the (account, as-of date) pairs that are looked at.

An account belongs to it from its opening until, as far as was known, it had left; a `return` brings it back. In a book
without departures nobody is known to have left, and an account belongs to it from its first sign of life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from features.book import Book
from features.engine import DUCKDB, Dialect
from features.indifference import SIGN_OF_LIFE
from features.kinds import KINDS

_RETURN = KINDS["return"].code


def choose_cohort(book: Book, as_ofs: Iterable[int]) -> None:
    """Makes the cohort of all accounts at the given as-of dates (microseconds since 1970) the one looked at."""
    book.connection.execute("create or replace temp table as_ofs (as_of_us bigint)")
    book.connection.execute("insert into as_ofs select distinct unnest($1::bigint[])", [list(as_ofs)])
    book.connection.execute(f"create or replace temp table chosen as {cohort_sql(book.has('departures'))}")


def cohort_sql(departures: bool, dialect: Dialect = DUCKDB) -> str:
    """The cohort at each moment ``as_of_us`` of the table ``as_ofs``, as ``pair``, ``account_id`` and ``as_of_us``.

    Args:
        departures: whether the book has any.
        dialect: of the engine.
    """
    return _numbered(_WITH_DEPARTURES if departures else _SILENT, dialect)


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


_SILENT = f"""
    select a.account_id, d.as_of_us from as_ofs as d join accounts as a on a.opened_us <= d.as_of_us
    join (select account_id, min(known_us) as heard_us from interactions where {SIGN_OF_LIFE} group by account_id) as h
    on h.account_id = a.account_id and h.heard_us <= d.as_of_us"""

_LATEST = """(select r.account_id, d.as_of_us, max(r.occurred_us) as latest_us
    from as_ofs as d join {table} as r on r.known_us <= d.as_of_us where {where} group by r.account_id, d.as_of_us)"""

_WITH_DEPARTURES = f"""
    select a.account_id, d.as_of_us from as_ofs as d join accounts as a on a.opened_us <= d.as_of_us
    left join {_LATEST.format(table="departures", where="true")} as gone
    on gone.account_id = a.account_id and gone.as_of_us = d.as_of_us
    left join {_LATEST.format(table="interactions", where=f"kind_code = {_RETURN}")} as back
    on back.account_id = a.account_id and back.as_of_us = d.as_of_us
    where gone.latest_us is null or back.latest_us >= gone.latest_us"""
