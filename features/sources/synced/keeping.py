"""Keeping: the rows of one table that was just read, written by month where a month is not there already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

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
    DATES,
    FRESH,
    MONTH,
    digests,
    kept_sql,
    month_sql,
    read_sql,
)
from features.whole_files import PART

_NUMBER = f", row_number() over () as {ROW_OF_SOURCE}"


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

    def keep(
        self, table: str, query: str | None, files: Mapping[str, str] = {}
    ) -> Kept:
        """Reads a table once and keeps its rows.

        Args:
            table: a name of the contract.
            query: what makes it, if one does. Rows of files are kept with their numbers; those of a query have none
                that stay.
            files: that it is read from, if no query makes it; where they are those of before, they are not read.

        Raises:
            BookError: it cannot be read, lacks a column, or has values of a type that cannot be kept.
        """
        before = self.before.get(table)
        if before and files and before.files == files and self.is_whole(before):
            return before
        try:
            with enough_memory(self.connection):
                present = self._described(f"raw_{table}")
                require_columns(table, present)
                has_number = query is not None or ROW_OF_SOURCE in present
                self._read(
                    f"(select *{'' if has_number else _NUMBER} from raw_{table})", DATES
                )
        except duckdb.Error as error:
            raise query_error(self.connection, table, error, query) from None
        return replace(self._keep(table), files=files)

    def keep_rows(self, name: str, relation: str, date: str) -> Kept:
        """Keeps the rows of a relation.

        Args:
            name: by which they are known in the copy.
            relation: of the database, which can be read without an error.
            date: the column by whose months they are kept.
        """
        with enough_memory(self.connection):
            self._read(relation, (date,))
        return self._keep(name)

    def _read(self, relation: str, dates: Sequence[str]) -> None:
        """Makes the table of fresh rows."""
        month = month_sql(self._described(relation), dates)
        select = f"select *, {month} as {MONTH} from {relation}"
        self.connection.execute(f"create or replace table {FRESH} as {select}")

    def _keep(self, name: str) -> Kept:
        """Keeps the fresh rows."""
        columns = self._described(FRESH)
        del columns[MONTH]
        before = self.before.get(name)
        there = before.months if before and before.columns == columns else {}
        months = {}
        for month, found in digests(self.connection, FRESH, columns).items():
            kept = there.get(month)
            same = kept is not None and (kept.rows, kept.digest) == found
            if kept is None or not same or not self._is_whole(kept):
                kept = self._written(name, columns, month, *found)
            months[month] = kept
        return Kept(columns, months)

    def _described(self, relation: str) -> dict[str, str]:
        found = self.connection.execute(f"describe from {relation}").fetchall()
        return {str(name): str(type_) for name, type_, *_ in found}

    def is_whole(self, kept: Kept) -> bool:
        """Whether the files of a table are what was written."""
        return all(map(self._is_whole, kept.months.values()))

    def _is_whole(self, month: Month) -> bool:
        file = self.folder / month.file
        return file.is_file() and sha256(file) == month.sha256

    def _written(
        self, name: str, columns: Mapping[str, str], month: str, rows: int, digest: str
    ) -> Month:
        named = repr((code(), columns, rows, digest)).encode()
        content = hashlib.sha256(named).hexdigest()[:16]
        path = f"{quote(name, safe='')}/{month}-{content}.parquet"
        file = self.folder / path
        part = file.with_name(f"{file.name}{PART}")
        part.parent.mkdir(exist_ok=True)
        select = (
            f"select {kept_sql(columns)} from {FRESH} where {MONTH} = {quoted(month)}"
        )
        self.connection.execute(
            f"copy ({select}) to {quoted(str(part))} (format parquet)"
        )
        self._require_same(name, columns, part, month, (rows, digest))
        os.replace(part, file)
        return Month(rows, digest, path, sha256(file))

    def _require_same(
        self,
        name: str,
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
            where=f"table {name}, {month}",
            found=f"values that Parquet did not give back as they were; types: {types}",
            expected="types that Parquet has",
            mend="cast the columns in the query, or read the book without a copy",
        )
