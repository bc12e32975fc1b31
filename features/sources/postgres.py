"""Tables of a PostgreSQL database, all as they were at one moment: DuckDB would fetch an extension for them.

The address is a setting of the environment, and neither it nor what the driver says of it, which may hold a part of the
password, is ever told. How types are read is in ``docs/sources.md``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from features.engine import DUCKDB, single
from features.errors import BookError
from features.sources.postgres_columns import COLUMNS, Column, column_of
from features.sources.postgres_refused import halfway, not_run, unreached
from features.sources.references import Reference, Table

DATABASE = "pg"
"""What its tables' names begin with, in queries."""

LARGEST_EXACT = 2**53
"""Whole numbers beyond it may not be told from each other as doubles."""

_PATIENCE = "connect_timeout=10"
_ONE_MOMENT = "set transaction isolation level repeatable read, read only"
_SETTINGS = "select set_config('TimeZone', 'UTC', true), set_config('client_encoding', 'UTF8', true)"
_THERE = """
select format('%s.%s', table_schema, table_name) from information_schema.tables
where table_schema not in ('pg_catalog', 'information_schema') order by 1 limit 20
"""


@dataclass(frozen=True)
class Snapshot:
    """A database at one moment, as long as its transaction is open.

    Attributes:
        session: a connection of the driver.
        setting: the name of the setting that has its address.
    """

    session: Any
    setting: str

    def load(
        self, connection: duckdb.DuckDBPyConnection, table: Table, read: Reference
    ) -> None:
        """Makes a table of the database one of DuckDB's, under ``pg``, with the columns that are read.

        Raises:
            BookError: it is not there, may not be read, or was not read to its end; nothing is left of it then.
        """
        where = f"book.toml, {read.place}, {DATABASE}.{'.'.join(table)}"
        columns = self._columns(table, read, where)
        name = ".".join(map(DUCKDB.quoted, (DATABASE, *table)))
        selected = ", ".join(column.asked for column in columns)
        query = f"select {selected} from {'.'.join(map(DUCKDB.quoted, table))}"
        with closing(self._run(query, where)) as cursor:
            connection.register("rows_of_postgres", cursor.fetch_record_batch())
            try:
                kept = ", ".join(column.kept for column in columns)
                connection.execute(
                    f"create schema if not exists {DATABASE}.{DUCKDB.quoted(table[0])}"
                )
                connection.execute(
                    f"create table {name} as select {kept} from rows_of_postgres"
                )
            except duckdb.Error:
                raise halfway(where) from None
            finally:
                connection.unregister("rows_of_postgres")
        _require_exact(connection, name, columns, where)

    def _columns(self, table: Table, read: Reference, where: str) -> list[Column]:
        rows = self._rows(COLUMNS, where, table)
        if not rows:
            there = [name for (name,) in self._rows(_THERE, where)]
            raise BookError(
                where=where,
                found="no such table or view",
                expected=f"one of {', '.join(there) or 'none, as there are none'}",
                mend="correct the name; capitals count",
            )
        columns = [column_of(*row) for row in rows]
        named = [
            column
            for column in columns
            if read.words is None or column.name.lower() in read.words
        ]
        return named or columns[:1]  # of one column, the rows can be counted

    def _rows(self, query: str, where: str, values: Table | None = None) -> list[Any]:
        with closing(self._run(query, where, values)) as cursor:
            return list(cursor.fetchall())

    def _run(self, query: str, where: str, values: Table | None = None) -> Any:
        cursor = self.session.cursor()
        try:
            cursor.execute(query, values)
        except _driver().Error as error:
            cursor.close()
            raise not_run(where, str(error.sqlstate)) from None
        return cursor


@contextmanager
def snapshot(setting: str) -> Iterator[Snapshot]:
    """Opens the database whose address a setting of the environment has, for reading alone.

    Args:
        setting: the name of the setting, such as ``DATABASE_URL``.

    Raises:
        BookError: the setting is missing, or its database cannot be reached.
    """
    where = f"book.toml, source.postgres, ${setting}"
    address, driver = os.environ.get(setting, ""), _driver()
    if not address:
        raise BookError(
            where=where,
            found="no such setting",
            expected="the address of a PostgreSQL database in the environment",
            mend=f"export {setting}=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    try:
        session = driver.connect(_patient(address))
    except driver.Error as error:
        raise unreached(where, str(error)) from None
    try:
        opened = Snapshot(session, setting)
        opened._run(_ONE_MOMENT, where).close()
        opened._rows(_SETTINGS, where)
        yield opened
    finally:
        _close(session)


def load_postgres(
    connection: duckdb.DuckDBPyConnection,
    setting: str | None,
    read: Mapping[Table, Reference],
) -> None:
    """Makes the tables that queries read those of a database ``pg`` of DuckDB's, all of one moment.

    Args:
        connection: where to make them.
        setting: the name of the setting that has the address; None where the book names none.
        read: the tables; where there are none, nothing is connected to.

    Raises:
        BookError: as `snapshot` and `Snapshot.load`, or no source is named.
    """
    if not read:
        return
    if setting is None:
        table, first = next(iter(read.items()))
        raise BookError(
            where=f"book.toml, {first.place}",
            found=f"the table {DATABASE}.{'.'.join(table)}",
            expected="a database to read it from",
            mend='add [source] with postgres = "$DATABASE_URL", above [tables]',
        )
    connection.execute(f"attach ':memory:' as {DATABASE} (compress)")
    with snapshot(setting) as database:
        for table, its in read.items():
            database.load(connection, table, its)


def _driver() -> Any:
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError:
        raise BookError(
            where="book.toml, source.postgres",
            found="no driver for PostgreSQL",
            expected="the extra postgres of Pinch",
            mend="pip install 'pinch[postgres]'",
        ) from None
    return driver


def _patient(address: str) -> str:
    """An address with a limit to the seconds that connecting may take, where it is a URL and has none."""
    if "://" not in address or "connect_timeout" in address:
        return address
    mark = "&" if "?" in address.rpartition("@")[2] else "?"
    return f"{address}{mark}{_PATIENCE}"


def _close(session: Any) -> None:
    """Ends a session, which a lost connection has ended before."""
    try:
        session.close()
    except _driver().Error:
        return


def _require_exact(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: list[Column],
    where: str,
) -> None:
    """Refuses numbers of any length that may not be told from each other as they are read."""
    for column in columns:
        if not column.rounded:
            continue
        quoted = DUCKDB.quoted(column.name)
        largest = single(
            connection,
            f"select max(abs({quoted})) from {name} where isfinite({quoted})",
        )
        if largest is not None and largest >= LARGEST_EXACT:
            raise BookError(
                where=f"{where}, column {column.name}",
                found="a number of more than 15 digits, in a numeric without a length",
                expected="a length, such as numeric(20, 0), or a text for an id",
                mend="read a view that has the column cast to one of them",
            )
