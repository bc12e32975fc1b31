"""Enumerations: how a book keeps the ids and names of its largest tables, numbered once, as they are read.

To whoever asks in SQL an enumeration is its text; to compare, to group, to sort and to measure it is a number. The
names of a column are numbered in their own order. Of an id that only tells rows apart, such as that of a matter, a hash
is kept. The rows are kept in the order in which they are measured, with the number of their account beside its id: what
is asked of some accounts by that number skips the row groups of all others.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from features.engine import indented, listed
from features.vocabulary.items import ITEMS, item_code_sql
from features.vocabulary.kinds import FLAGS, KINDS, counted_columns

NAMES = {
    "interactions": ("kind", "rep_id", "channel"),
    "surveys": ("item", "source", "rep_id"),
    "contracts": ("plan",),
    "scheduled": ("kind",),
}
"""The tables whose rows are kept so, with the columns whose names are numbered."""

_OURS = {"kind": KINDS, "item": ITEMS}
_HASHED = ("id", "matter_id", "response_id", "contract_id", "scheduled_id")
IN_ORDER = {
    "interactions": "occurred_us",
    "surveys": f"occurred_us, {item_code_sql('r.item')}",
    "contracts": "occurred_us",
    "scheduled": "occurred_us",
}


def number_accounts(
    connection: duckdb.DuckDBPyConnection, ids: str = "select account_id from accounts"
) -> None:
    """Numbers the accounts from 0 in the order of their ids: ``numbered_accounts`` of ``number`` and ``account_id``.

    Args:
        connection: gets the table.
        ids: a query that gives the ids.
    """
    named = f"select account_id as name from ({ids})"
    _number(connection, "accounts", "account_id", named)
    numbered = "select cast(enum_code(code) as integer) as number, name as account_id"
    connection.execute(
        f"create table numbered_accounts as {numbered} from {_names('accounts', 'account_id')}"
    )


def number_names(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[Sequence[str] | None],
) -> None:
    """Numbers the names of a table's columns.

    Args:
        connection: gets a table ``names_of_{table}_{column}`` of ``name`` and ``code`` for each column.
        table: one of `NAMES`.
        names: of each of its columns, as `names_sql` lists them; ours are numbered anyway.
    """
    for column, found in zip(NAMES[table], names, strict=True):
        known = [*_OURS.get(column, ()), *(found or ())]
        _number(
            connection, table, column, "select unnest($1::varchar[]) as name", [known]
        )


def names_sql(table: str) -> list[str]:
    """Aggregates that list the names of each column of `NAMES`, over typed rows."""
    return [f"list(distinct {column})" for column in NAMES.get(table, ())]


def numbered_sql(table: str, rows: str, columns: Sequence[str]) -> str:
    """SQL that gives clean rows as they are kept, in order.

    Args:
        table: one of `NAMES`, whose names are numbered, as are the accounts.
        rows: a relation of clean rows, in texts.
        columns: those to keep; ``account``, the number of the account, is put before them.
    """
    number = "cast(enum_code(account.code) as integer) as account"
    kept = [number, *(f"{_kept(table, column)} as {column}" for column in columns)]
    joins = "\n".join(
        f"left join {_names(table, name)} as {name} on {name}.name = r.{name}"
        for name in NAMES[table]
    )
    return f"""\
select
    {listed(kept, 4)}
from (
    {indented(rows, 4)}
) as r
join {_names("accounts", "account_id")} as account on account.name = r.account_id
{joins}
order by enum_code(account.code), {IN_ORDER[table]}"""


def _kept(table: str, column: str) -> str:
    if column == "account_id":
        return "account.code"
    if column in NAMES[table]:
        return f"{column}.code"
    if column in _HASHED:
        return f"case when r.{column} is not null then cast(hash(r.{column}) >> 1 as bigint) end"
    if column == "kind_code":
        return "cast(kind.kind_code as utinyint)"
    return f"kind.{column}" if column in FLAGS else f"r.{column}"


def _names(table: str, column: str) -> str:
    return f"names_of_{table}_{column}"


def _number(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    names: str,
    values: Sequence[object] = (),
) -> None:
    """Numbers what a query gives as ``name``."""
    enumeration = f"{table}_{column}"
    named = f"select distinct name from ({names}) where name is not null order by name"
    connection.execute(f"create temp table unnumbered as {named}", list(values))
    connection.execute(
        f"create type {enumeration} as enum (select name from unnumbered)"
    )
    columns = ["name", f"cast(name as {enumeration}) as code"]
    if column == "kind":
        columns += counted_columns("name")
    connection.execute(f"""
        create table {_names(table, column)} as
        select
            {listed(columns, 12)}
        from unnumbered""")
    connection.execute("drop table unnumbered")
