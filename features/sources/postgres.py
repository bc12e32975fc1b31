"""Tables of a PostgreSQL database, all as they were at one moment: DuckDB would fetch an extension for them.

The address is a setting of the environment, and neither it nor what the driver says of it, which may hold a part of the
password, is ever told. How types are read is in ``docs/sources.md``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from features.engine import DUCKDB
from features.errors import BookError
from features.sources.postgres_columns import COLUMNS, Column, column_of
from features.sources.postgres_refused import halfway, not_run, unreached
from features.sources.postgres_wanted import DATABASE, Wanted, require_exact
from features.sources.references import Reference, Table

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
        wanted = self.wanted(table, read)
        self.fetch(connection, wanted, wanted.name, wanted.asked)

    def fetch(
        self,
        connection: duckdb.DuckDBPyConnection,
        wanted: Wanted,
        name: str,
        query: str,
    ) -> None:
        """Makes a table of DuckDB's of the rows that a query gives.

        Args:
            connection: where to make it; gets the schema of the wanted table as well.
            wanted: the table that the rows are of.
            name: of the table to make.
            query: of the wanted columns.

        Raises:
            BookError: they may not be read, or were not read to their end; nothing is left of them then.
        """
        schema = f"{DATABASE}.{DUCKDB.quoted(wanted.table[0])}"
        with closing(self._run(query, wanted.where)) as cursor:
            connection.register("rows_of_postgres", cursor.fetch_record_batch())
            try:
                kept = ", ".join(column.kept for column in wanted.columns)
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(
                    f"create table {name} as select {kept} from rows_of_postgres"
                )
            except duckdb.Error:
                raise halfway(wanted.where) from None
            finally:
                connection.unregister("rows_of_postgres")
        require_exact(connection, name, wanted)

    def wanted(self, table: Table, read: Reference, also: Iterable[str] = ()) -> Wanted:
        """What is read of a table: the columns that queries may mean, and some others.

        Raises:
            BookError: it is not there, or may not be read.
        """
        where = f"book.toml, {read.place}, {DATABASE}.{'.'.join(table)}"
        return Wanted(table, tuple(self._columns(table, read, where, set(also))), where)

    def _columns(
        self, table: Table, read: Reference, where: str, also: Collection[str]
    ) -> list[Column]:
        rows = self.rows(COLUMNS, where, table)
        if not rows:
            there = [name for (name,) in self.rows(_THERE, where)]
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
            if read.words is None
            or column.name.lower() in read.words
            or column.name in also
        ]
        return named or columns[:1]  # of one column, the rows can be counted

    def rows(self, query: str, where: str, values: Table | None = None) -> list[Any]:
        """The rows that a query gives, which may name a schema and a table as ``$1`` and ``$2``."""
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
        opened.rows(_SETTINGS, where)
        yield opened
    finally:
        _close(session)


Load = Callable[[Snapshot, duckdb.DuckDBPyConnection, Table, Reference], None]
"""Makes a table of the database one of DuckDB's, as `Snapshot.load` does."""


def load_postgres(
    connection: duckdb.DuckDBPyConnection,
    setting: str | None,
    read: Mapping[Table, Reference],
    load: Load = Snapshot.load,
) -> None:
    """Makes the tables that queries read those of a database ``pg`` of DuckDB's, all of one moment.

    Args:
        connection: where to make them.
        setting: the name of the setting that has the address; None where the book names none.
        read: the tables; where there are none, nothing is connected to.
        load: makes each of them.

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
            load(database, connection, table, its)


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
