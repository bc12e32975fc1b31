"""News: of a table of PostgreSQL the rows alone that were written since it was kept, told by a column of its own.

``sync_by."public.sales" = "updated_at"`` under ``[source]`` says that the column tells when a row was last written.
Read are the rows from a day before the latest one on, since a transaction that began earlier may have ended later, and
those without a time; by the primary key they take the place of those that were kept. Where the table then has another
number of rows than there are in the database, some were deleted or missed, and it is read whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from features.engine import DUCKDB, single
from features.errors import BookError
from features.sources.postgres import Snapshot
from features.sources.postgres_wanted import DATABASE, Wanted
from features.sources.references import Reference, Table
from features.sources.synced.copied import months_sql
from features.sources.synced.keeping import Keeper
from features.sources.synced.manifest import Kept

OVERLAP = "interval 1 day"
"""How long a transaction may last whose rows are still seen."""

_NEW = f"{DATABASE}.main.__pinch_new__"
_OF_TIME = ("TIMESTAMP", "DATE")
_KEY = """
select a.attname from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
where i.indisprimary and n.nspname = $1 and c.relname = $2 order by a.attname"""
_ORIGIN = """
select concat_ws(' ', inet_server_addr(), inet_server_port(), d.oid, c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_database d on d.datname = current_database()
where n.nspname = $1 and c.relname = $2"""


@dataclass(frozen=True)
class News:
    """Loads tables of PostgreSQL, of some of them the new rows alone.

    Attributes:
        keeper: keeps those, and has them as they were kept.
        by: the column that tells when a row was written, by ``SCHEMA.TABLE``.
        kept: those tables as they are now.
        read: how many rows were read of each.
    """

    keeper: Keeper
    by: Mapping[str, str]
    kept: dict[str, Kept] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def load(
        self,
        snapshot: Snapshot,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        read: Reference,
    ) -> None:
        """Makes a table of the database one of DuckDB's, as `features.sources.postgres.Snapshot.load` does.

        Raises:
            BookError: as there, or new rows cannot be told.
        """
        name = ".".join(table)
        if name not in self.by:
            snapshot.load(connection, table, read)
            return
        by = self.by[name]
        where = f"book.toml, source.sync_by, {name}"
        key = _key(snapshot, table, where)
        wanted = snapshot.wanted(table, read, [by, *key])
        ((origin,),) = snapshot.rows(_ORIGIN, where, table)
        before = self._gone_on_from(name, origin, wanted)
        if before is None or not self._renew(snapshot, wanted, before, by, key):
            snapshot.fetch(connection, wanted, wanted.name, wanted.asked)
            self.read[name] = _count(connection, wanted.name)
        kept = self.keeper.keep_rows(name, wanted.name, by)
        self.kept[name] = replace(kept, origin=origin)
        _require_time(kept, by, where)

    def require_all_read(self) -> None:
        """Raises `BookError` where no query reads one of the tables."""
        unread = sorted(self.by.keys() - self.kept.keys())
        if unread:
            raise BookError(
                where="book.toml, source.sync_by",
                found=f"{', '.join(unread)}, which no query reads",
                expected="SCHEMA.TABLE of tables that queries read as pg.SCHEMA.TABLE",
                mend="correct or remove it; capitals count",
            )

    def _gone_on_from(self, name: str, origin: str, wanted: Wanted) -> Kept | None:
        before = self.keeper.before.get(name)
        if before is None or before.origin != origin or not before.rows:
            return None
        same = set(before.columns) == {column.name for column in wanted.columns}
        return before if same and self.keeper.is_whole(before) else None

    def _renew(
        self,
        snapshot: Snapshot,
        wanted: Wanted,
        before: Kept,
        by: str,
        key: Sequence[str],
    ) -> bool:
        """Makes the table of what was kept and what is new; whether that is all of it."""
        connection, column = self.keeper.connection, DUCKDB.quoted(by)
        kept = f"({months_sql(self.keeper.folder, before)})"
        latest = f"select cast(max({column}) - {OVERLAP} as varchar) from {kept}"
        since = single(connection, latest)
        if since is None:
            return False
        new = f"{column} is null or {column} >= {DUCKDB.literal(since)}"
        snapshot.fetch(connection, wanted, _NEW, f"{wanted.asked} where {new}")
        same = " and ".join(
            f"new.{one} = kept.{one}" for one in map(DUCKDB.quoted, key)
        )
        connection.execute(f"""
            create table {wanted.name} as
            select kept.* from {kept} as kept
            where not exists (select 1 from {_NEW} as new where {same})
            union all by name select * from {_NEW}""")
        self.read[".".join(wanted.table)] = _count(connection, _NEW)
        connection.execute(f"drop table {_NEW}")
        there = f"select count(*) from {'.'.join(map(DUCKDB.quoted, wanted.table))}"
        ((rows,),) = snapshot.rows(there, wanted.where)
        if _count(connection, wanted.name) == rows:
            return True
        connection.execute(f"drop table {wanted.name}")
        return False


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(single(connection, f"select count(*) from {name}"))


def _key(snapshot: Snapshot, table: Table, where: str) -> list[str]:
    """The columns of a table's primary key."""
    key = [name for (name,) in snapshot.rows(_KEY, where, table)]
    if not key:
        raise BookError(
            where=where,
            found="no primary key",
            expected="one, which tells the row that a new one takes the place of",
            mend="remove it, so that the table is read whole; views have no key",
        )
    return key


def _require_time(kept: Kept, by: str, where: str) -> None:
    type_ = kept.columns.get(by, "no column of that name")
    if not type_.startswith(_OF_TIME):
        raise BookError(
            where=where,
            found=f"{by}: {type_}",
            expected="a column of times",
            mend="name one that is written whenever a row is",
        )
