"""Erased accounts: rows that no opening of a book reads, as the keyed hash of their account is among its tombstones.

The rows go before any of them is looked at: they are neither good nor bad. The others keep the numbers that they have
in their files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from features.cleaning.rows import ROW_OF_SOURCE
from features.cleaning.values import text_sql
from features.engine import DUCKDB, Dialect, single
from features.sources.queries import query_error
from features.sources.tombstones import Tombstones, read_tombstones
from features.vocabulary.contract import TABLES

_IDS = ("account_id", "from_id", "into_id")

NAMING: Mapping[str, tuple[str, ...]] = {
    name: named
    for name, table in TABLES.items()
    if (named := tuple(c.name for c in table.columns if c.name in _IDS))
}
"""The columns that name an account, by table."""


def leave_out(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sources: Mapping[str, str | None],
) -> dict[str, int]:
    """Has the raw tables of a book hold no row of an erased account.

    Args:
        connection: has the views ``raw_{table}``; those that held such rows are ``whole_{table}`` afterwards.
        folder: the book's.
        sources: the tables, each with the query that makes it, if one does. Of the others the rows are numbered.

    Returns:
        How many rows were left out, by table, those that had any.

    Raises:
        BookError: the tombstones have no key, or a table cannot be read.
    """
    tombstones = read_tombstones(folder)
    if tombstones is None:
        return {}
    naming = {table: _naming(connection, table) for table in sources}
    ids = _erased(connection, sources, naming, tombstones)
    if not ids:
        return {}
    found = {}
    for table, query in sources.items():
        rows = _rows_of(connection, table, query, naming[table], ids)
        if rows:
            _view_others(connection, table, query is None, naming[table], ids)
            found[table] = rows
    return found


def ids_sql(relation: str, columns: Iterable[str], dialect: Dialect = DUCKDB) -> str:
    """SQL giving the ids of accounts that the rows of a raw table name, as they are read."""
    return "\nunion\n".join(
        f"select {_id(column, dialect)} as id from {relation} as raw"
        for column in columns
    )


def named_sql(
    columns: Iterable[str], ids: Iterable[str], dialect: Dialect = DUCKDB
) -> str:
    """SQL telling whether a raw row names one of some accounts."""
    values = ", ".join(map(dialect.literal, sorted(ids)))
    named = [
        f"coalesce({_id(column, dialect)} in ({values}), false)" for column in columns
    ]
    return f"({' or '.join(named)})"


def others_sql(
    relation: str,
    present: Iterable[str],
    columns: Iterable[str],
    ids: Iterable[str],
    numbered: bool,
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL giving the rows of a raw table that name none of some accounts.

    Args:
        relation: the table.
        present: its columns.
        columns: those that name an account.
        ids: of the accounts.
        numbered: whether rows have the numbers that they have in the table.
        dialect: of the engine.
    """
    number = f", {dialect.row} as {ROW_OF_SOURCE}"
    has_number = ROW_OF_SOURCE in present or not numbered
    rows = f"(select *{'' if has_number else number} from {relation})"
    return f"select * from {rows} as raw where not {named_sql(columns, ids, dialect)}"


def _id(column: str, dialect: Dialect) -> str:
    return text_sql(f"raw.{column}", dialect)


def _naming(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns that there are that name an account."""
    described = connection.execute(f"describe raw_{table}").fetchall()
    present = [str(row[0]) for row in described]
    return [name for name in NAMING.get(table, ()) if name in present]


def _erased(
    connection: duckdb.DuckDBPyConnection,
    sources: Mapping[str, str | None],
    naming: Mapping[str, Iterable[str]],
    tombstones: Tombstones,
) -> frozenset[str]:
    """The ids in the tables that are erased."""
    seen: set[str] = set()
    for table, query in sources.items():
        if naming[table]:
            asked = ids_sql(f"raw_{table}", naming[table])
            try:
                rows = connection.execute(asked).fetchall()
            except duckdb.Error as error:
                raise query_error(connection, table, error, query) from None
            seen.update(str(id_) for (id_,) in rows if id_ is not None)
    return tombstones.among(seen)


def _rows_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    query: str | None,
    columns: Iterable[str],
    ids: Iterable[str],
) -> int:
    if not columns:
        return 0
    counted = f"select count(*) from raw_{table} as raw where {named_sql(columns, ids)}"
    try:
        return int(single(connection, counted))
    except duckdb.Error as error:
        raise query_error(connection, table, error, query) from None


def _view_others(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    numbered: bool,
    columns: Iterable[str],
    ids: Iterable[str],
) -> None:
    whole = f"whole_{table}"
    described = connection.execute(f"describe raw_{table}").fetchall()
    present = [str(row[0]) for row in described]
    others = others_sql(whole, present, columns, ids, numbered)
    connection.execute(f"alter view raw_{table} rename to {whole}")
    connection.execute(f"create view raw_{table} as {others}")
