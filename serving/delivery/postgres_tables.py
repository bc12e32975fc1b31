"""Tables of PostgreSQL: ``scores``, a row per account of the newest night, ``worklist``, ``nights``, and the history.

All of a night is one transaction: readers see the night before or this one. Rows come by ``COPY`` into temporary
tables and are upserted from there. A column that a table lacks is added; nothing else of a table is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from features.engine import DUCKDB
from features.errors import DeliveryError
from features.sources.postgres_refused import unreached
from serving.delivery.declared import Declared
from serving.delivery.edition import Edition, Mark
from serving.delivery.report import Report
from serving.delivery.tables import (
    NIGHTS,
    SCORES,
    WORKLIST,
    night_of,
    scores_of,
    worklist_of,
)
from serving.delivery.web import Web
from serving.delivery.write_back import OLDER

HISTORY = "scores_history"

_quoted = DUCKDB.quoted
_TYPES = {
    pa.bool_(): "boolean",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.date32(): "date",
}
"""Of columns; every other one is of texts."""
_THERE = "select column_name from information_schema.columns where table_schema = $1 and table_name = $2"


class PostgresTables(Declared):
    """Tables of a schema.

    Attributes:
        url: of the database, as ``$NAME``.
        schema_: made where it is missing.
        history: whether ``scores_history`` keeps the scores of every night.
    """

    to: Literal["postgres"]
    url: str = "$PINCH_POSTGRES"
    schema_: str = Field("pinch", alias="schema", pattern="^[a-z_][a-z0-9_]{0,62}$")
    history: bool = False

    def deliver(
        self, edition: Edition, nights: Path, web: Web, dry: bool = False
    ) -> Report:
        """Upserts a night in one transaction; an older one than the newest changes nothing but the history.

        Raises:
            DeliveryError: the database refuses it.
        """
        report = Report(self.title, len(edition.scores))
        with transaction(self.held(self.url), self.where) as session:
            tables = _Tables(session, self.schema_)
            if dry:
                there = tables.newest() if tables.columns(NIGHTS) else None
            else:
                there = _written(tables, edition, self.history)
        if there is not None and edition.is_older_than(there):
            report.said = OLDER
            return report
        report.new = report.accounts
        report.delivered = 0 if dry else report.accounts
        return report


def _written(tables: _Tables, edition: Edition, history: bool) -> Mark | None:
    """Puts a night in place of another; which that was."""
    tables.lock()
    tables.take("night", night_of(edition))
    tables.make(NIGHTS, "night", ("as_of",))
    there = tables.newest()
    tables.take("account", scores_of(edition))
    if history:
        tables.make(HISTORY, "account", ("account_id", "as_of"))
        tables.replace(HISTORY, "account", "as_of in (select as_of from night)")
    if there is None or not edition.is_older_than(there):
        tables.make(SCORES, "account", ("account_id",))
        tables.upsert(SCORES, "account", "account_id", "as_of")
        tables.drop_others(SCORES, "account", "account_id")
        tables.take("listed", worklist_of(edition))
        tables.make(WORKLIST, "listed", ("place",))
        tables.replace(WORKLIST, "listed", "true")
    tables.upsert(NIGHTS, "night", "as_of", "as_of")
    tables.session.commit()
    return there


class _Tables:
    """The tables of a schema, in a transaction."""

    def __init__(self, session: Any, schema: str) -> None:
        self.session, self._schema = session, schema
        self._taken: dict[str, pa.Schema] = {}

    def lock(self) -> None:
        """Waits for the end of others that write to the schema; makes it where it is missing."""
        self._run(f"select pg_advisory_xact_lock(hashtext('pinch.{self._schema}'))")
        if not self._rows(
            f"select 1 from pg_namespace where nspname = '{self._schema}'"
        ):
            self._run(f"create schema {_quoted(self._schema)}")

    def take(self, name: str, rows: pa.Table) -> None:
        """Copies rows into a temporary table."""
        with self.session.cursor() as cursor:
            cursor.adbc_ingest(name, rows, mode="create", temporary=True)
        self._taken[name] = rows.schema

    def make(self, table: str, taken: str, key: tuple[str, ...]) -> None:
        """Makes a table, and the columns that it lacks, for what was taken."""
        schema, there = self._taken[taken], self.columns(table)
        named = {
            name: _TYPES.get(schema.field(name).type, "text") for name in schema.names
        }
        if not there:
            keys = ", ".join(f"{_quoted(name)} {named[name]}" for name in key)
            primary = ", ".join(map(_quoted, key))
            self._run(
                f"create table {self._of(table)} ({keys}, primary key ({primary}))"
            )
        for name in [name for name in named if name not in {*there, *key}]:
            self._run(
                f"alter table {self._of(table)} add column {_quoted(name)} {named[name]}"
            )

    def upsert(self, table: str, taken: str, key: str, newest_by: str) -> None:
        """Puts rows in place of those of the same key, of which none is newer."""
        names = [_quoted(name) for name in self._taken[taken].names]
        others = [name for name in names if name != _quoted(key)]
        values = ", ".join(f"{name} = excluded.{name}" for name in others)
        self._run(
            f"{self._insert(table, taken)} on conflict ({_quoted(key)}) do update set {values}"
            f" where t.{newest_by} <= excluded.{newest_by}"
        )

    def replace(self, table: str, taken: str, where: str) -> None:
        """Puts rows in place of some others."""
        self._run(f"delete from {self._of(table)} where {where}")
        self._run(self._insert(table, taken))

    def drop_others(self, table: str, taken: str, key: str) -> None:
        """Drops the rows of whose key none was taken."""
        self._run(
            f"delete from {self._of(table)} as t"
            f" where not exists (select from {taken} where {taken}.{key} = t.{key})"
        )

    def newest(self) -> Mark | None:
        """The newest night that was delivered."""
        rows = self._rows(
            f"select as_of, model_version, revision from {self._of(NIGHTS)}"
            " order by as_of desc limit 1"
        )
        return Mark(*rows[0]) if rows else None

    def columns(self, table: str) -> set[str]:
        """The columns of a table; none where there is no table."""
        return {row[0] for row in self._rows(_THERE, (self._schema, table))}

    def _insert(self, table: str, taken: str) -> str:
        names = ", ".join(_quoted(name) for name in self._taken[taken].names)
        return (
            f"insert into {self._of(table)} as t ({names}) select {names} from {taken}"
        )

    def _of(self, table: str) -> str:
        return f"{_quoted(self._schema)}.{_quoted(table)}"

    def _run(self, statement: str) -> None:
        with self.session.cursor() as cursor:
            cursor.execute(statement)

    def _rows(self, query: str, values: tuple[str, ...] | None = None) -> list[Any]:
        with self.session.cursor() as cursor:
            cursor.execute(query, values)
            found: list[Any] = cursor.fetchall()
            return found


@contextmanager
def transaction(address: str, where: str) -> Iterator[Any]:
    """A transaction of a database, which is undone unless it is committed."""
    driver = _driver(where)
    try:
        session = driver.connect(address)
    except driver.Error as error:
        raise unreached(where, str(error)) from None
    try:
        yield session
    except driver.Error as error:
        raise DeliveryError(
            where=where,
            found=f"PostgreSQL's error {error.sqlstate or 'at a query'}; nothing was changed",
            expected="a schema of Pinch's own, where the user may make tables",
            mend="the server's log tells more",
        ) from None
    finally:
        _close(session, driver)


def _driver(where: str) -> Any:
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError:
        raise DeliveryError(
            where=where,
            found="no driver for PostgreSQL",
            expected="the extra postgres of Pinch",
            mend="pip install 'pinch[postgres]'",
        ) from None
    return driver


def _close(session: Any, driver: Any) -> None:
    """Ends a session, which a lost connection has ended before."""
    try:
        session.close()
    except driver.Error:
        return
