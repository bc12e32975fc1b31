"""What queries read of an attached database: its tables, and of each the columns that may be meant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from features.engine import DUCKDB, single
from features.errors import BookError


@dataclass(frozen=True)
class Reference:
    """A table that queries read.

    Attributes:
        place: of the first of them in ``book.toml``.
        words: all that they say, in lower case, which holds the names of the columns that they read; None where a
            column may be read without its name, such as by a star.
    """

    place: str
    words: frozenset[str] | None


Table = tuple[str, str]
"""A schema, and a table in it."""


def references(
    connection: duckdb.DuckDBPyConnection, database: str, queries: Mapping[str, str]
) -> dict[Table, Reference]:
    """The tables of a database that queries read, in the order in which they are first read.

    Args:
        connection: what parses them; nothing is run.
        database: its name, the first part of the names of its tables.
        queries: by their place in ``book.toml``; of those that cannot be parsed, or that pivot, none is told.

    Raises:
        BookError: a name of a table has no schema.
    """
    found: dict[Table, Reference] = {}
    for place, query in queries.items():
        nodes = list(_nodes(_parsed(connection, query)))
        words = _words(nodes)
        for table in _tables(nodes, database, place):
            before = found.get(table, Reference(place, frozenset()))
            found[table] = Reference(before.place, _both(before.words, words))
    return found


def texts_of(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    """All names and texts of a query, the paths of the files that it reads among them; none of one that pivots."""
    return set(_all_texts(_nodes(_parsed(connection, query))))


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    literal = DUCKDB.literal(query)
    return json.loads(single(connection, f"select json_serialize_sql({literal})"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of a tree, from the top down."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def _tables(
    nodes: Iterable[dict[str, Any]], database: str, place: str
) -> Iterator[Table]:
    for node in nodes:
        if node.get("type") != "BASE_TABLE":
            continue
        path = node["qualified_name"]["path"]
        if path[0].lower() != database or len(path) == 1:
            continue
        if len(path) != 3:
            raise BookError(
                where=f"book.toml, {place}",
                found=".".join(path),
                expected=f"{database}.SCHEMA.TABLE, such as {database}.public.{path[-1]}",
                mend="name the schema, too",
            )
        yield path[1], path[2]


def _words(nodes: list[dict[str, Any]]) -> frozenset[str] | None:
    rows = {
        name.lower()
        for node in nodes
        if node.get("type") == "BASE_TABLE"
        for name in (node["table_name"], node["alias"])
    }
    if any(_reads_unnamed(node, rows) for node in nodes):
        return None
    return frozenset(text.lower() for text in _all_texts(nodes))


def _reads_unnamed(node: dict[str, Any], rows: set[str]) -> bool:
    """Whether it reads columns by a star, a place, what two tables share, or as a whole row."""
    type_ = node.get("type")
    if type_ == "COLUMN_REF":
        return node["column_names"][-1].lower() in rows
    if type_ == "BASE_TABLE":
        return bool(node["column_name_alias"])
    by_place = type_ in ("STAR", "POSITIONAL_REFERENCE")
    return by_place or node.get("ref_type") == "NATURAL"


def _all_texts(nodes: Iterable[dict[str, Any]]) -> Iterator[str]:
    return _texts([list(node.values()) for node in nodes])


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    if isinstance(tree, list):
        for branch in tree:
            yield from _texts(branch)


def _both(
    words: frozenset[str] | None, others: frozenset[str] | None
) -> frozenset[str] | None:
    return None if words is None or others is None else words | others
