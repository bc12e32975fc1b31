"""Query: one of the book, with what it gives in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from features.sources.queries import make_views


@dataclass(frozen=True)
class Query:
    """A query of the book.

    Attributes:
        about: what it gives, as a sentence; nothing where its parts say so themselves.
        sql: as ``book.toml`` has it.
    """

    about: str
    sql: str


def make(connection: duckdb.DuckDBPyConnection, views: Mapping[str, Query]) -> None:
    """Makes views, each after those that it reads."""
    make_views(connection, {name: query.sql for name, query in views.items()})
