"""What is wanted of a table of PostgreSQL, and whether its numbers could be read as they are."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from features.engine import DUCKDB, single
from features.errors import BookError
from features.sources.postgres_columns import Column
from features.sources.references import Table

DATABASE = "pg"
"""What its tables' names begin with, in queries."""

LARGEST_EXACT = 2**53
"""Whole numbers beyond it may not be told from each other as doubles."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a table.

    Attributes:
        table: its schema and name.
        columns: those that are read.
        where: it is named, for errors.
    """

    table: Table
    columns: tuple[Column, ...]
    where: str

    @property
    def name(self) -> str:
        """What it is called in DuckDB."""
        return ".".join(map(DUCKDB.quoted, (DATABASE, *self.table)))

    @property
    def asked(self) -> str:
        """The query that PostgreSQL is asked."""
        selected = ", ".join(column.asked for column in self.columns)
        return f"select {selected} from {'.'.join(map(DUCKDB.quoted, self.table))}"


def require_exact(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    wanted: Wanted,
) -> None:
    """Refuses numbers of any length that may not be told from each other as they are read."""
    for column in wanted.columns:
        if not column.rounded:
            continue
        quoted = DUCKDB.quoted(column.name)
        largest = single(
            connection,
            f"select max(abs({quoted})) from {name} where isfinite({quoted})",
        )
        if largest is not None and largest >= LARGEST_EXACT:
            raise BookError(
                where=f"{wanted.where}, column {column.name}",
                found="a number of more than 15 digits, in a numeric without a length",
                expected="a length, such as numeric(20, 0), or a text for an id",
                mend="read a view that has the column cast to one of them",
            )
