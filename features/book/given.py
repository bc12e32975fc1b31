"""What of a book its statements depend on: see `features.book.statements`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from features.book.book import Book
from features.book.raw import columns_of
from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.renewals import RENEWAL_GRACE_DAYS
from features.cleaning.normalised import clean_columns, normalised_sql
from features.cleaning.repeats import copies_of_table, id_of, tally_sql
from features.engine import instant
from features.errors import BookError
from features.sources.tables import at_home
from features.vocabulary.contract import TABLES


@dataclass(frozen=True)
class Given:
    """What of a book its statements depend on.

    Attributes:
        columns: of each raw table that there is, each with its SQL type.
        as_of: the as-of date of the cohort, in microseconds since 1970.
        raw: the query that reads each raw table; none where they are taken to be there.
        views: the queries of ``book.toml`` that those read, by name, each after those that it reads.
        facts: of the accounts, each ``"number"`` or ``"text"``.
        labels: columns of accounts by label, where they are no table of their own.
        copies: how many times over a table is there, where it is more than once.
        merged: whether any id was merged into an account.
        departures: whether there are any.
        grace_days: signs of life later than so long after a departure are a return.
        contracts: whether there are any.
        renewal_grace_days: for so long after its end a term of a contract may be renewed.
        end: of the data, in microseconds since 1970; what lapsed is told as far as it was known then.
    """

    columns: Mapping[str, Mapping[str, str]]
    as_of: int
    raw: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, int] = field(default_factory=dict)
    merged: bool = False
    departures: bool = True
    grace_days: int = RETURN_GRACE_DAYS
    contracts: bool = True
    renewal_grace_days: int = RENEWAL_GRACE_DAYS
    end: int = 0


CONTRACT = Given(
    columns={
        name: {column.name: "VARCHAR" for column in table.columns}
        for name, table in TABLES.items()
    },
    as_of=instant(date(2026, 1, 1)),
)
"""Of no book: every column of the contract is there, as a text."""


def given_of(book: Book) -> Given:
    """What of an opened book its statements depend on.

    Raises:
        BookError: a table is read of a workbook or a SQLite database, which DuckDB does not read by itself.
    """
    raw = {table: _raw(book, table) for table in TABLES if table in book.rows}
    with at_home(book.home):
        columns = {table: columns_of(book.connection, table) for table in raw}
    return Given(
        columns=columns,
        as_of=book.watermark,
        raw=raw,
        views=_views(book),
        facts=book.account_facts,
        labels={} if "labels" in raw else book.labels,
        copies={table: _copies(book, table) for table in raw},
        merged=book.merged.ids > 0,
        departures=book.has("departures"),
        grace_days=book.grace_days,
        contracts=book.has("contracts"),
        renewal_grace_days=book.renewal_grace_days,
        end=book.end,
    )


def _raw(book: Book, table: str) -> str:
    """The query that reads a raw table, as DuckDB keeps it."""
    ((view,),) = book.ask(
        f"select sql from duckdb_views() where view_name = 'raw_{table}'"
    )
    return _query_of(table, str(view))


def _views(book: Book) -> dict[str, str]:
    """The queries of the views of ``book.toml`` by name, in its order."""
    made = book.ask(
        r"""select view_name, sql from duckdb_views()
        where not internal and not regexp_matches(view_name, '^(raw|typed)_')
        order by view_oid"""
    )
    return {name: _query_of(name, view) for name, view in made}


def _query_of(name: str, view: str) -> str:
    """The query of a statement that makes a view."""
    if f"loaded_{name}_" in view:
        raise BookError(
            where=f"table {name}",
            found="a workbook or a SQLite database, which DuckDB does not read by itself",
            expected="Parquet, CSV or JSON lines",
            mend="save it in one of these forms",
        )
    return view.split(" AS ", 1)[1].strip().rstrip(";")


def _copies(book: Book, table: str) -> int:
    facts = list(book.account_facts) if table == "accounts" else []
    rows = normalised_sql(table, f"typed_{table}", facts, numbered=True)
    columns = clean_columns(table, facts)
    tally = book.ask_files(tally_sql(table, f"({rows})", columns, id_of(table)))
    return copies_of_table(tally)
