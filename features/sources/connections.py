"""Connections: tables put together of several systems, whose ids are told apart by a prefix for each.

[connections.zendesk]
prefix = "zd:"
shared = ["account_id"]           # ids that are the same in all systems get no prefix
tables.interactions = "select ... from 'tickets.csv'"

[connections.shop]
prefix = "shop:"
tables.accounts = "select ... from 'customers.csv'"
tables.interactions = "select ... from 'orders.csv'"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from features.sources.part import quoted
from features.sources.queries import view_query
from features.vocabulary.contract import TABLES

IDS = tuple(
    dict.fromkeys(
        column.name
        for table in TABLES.values()
        for column in table.columns
        if column.name.endswith("_id")
    )
)
"""The columns of the contract that hold ids."""


@dataclass(frozen=True)
class Connection:
    """One of several systems that a book is made of.

    Attributes:
        name: as in ``book.toml``.
        prefix: put before each of its ids.
        shared: the columns of ids that are the same in all systems.
        queries: SQL by table.
    """

    name: str
    prefix: str = ""
    shared: tuple[str, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)


def connected_sql(
    database: duckdb.DuckDBPyConnection,
    table: str,
    connections: Sequence[Connection],
    beside: str | None,
) -> str:
    """Makes a view of each connection's query for a table, and gives the SQL that puts them together.

    Args:
        database: where to make them.
        table: a name of the contract.
        connections: those that have it.
        beside: a relation that has rows of the table without a prefix, if one does.

    Raises:
        BookError: a query cannot be run.
    """
    parts = [] if beside is None else [f"select * from {beside}"]
    for each in connections:
        view = f"of_{each.name}_{table}"
        place = f"connections.{each.name}.tables.{table}"
        view_query(database, view, place, each.queries[table])
        described = database.execute(f"describe {view}").fetchall()
        columns = [str(name) for name, *_ in described]
        parts.append(f"select {', '.join(_prefixed(columns, each))} from {view}")
    return "\nunion all by name\n".join(parts)


def _prefixed(columns: Sequence[str], connection: Connection) -> list[str]:
    told_apart = set(IDS) - set(connection.shared)
    return [
        _with_prefix(name, connection.prefix) if name in told_apart else f'"{name}"'
        for name in columns
    ]


def _with_prefix(name: str, prefix: str) -> str:
    """An id with a prefix; a blank one stays missing."""
    return f"{quoted(prefix)} || nullif(trim(cast({name} as varchar)), '') as {name}"
