"""Raw tables as they are read: their columns, and what is wrong where one cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from features.memory import enough_memory
from features.sources.misnamed import require_columns
from features.sources.queries import query_error


def make(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    select: str,
    table: str,
    query: str | None,
) -> None:
    """Makes a table of a select that reads a raw one, which a query may make."""
    with explained(connection, table, query):
        connection.execute(f"create table {name} as {select}")


@contextmanager
def explained(
    connection: duckdb.DuckDBPyConnection, table: str, query: str | None
) -> Iterator[None]:
    """Tells what is wrong where a raw table, which a query may make, cannot be read."""
    try:
        with enough_memory(connection):
            yield
    except duckdb.Error as error:
        raise query_error(connection, table, error, query) from None


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a raw table, each with its SQL type."""
    described = connection.execute(f"describe raw_{table}").fetchall()
    present = {str(name): str(type_) for name, type_, *_ in described}
    require_columns(table, present)
    return present


def column_names(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a relation, in quotes."""
    return [
        f'"{row[0]}"' for row in connection.execute(f"describe from {table}").fetchall()
    ]
