"""Clean tables that are kept beside the copy of a book's sources, so that an opening need not clean them again.

Only the large tables, whose rows are kept in order (`features.cleaning.enumerations`), and only of rows of the copy. A
table is kept under a key, a hash of all that it is made of: the code, the rows, whose files are named by their content,
the words of the book, the accounts, and which ids were merged. What is out of date has another key, and is not found.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pydantic import TypeAdapter, ValidationError

import features
from features.book.loading import NONE_BAD, Loaded, load, view_typed
from features.cleaning.blanks import Blank
from features.cleaning.enumerations import NAMES, number_names
from features.engine import single
from features.sources.part import quoted
from features.sources.synced.copied import Copy
from features.sources.synced.fingerprints import code, sha256
from features.whole_files import PART, write_whole

_FILE = "kept_clean"
"""What the file of a kept table is called as a database."""


@dataclass(frozen=True)
class Told:
    """What is told of a kept table beside its rows.

    Attributes:
        sha256: of the file that has them.
        share: of the rows how many were set aside, or of a column blank: who allows no more bad rows than that has the
            table cleaned, and perhaps refused.
        names: of each column of `features.cleaning.enumerations.NAMES`.
        blanks, hints: as of `features.book.loading.Loaded`.
    """

    sha256: str
    share: float
    names: list[list[str]]
    blanks: list[Blank]
    hints: list[str]


_JSON = TypeAdapter(Told)


@dataclass(frozen=True)
class KeptClean:
    """The clean tables beside a copy.

    Attributes:
        copy: of the sources, from which the tables of the book are read.
        renews: whether a table that is not kept yet is kept, in the place of the one before.
    """

    copy: Copy
    renews: bool = False

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.copy.folder.with_name("clean")

    def load(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        query: str | None,
        facts: Mapping[str, str],
        max_bad_share: float,
    ) -> Loaded:
        """As `features.book.loading.load`, from what is kept where that is so."""
        if table not in NAMES or table in self.copy.changed:
            return load(connection, table, query, facts, max_bad_share)
        name = f"{table}-{_key(connection, table)}"
        told = self._told(name)
        if told and told.share < max_bad_share and self._attached(connection, name):
            return _taken(connection, table, told)
        loaded = load(connection, table, query, facts, max_bad_share)
        if self.renews and told is None:
            self._keep(connection, table, name, loaded)
        return loaded

    def _told(self, name: str) -> Told | None:
        """What is told of a table that is kept, and whose file is what was written."""
        told, file = self.folder / f"{name}.json", self.folder / f"{name}.duckdb"
        if not (told.is_file() and file.is_file()):
            return None
        try:
            read = _JSON.validate_json(told.read_bytes())
        except ValidationError:
            return None
        return read if sha256(file) == read.sha256 else None

    def _attached(self, connection: duckdb.DuckDBPyConnection, name: str) -> bool:
        """Attaches the file of a table; whether it was still there, as a sync may have put another in its place."""
        file = quoted(str(self.folder / f"{name}.duckdb"))
        try:
            connection.execute(f"attach {file} as {_FILE} (read_only)")
        except duckdb.IOException:
            return False
        return True

    def _keep(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        name: str,
        loaded: Loaded,
    ) -> None:
        self.folder.mkdir(exist_ok=True)
        for before in self.folder.glob(f"{table}-*"):
            before.unlink()
        file = self.folder / f"{name}.duckdb"
        part = file.with_name(f"{file.name}{PART}")
        connection.execute(f"attach {quoted(str(part))} as {_FILE}")
        connection.execute(f"create table {_FILE}.clean as from {table}")
        bad = loaded.bad.astype({"row": "int64"}).reset_index(names="place")
        connection.register("bad_rows", bad)
        connection.execute(
            f"create table {_FILE}.bad as select place, row, field, expected from bad_rows"
        )
        connection.unregister("bad_rows")
        connection.execute(f"detach {_FILE}")
        os.replace(part, file)
        told = Told(
            sha256(file),
            self._share(table, loaded),
            [_names(connection, table, column) for column in NAMES[table]],
            loaded.blanks,
            loaded.hints,
        )
        content = _JSON.dump_json(told)
        write_whole(
            self.folder, {f"{name}.json": lambda file: file.write_bytes(content)}
        )

    def _share(self, table: str, loaded: Loaded) -> float:
        lost = [len(loaded.bad), *(blank.rows for blank in loaded.blanks)]
        return max(lost) / max(self.copy.manifest.tables[table].rows, 1)


def _taken(connection: duckdb.DuckDBPyConnection, table: str, told: Told) -> Loaded:
    """Makes a clean table of the file that is attached, and detaches it."""
    view_typed(connection, table)
    number_names(connection, table, told.names)
    connection.execute(f"create table {table} as from {_FILE}.clean")
    query = f"select '{table}' as \"table\", * from {_FILE}.bad order by place"
    bad = connection.execute(query).df().drop(columns="place")
    connection.execute(f"detach {_FILE}")
    return Loaded(bad if len(bad) else NONE_BAD, told.blanks, told.hints)


def _names(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str]:
    query = f"select name from names_of_{table}_{column} order by name"
    return [str(name) for (name,) in connection.execute(query).fetchall()]


def _key(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A hash of all that a clean table is made of."""
    views = connection.execute(
        "select sql from duckdb_views() where view_name in ($1, $2, $3) order by view_name",
        [f"raw_{table}", f"own_{table}", f"whole_{table}"],
    )
    made_of = [sql for (sql,) in views.fetchall()]
    for rows in ("accounts", "numbered_accounts", "merged"):
        columns = "account_id" if rows == "accounts" else rows
        query = f"select concat_ws(' ', count(*), sum(cast(hash({columns}) as hugeint))) from {rows}"
        made_of.append(single(connection, query))
    content = json.dumps([code(features), *made_of])
    return hashlib.sha256(content.encode()).hexdigest()[:32]
