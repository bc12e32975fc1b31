"""Columns of a file by what fields call them, the fields of objects that a column holds among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from features.engine import DUCKDB
from features.sources.connectors.forms import Column
from features.sources.connectors.names import bare, column_name


def columns_of(
    connection: duckdb.DuckDBPyConnection, relation: str
) -> dict[str, Column]:
    """The columns of a relation by their bare names, see `features.sources.connectors.names`; of several the first.

    A field of an object is named by both: ``channel`` of ``via`` is ``viachannel``, unless a column is called so.
    """
    read = connection.table(relation)
    types = dict(zip(read.columns, read.types, strict=True))
    found: dict[str, Column] = {}
    for name, type_ in types.items():
        found.setdefault(bare(column_name(name)), Column(name, str(type_)))
    keys = {
        name: _keys(connection, relation, name)
        for name in _texts(connection, relation, types)
    }
    for name, type_ in types.items():
        if type_.id == "struct":
            keys[name] = [key for key, _ in type_.children]
    for name, its in keys.items():
        for key in its:
            inside = Column(name, "VARCHAR", key=key)
            found.setdefault(bare(column_name(f"{name}_{key}")), inside)
    return found


def _texts(
    connection: duckdb.DuckDBPyConnection, relation: str, types: Mapping[str, object]
) -> list[str]:
    """The columns of texts that hold an object, or what begins as one."""
    texts = [name for name, type_ in types.items() if str(type_) in ("VARCHAR", "JSON")]
    begins = [
        f"bool_or(starts_with(cast({DUCKDB.quoted(name)} as varchar), '{{'))"
        for name in texts
    ]
    if not texts:
        return []
    query = f"select {', '.join(begins)} from {relation}"
    (found,) = connection.execute(query).fetchall()
    return [name for name, holds in zip(texts, found, strict=True) if holds]


def _keys(
    connection: duckdb.DuckDBPyConnection, relation: str, column: str
) -> Iterable[str]:
    """The keys of the objects that a column of texts holds, if it holds any."""
    written = DUCKDB.quoted(column)
    query = f"""
        select distinct unnest(json_keys(object)) as key
        from (
            select try_cast({written} as json) as object
            from {relation}
            where starts_with(cast({written} as varchar), '{{')
        )
        where json_type(object) = 'OBJECT'
        order by key"""
    return [str(key) for (key,) in connection.execute(query).fetchall()]
