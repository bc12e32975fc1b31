"""Holding out: the tables of a book that tell whom no list names."""

from __future__ import annotations

import duckdb

from features.book.raw import make
from features.cleaning.holdout import (
    holdout_sql,
    nobody_held,
    require_clear,
    unclear_sql,
)
from features.cleaning.random_holdout import random_holdout_sql
from features.engine import single
from features.sources.settings import Settings


def load_holdout(
    connection: duckdb.DuckDBPyConnection, settings: Settings, query: str | None
) -> tuple[str, ...]:
    """Makes ``holdout``, by a column, and ``random_holdout``; a sentence where a column says it of nobody.

    Args:
        connection: has the raw and the clean accounts.
        settings: of the book.
        query: that makes the raw accounts, if one does.

    Raises:
        BookError: it is unclear of an account whether it may be contacted.
    """
    holdout = settings.holdout
    select = holdout_sql("raw_accounts", holdout)
    make(connection, "holdout", select, "accounts", query)
    drawn = random_holdout_sql(settings.random_holdout)
    connection.execute(f"create table random_holdout as {drawn}")
    if holdout is not None:
        unclear = single(connection, unclear_sql("raw_accounts", holdout))
        require_clear(holdout, int(unclear))
    held = int(single(connection, "select count(*) from holdout"))
    return nobody_held(holdout, held)
