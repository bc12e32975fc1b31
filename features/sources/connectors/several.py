"""Several exports in one book: ids with the name of their source, accounts and reps put together where they match."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import duckdb

from features.engine import indented, listed
from features.sources.connectors.matching import matching
from features.sources.connectors.query import Query, make

ONE_OF_EACH = {"accounts": "account_id", "labels": "account_id", "reps": "rep_id"}
"""Tables with one row an account or a rep, by the column that names it."""

FIRST_OF = ("opened_at", "hired_at")
"""Columns of these tables of which the earliest counts; of all others what the first source says."""

OF_ACCOUNTS = ("account_id", "from_id", "into_id")
"""Columns that name an account."""

Found = Mapping[str, Mapping[str, Query]]
"""The tables of each source by its name, in the order in which accounts are looked for."""


def put_together(
    connection: duckdb.DuckDBPyConnection, found: Found, match_domains: bool
) -> tuple[dict[str, Query], dict[str, Query]]:
    """The views and the tables of a book of several exports.

    Args:
        connection: has the views of each; gets those that are given.
        found: the tables of each.
        match_domains: whether accounts that share a domain with one of an earlier source are that one, and reps that
            share an address of mail; see `features.sources.connectors.matching`.
    """
    views = {
        f"{source}_{table}": Query(f"The {table} of {source}.", query.sql)
        for source, tables in found.items()
        for table, query in tables.items()
    }
    matched = matching(connection, found) if match_domains else {}
    views |= matched
    make(connection, views)
    tables: dict[str, Query] = {}
    for table in dict.fromkeys(name for named in found.values() for name in named):
        places = [
            (place, source)
            for place, (source, named) in enumerate(found.items(), start=1)
            if table in named
        ]
        columns = {
            source: _columns(connection, f"{source}_{table}") for _, source in places
        }
        rows = [
            _rows(source, table, place, columns[source], matched)
            for place, source in places
        ]
        united = "\n\nunion all by name\n\n".join(rows)
        if table in ONE_OF_EACH:
            key = ONE_OF_EACH[table]
            united = _one_of_each(united, key, columns.values())
        if table == "merges":
            within = indented(united, 4)
            united = f"select *\nfrom (\n    {within}\n)\nwhere from_id <> into_id"
        tables[table] = Query("", united)
    return views, tables


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    described = connection.execute(f"describe {view}").fetchall()
    return [str(name) for name, *_ in described]


def _rows(
    source: str,
    table: str,
    place: int,
    columns: Sequence[str],
    matched: Container[str],
) -> str:
    """The rows of a source in a table, with its name before every id."""
    replaced = []
    for name in columns:
        value = f"'{source}:' || mine.{name}"
        thing = "account" if name in OF_ACCOUNTS else name.removesuffix("_id")
        if f"same_{thing}" in matched:
            same = f"select {thing}_id from same_{thing} where id = {value}"
            replaced.append(f"coalesce(({same}), {value}) as {name}")
        elif name.endswith("_id"):
            replaced.append(f"{value} as {name}")
    first = f"{place} as place,\n    " if table in ONE_OF_EACH else ""
    kept = listed(replaced, 8)
    lines = [
        f"select\n    {first}mine.* replace (\n        {kept}\n    )",
        f"from {source}_{table} as mine",
    ]
    return "\n".join(lines)


def _one_of_each(rows: str, key: str, columns: Iterable[Sequence[str]]) -> str:
    """One row an account or a rep: when it first came, and what the first source that knows it says."""
    names = dict.fromkeys(name for named in columns for name in named)
    first = {name: f"min({name}) as {name}" for name in FIRST_OF} | {key: key}
    kept = [first.get(name, f"arg_min({name}, place) as {name}") for name in names]
    said = listed(kept, 4)
    return f"select\n    {said}\nfrom (\n    {indented(rows, 4)}\n)\ngroup by {key}"
