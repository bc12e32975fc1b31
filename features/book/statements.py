"""The statements of a book by name, each as a script that DuckDB runs as it stands.

A script makes a view of every relation that its query reads, down to the files of the book. Without a book the raw
tables, ``raw_accounts`` and so on, are taken to be there, with the columns of the contract as texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from features.book.book import Book
from features.book.facts import labels_sql
from features.book.raw import columns_of
from features.calendar.merges import FOLLOWED, followed_sql, merged_sql
from features.calendar.presence import (
    RETURN_GRACE_DAYS,
    customers_sql,
    left_sql,
    seen_again_sql,
)
from features.cleaning.normalised import clean_columns, normalised_sql
from features.cleaning.repeats import copies_of_table, id_of, placed_sql, tally_sql
from features.cleaning.rows import typed_sql
from features.engine import indented, instant, listed
from features.errors import BookError
from features.sources.tables import at_home
from features.vocabulary.contract import OF_ACCOUNTS, TABLES

NOTHING = "(select 1 as nothing where false)"
"""What is read of a table that a book does not have."""


@dataclass(frozen=True)
class Statement:
    """A query, and what it reads.

    Attributes:
        about: what it gives, in a sentence.
        sql: the query.
        reads: the statements whose rows it reads, each as a relation of its name.
    """

    about: str
    sql: str
    reads: tuple[str, ...] = ()


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


_SIGNED_ABOUT = "When accounts signed: none here, as contracts are read in features/calendar/renewals.py."
_SIGNED = """\
select
    cast(null as varchar) as account_id,
    cast(null as bigint) as occurred_us,
    cast(null as bigint) as known_us,
    cast(null as bigint) as undoes_us
where false"""


def statements(given: Given) -> dict[str, Statement]:
    """Every statement of the book by its name: what it rests on before it."""
    made = {
        name: Statement(f"The view {name} of book.toml.", query)
        for name, query in given.views.items()
    }
    for table in TABLES:
        if table in given.raw:
            about = f"The table {table} as its files hold it."
            made[f"raw_{table}"] = Statement(about, given.raw[table], (*given.views,))
        made[f"typed_{table}"] = _typed(given, table)
        made[table] = _clean(given, table)
    if given.labels:
        made["labels"] = Statement(
            "What lists show of the accounts.",
            labels_sql("raw_accounts", given.labels),
            ("raw_accounts", "accounts"),
        )
    made["merged"] = Statement(
        "Which accounts the rows of merged ids count for, and since when.",
        merged_sql(),
        ("merges", "accounts"),
    )
    made["signed"] = Statement(_SIGNED_ABOUT, _SIGNED)
    dated = ("accounts", "merged", "interactions", "departures", "signed")
    made["as_ofs"] = Statement(
        "The as-of dates that are looked at.", f"select {given.as_of} as as_of_us"
    )
    made["cohort"] = Statement(
        "Who is a customer at each as-of date, as far as was known by then.",
        customers_sql(given.departures, given.grace_days),
        ("as_ofs", *dated),
    )
    made["times_left"] = Statement(
        "Each time an account left.", left_sql(given.grace_days, given.as_of), dated
    )
    made["seen_again"] = Statement(
        "The accounts that a sign of life alone brought back.",
        seen_again_sql(given.grace_days),
        dated,
    )
    return made


def _typed(given: Given, table: str) -> Statement:
    present = given.columns.get(table, {})
    raw = f"raw_{table}" if table in given.columns else NOTHING
    facts = given.facts if table == "accounts" else {}
    reads = [raw] if table in given.raw else []
    if table in OF_ACCOUNTS:
        reads.append("accounts")
    if table in FOLLOWED:
        reads.append("merged")
    return Statement(
        f"The table {table} in the contract's types, each row with its first problem.",
        typed_sql(table, raw, present, facts),
        tuple(reads),
    )


def _clean(given: Given, table: str) -> Statement:
    facts = list(given.facts) if table == "accounts" else []
    columns = clean_columns(table, facts)
    rows = normalised_sql(table, f"typed_{table}", facts, numbered=True)
    placed = placed_sql(table, rows, columns, given.copies.get(table, 1))
    sql = f"""\
select
    {listed(columns, 4)}
from (
    {indented(placed, 4)}
) as placed
where repeated is null"""
    about = f"The good rows of {table} in one form, without repeats."
    if table not in FOLLOWED or not given.merged:
        return Statement(about, sql, (f"typed_{table}",))
    own = f"with own as (\n    {indented(sql, 4)}\n)"
    followed = f"{own}\n{followed_sql('own', columns)}"
    return Statement(about, followed, (f"typed_{table}", "merged", "accounts"))
