"""Merging: the rows of ids that were merged into others, brought to the accounts that they count for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from features.book.raw import column_names
from features.calendar.merges import (
    FOLLOWED,
    followed_sql,
    merged_sql,
    require_no_circle,
)
from features.cleaning.enumerations import IN_ORDER
from features.engine import Row, runner


@dataclass(frozen=True)
class Merged:
    """What merges did.

    Attributes:
        ids: how many ids were merged into an account of the book.
        through_others: how many of them through other ids.
        nowhere: how many were merged into ids that are no accounts, and so count for nobody else.
        rows: how many rows of what happened count for another account.
    """

    ids: int
    through_others: int
    nowhere: int
    rows: int

    @property
    def sentence(self) -> str | None:
        """What was merged; None where nothing was.

        Example:
            >>> Merged(3, 1, 0, 1200).sentence
            'Merged ids: 3, of which 1 through others; rows that count for another account since then: 1,200'
        """
        if not self.ids and not self.nowhere:
            return None
        told = f"Merged ids: {self.ids:,}"
        if self.through_others:
            told += f", of which {self.through_others:,} through others"
        told += f"; rows that count for another account since then: {self.rows:,}"
        if self.nowhere:
            told += f"; ids merged into what is no account: {self.nowhere:,}"
        return told


IDS = "select account_id from accounts union all select from_id from merged"
"""The ids under which rows stand: those of the accounts, and merged ones that need be no accounts of their own."""

_COUNTED = """
    select
        (select count(distinct from_id) from merged),
        (select count(distinct from_id) from merged
            where (from_id, into_id) not in (select from_id, into_id from merges)),
        (select count(*) from merges where from_id not in (select from_id from merged))"""


def make_merged(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes ``merged`` of the clean ``merges`` and ``accounts``, see `features.calendar.merges`.

    Raises:
        BookError: a merge ends where it began.
    """
    require_no_circle(runner(connection))
    connection.execute(f"create table merged as {merged_sql()}")


def follow_merges(connection: duckdb.DuckDBPyConnection) -> Merged:
    """Brings the rows of merged ids to the accounts that they count for, in all clean tables of what happened."""
    merged = count_merged(runner(connection))
    if merged.ids:
        for table in FOLLOWED:
            _follow(connection, table)
    return merged


def count_merged(run: Callable[[str], list[Row]]) -> Merged:
    """What merges do, before the rows of merged ids are brought to others.

    Args:
        run: gives the rows of a query over the clean tables.
    """
    ((ids, through_others, nowhere),) = run(_COUNTED)
    rows = 0
    for table in FOLLOWED:
        of_merged = f"select count(*) from {table} where account_id in (select from_id from merged)"
        ((found,),) = run(of_merged)
        rows += found
    return Merged(ids, through_others, nowhere, rows)


_KEPT_AS = {
    "account": "cast(enum_code(cast(m.into_id as accounts_account_id)) as integer)",
    "account_id": "cast(m.into_id as accounts_account_id)",
}
"""How a table that is kept in order tells the account, see `features.cleaning.enumerations`."""


def _follow(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    columns = [name.strip('"') for name in column_names(connection, table)]
    ordered = table in IN_ORDER
    rows = followed_sql(table, columns, _KEPT_AS if ordered else {})
    order = f" order by r.account, {IN_ORDER[table]}" if ordered else ""
    followed = f"select * from ({rows}) as r{order}"
    connection.execute(f"create or replace table {table} as {followed}")
