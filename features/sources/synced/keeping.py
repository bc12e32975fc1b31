"""Keeping: the rows of one table that was just read, written by month where a month is not there already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from features.cleaning.rows import ROW_OF_SOURCE
from features.errors import BookError
from features.memory import enough_memory
from features.sources.misnamed import require_columns
from features.sources.part import quoted
from features.sources.queries import query_error
from features.sources.synced.fingerprints import code, sha256
from features.sources.synced.manifest import Kept, Month
from features.sources.synced.rows import (
    FRESH,
    MONTH,
    digests,
    kept_sql,
    month_sql,
    read_sql,
)
from features.whole_files import PART


@dataclass(frozen=True)
class Keeper:
    """Keeps tables in the folder of a copy.

    Attributes:
        connection: has the views ``raw_{table}``.
        folder: of the copy.
        before: the tables that are there already.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    before: Mapping[str, Kept]

    def keep(self, table: str, query: str | None) -> Kept:
        """Reads a table once and keeps its rows.

        Args:
            table: a name of the contract.
            query: what makes it, if one does. Rows of files are kept with their numbers; those of a query have none
                that stay.

        Raises:
            BookError: it cannot be read, lacks a column, or has values of a type that cannot be kept.
        """
        columns = self._read(table, query)
        found = digests(self.connection, FRESH, columns)
        before = self.before.get(table)
        there = before.months if before and before.columns == columns else {}
        months = {}
        for month, (rows, digest) in found.items():
            kept = there.get(month)
            if kept is None or not self._is_there(kept, rows, digest):
                kept = self._written(table, columns, month, rows, digest)
            months[month] = kept
        return Kept(columns, months)

    def _read(self, table: str, query: str | None) -> dict[str, str]:
        """Makes the table of fresh rows, and gives its columns."""
        try:
            with enough_memory(self.connection):
                columns = self._described(f"raw_{table}")
                require_columns(table, columns)
                number = (
                    f", row_number() over () as {ROW_OF_SOURCE}"
                    if query is None
                    else ""
                )
                self.connection.execute(
                    f"create or replace table {FRESH} as "
                    f"select *{number}, {month_sql(columns)} as {MONTH} from raw_{table}"
                )
        except duckdb.Error as error:
            raise query_error(self.connection, table, error, query) from None
        columns = self._described(FRESH)
        del columns[MONTH]
        return columns

    def _described(self, relation: str) -> dict[str, str]:
        found = self.connection.execute(f"describe {relation}").fetchall()
        return {str(name): str(type_) for name, type_, *_ in found}

    def _is_there(self, kept: Month, rows: int, digest: str) -> bool:
        file = self.folder / kept.file
        same = (kept.rows, kept.digest) == (rows, digest)
        return same and file.is_file() and sha256(file) == kept.sha256

    def _written(
        self, table: str, columns: Mapping[str, str], month: str, rows: int, digest: str
    ) -> Month:
        named = repr((code(), columns, rows, digest)).encode()
        content = hashlib.sha256(named).hexdigest()[:16]
        name = f"{table}/{month}-{content}.parquet"
        file = self.folder / name
        part = file.with_name(f"{file.name}{PART}")
        part.parent.mkdir(exist_ok=True)
        select = (
            f"select {kept_sql(columns)} from {FRESH} where {MONTH} = {quoted(month)}"
        )
        self.connection.execute(
            f"copy ({select}) to {quoted(str(part))} (format parquet)"
        )
        self._require_same(table, columns, part, month, (rows, digest))
        os.replace(part, file)
        return Month(rows, digest, name, sha256(file))

    def _require_same(
        self,
        table: str,
        columns: Mapping[str, str],
        file: Path,
        month: str,
        expected: tuple[int, str],
    ) -> None:
        """Refuses what is read back otherwise than it was written, as a type that Parquet does not have may be."""
        read = f"read_parquet({quoted(str(file))}, hive_partitioning = false)"
        relation = (
            f"(select {read_sql(columns)}, {quoted(month)} as {MONTH} from {read})"
        )
        if digests(self.connection, relation, columns) == {month: expected}:
            return
        types = ", ".join(sorted(set(columns.values())))
        raise BookError(
            where=f"table {table}, {month}",
            found=f"values that Parquet did not give back as they were; types: {types}",
            expected="types that Parquet has",
            mend="cast the columns in the query, or read the book without a copy",
        )
