"""Tables of SQLite databases, as tables of texts: DuckDB would fetch an extension for them from the internet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa

from features.engine import DUCKDB
from features.errors import BookError

_AT_ONCE = 100_000
"""Rows of a batch, of which one at a time is held here."""


def load_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: Path,
    place: str,
    table: str,
) -> None:
    """Makes a table of a SQLite database one of the connection's, every value as the text that a CSV file would hold.

    Args:
        connection: where to make it.
        name: what to call it.
        file: the database.
        place: of what reads it in ``book.toml``, for errors.
        table: its name, or a view's, in the database.

    Raises:
        BookError: it is no such database, or has no such table.
    """
    address = f"{file.resolve().as_uri()}?mode=ro"
    try:
        with closing(
            sqlite3.connect(address, uri=True, check_same_thread=False)
        ) as database:
            rows = _rows(database, file, place, table)
            connection.register("rows_of_sqlite", rows)
            connection.execute(
                f'create temp table "{name}" as select * from rows_of_sqlite'
            )
            connection.unregister("rows_of_sqlite")
    except sqlite3.DatabaseError:
        raise BookError(
            where=f"book.toml, {place}, {file.name}",
            found="no SQLite database that can be read",
            expected="a file that SQLite wrote, and nobody has locked",
            mend="export it anew, or write the table out as CSV",
        ) from None


def _rows(
    database: sqlite3.Connection, file: Path, place: str, table: str
) -> pa.RecordBatchReader:
    query = "select name from sqlite_master where type in ('table', 'view')"
    there = [name for (name,) in database.execute(query)]
    if table not in there:
        raise BookError(
            where=f"book.toml, {place}, {file.name}",
            found=f"no table {table}",
            expected=f"one of {', '.join(there) or 'none, as it is empty'}",
            mend="correct the name",
        )
    cursor = database.execute(f"select * from {DUCKDB.quoted(table)}")
    names = [column[0] for column in cursor.description]
    schema = pa.schema([(column, pa.string()) for column in names])
    return pa.RecordBatchReader.from_batches(schema, _batches(cursor, schema))


def _batches(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(_AT_ONCE):
        columns = [
            pa.array([_text(value) for value in column], pa.string())
            for column in zip(*rows, strict=True)
        ]
        yield pa.record_batch(columns, schema=schema)


def _text(value: object) -> str | None:
    """A value as a text: bytes in hexadecimal, numbers in the fewest digits that are exact."""
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else str(value)
