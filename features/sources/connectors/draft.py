"""Drafts: the views and tables of a book that are made of exports, and what is to be told of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from features.engine import connect, single
from features.sources.connectors.export import Export
from features.sources.connectors.query import Query, make
from features.sources.connectors.several import put_together
from features.sources.connectors.staged import lacking, staged
from features.sources.connectors.vendor import Part, Words

_AND = "\n\nunion all by name\n\n"


@dataclass(frozen=True)
class Draft:
    """A book to be written.

    Attributes:
        views: by name, each after those that it reads.
        tables: by name.
        empty: the tables for which the exports have no row, by name.
        quiet_days: who is quiet for longer has left; None where departures tell, or the book.
        told: what the exports lack and what is left out of them, each as a sentence.
        words: kinds and items that the tables speak of and Pinch does not know, by sort and name.
    """

    views: Mapping[str, Query]
    tables: Mapping[str, Query]
    empty: Mapping[str, Query]
    quiet_days: int | None
    told: Sequence[str]
    words: Mapping[str, Words]


def draft_of(exports: Sequence[Export], match_domains: bool = False) -> Draft:
    """The book of some exports, whose files are read, relative paths from the working directory.

    Args:
        exports: one, or several, whose accounts are put together.
        match_domains: whether accounts of several exports are one where they share a domain.

    Raises:
        BookError: a file cannot be read.
    """
    with connect() as connection:
        views: dict[str, Query] = {}
        for export in exports:
            views |= _views(export)
        make(connection, views)
        found = {export.vendor.name: _tables(export) for export in exports}
        if len(exports) == 1:
            (tables,) = found.values()
        else:
            more, tables = put_together(connection, found, match_domains)
            views |= more
        empty = {
            table: query
            for table, query in tables.items()
            if not _count(connection, query)
        }
        told = [said for export in exports for said in _told(connection, export)]
    tables = {table: query for table, query in tables.items() if table not in empty}
    given = [export.vendor.quiet_days for export in exports]
    quiet_days = (
        None if "departures" in tables else max(filter(None, given), default=None)
    )
    views = _read_by(tables, views)
    text = "\n".join(query.sql for query in [*views.values(), *tables.values()])
    words = {sort: _spoken(exports, sort, text) for sort in ("kinds", "items")}
    return Draft(views, tables, empty, quiet_days, told, words)


def _views(export: Export) -> dict[str, Query]:
    """The views of a vendor, those of its files first."""
    vendor = export.vendor
    views = {
        f"{vendor.name}_{source.name}": staged(export, source)
        for source in vendor.sources
    }
    parts: dict[str, list[Part]] = {}
    for part in _standing(export, vendor.views):
        parts.setdefault(part.name, []).append(part)
    return views | {
        name: Query(its[0].about, _AND.join(part.sql for part in its))
        for name, its in parts.items()
    }


def _tables(export: Export) -> dict[str, Query]:
    """The tables that an export can tell of, each of the parts that stand."""
    tables = {}
    for table, parts in export.vendor.tables.items():
        said = [f"-- {part.about}.\n{part.sql}" for part in _standing(export, parts)]
        if said:
            tables[table] = Query("", _AND.join(said))
    return tables


def _standing(export: Export, parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.stands(export.there)]


def _count(connection: duckdb.DuckDBPyConnection, query: Query) -> int:
    return int(single(connection, f"select count(*) from ({query.sql}\n)"))


def _told(connection: duckdb.DuckDBPyConnection, export: Export) -> list[str]:
    """What an export lacks, and how many rows of it are left out, each as a sentence."""
    said = lacking(export)
    for part in _standing(export, export.vendor.told):
        number = int(single(connection, part.sql))
        if number:
            said.append(f"{export.vendor.title}: {part.about}: {number:,}.")
    return said


def _spoken(
    exports: Iterable[Export], sort: str, text: str
) -> dict[str, Mapping[str, object]]:
    """The words of a sort that the vendors declare and that stand in the queries of the book."""
    return {
        name: said
        for export in exports
        for name, said in export.vendor.words[sort].items()
        if f"'{name}'" in text
    }


def _read_by(
    tables: Mapping[str, Query], views: Mapping[str, Query]
) -> dict[str, Query]:
    """The views that tables read, and those that these read."""
    read = "\n".join(query.sql for query in tables.values())
    kept = []
    for name, query in reversed(list(views.items())):
        if re.search(rf"\b{name}\b", read):
            kept.append((name, query))
            read = f"{read}\n{query.sql}"
    return dict(reversed(kept))
