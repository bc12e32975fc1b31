"""What the sources of a book hold of an account: its ids, its rows, and since when it is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from features import engine
from features.book.raw import columns_of, explained
from features.cleaning.rows import typed_sql
from features.cleaning.values import text_sql
from features.engine import single
from features.sources.book_toml import read_settings
from features.sources.erased import NAMING, named_sql
from features.sources.tables import at_home, find_sources

Ids = Collection[str]


@dataclass(frozen=True)
class Held:
    """What sources hold of some accounts.

    Attributes:
        ids: the accounts, and all ids that were merged with them, one into the other.
        rows: by table, those that have any.
        opened: the first day of any of them; None where the sources do not tell it.
    """

    ids: frozenset[str]
    rows: Mapping[str, int]
    opened: date | None


def held_by(book: Path, asked: Ids) -> Held:
    """What the sources of a book hold of some accounts.

    Args:
        book: its folder.
        asked: ids of the accounts.

    Raises:
        BookError: a table cannot be read.
    """
    settings, absolute = read_settings(book), book.resolve()
    home = absolute if settings.has_queries else None
    with closing(engine.connect()) as connection, at_home(home):
        sources = find_sources(connection, absolute, settings)
        ids = frozenset(asked)
        if "merges" in sources:
            with explained(connection, "merges", sources["merges"]):
                ids = merged_with(ids, _merges(connection))
        rows = {}
        for table, query in sources.items():
            with explained(connection, table, query):
                rows[table] = _rows(connection, table, ids)
        opened = _opened(connection, sources["accounts"], ids)
    return Held(ids, {table: many for table, many in rows.items() if many}, opened)


def merged_with(ids: Ids, merges: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Some ids, and all that were merged with them: into them, or they into those, at once or through others.

    Example:
        >>> sorted(merged_with({"B"}, [("A", "B"), ("B", "C"), ("X", "Y")]))
        ['A', 'B', 'C']
    """
    found, pairs = {*ids}, [{*pair} for pair in merges]
    while True:
        more = {one for pair in pairs if pair & found for one in pair} - found
        if not more:
            return frozenset(found)
        found |= more


def _merges(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    pair = f"{text_sql('from_id')}, {text_sql('into_id')}"
    query = f"select {pair} from raw_merges"
    found = connection.execute(query).fetchall()
    return [(str(one), str(into)) for one, into in found if one and into]


def _rows(connection: duckdb.DuckDBPyConnection, table: str, ids: Ids) -> int:
    columns = [
        name for name in NAMING.get(table, ()) if name in columns_of(connection, table)
    ]
    if not columns:
        return 0
    query = f"select count(*) from raw_{table} as raw where {named_sql(columns, ids)}"
    return int(single(connection, query))


def _opened(
    connection: duckdb.DuckDBPyConnection, query: str | None, ids: Ids
) -> date | None:
    with explained(connection, "accounts", query):
        present = columns_of(connection, "accounts")
        typed = typed_sql("accounts", "raw_accounts", present)
        named = named_sql(["account_id"], ids)
        first = f"select min(opened_at) from ({typed}) as raw where {named}"
        opened = single(connection, first)
    return None if opened is None else opened.date()
