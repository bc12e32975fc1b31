"""Where the tables of a book come from: files in its folder, or queries over any other files.

A book is a folder with a file per table, such as ``interactions.parquet``, ``.csv``, ``.csv.gz``, ``.jsonl`` or
``.xlsx``, or a folder ``interactions/`` of such files, all of one form; or it has a ``book.toml`` that gives, table by
table, the SQL that makes it from other files (see `features.sources.book_toml`). Names after a dollar sign are settings
of the environment; relative paths start at the book's folder; ``read_xlsx('crm.xlsx', sheet = 'Customers')`` reads a
sheet, all of it as text; ``pg.public.orders`` is a table of PostgreSQL, see `features.sources.postgres`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path

import duckdb

from features.errors import BookError
from features.sources.connections import Connection, connected_sql
from features.sources.files import FORMS, form_of, read_files
from features.sources.postgres import Load, Snapshot, load_postgres
from features.sources.postgres_wanted import DATABASE
from features.sources.queries import fill, make_views, view_query
from features.sources.references import references
from features.sources.settings import Settings
from features.vocabulary.contract import TABLES

_ELSEWHERE = threading.Lock()


@contextmanager
def at_home(home: Path | None) -> Iterator[None]:
    """Runs queries where relative paths start at a book's folder; of a book without queries of its own, None, anywhere.

    DuckDB looks in the working directory before any search path, so a file of the same name there would be read.
    """
    if home is None:
        yield
        return
    with _ELSEWHERE, chdir(home):
        yield


def find_sources(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    load: Load = Snapshot.load,
) -> dict[str, str | None]:
    """Makes a view ``raw_{table}`` of each table that the book has.

    Args:
        connection: where to make them.
        folder: the book's, as an absolute path.
        settings: what its ``book.toml`` says.
        load: makes the tables of PostgreSQL that its queries read.

    Returns:
        The tables, in the contract's order, each with the query that makes it, if one does.

    Raises:
        BookError: a required table is missing, a file cannot be read, or a query cannot be run.
    """
    queries = {place: fill(place, its) for place, its in settings.statements.items()}
    read = references(connection, DATABASE, queries)
    load_postgres(connection, settings.postgres, read, load)
    make_views(connection, settings.views)
    sources: dict[str, str | None] = {}
    for name in TABLES:
        connected = settings.connected(name)
        if connected:
            sources[name] = _connect(connection, name, settings, connected)
        elif name in settings.queries:
            place, query = f"tables.{name}", settings.queries[name]
            sources[name] = view_query(connection, f"raw_{name}", place, query)
        elif view_files(connection, folder, name):
            sources[name] = None
    return sources


def view_files(connection: duckdb.DuckDBPyConnection, folder: Path, table: str) -> bool:
    """Makes the view ``raw_{table}`` of a table's files; whether there are any.

    Raises:
        BookError: a required table has none, or a file cannot be read.
    """
    files = files_of(folder, table)
    if files:
        relation = read_files(connection, table, files)
        connection.execute(f"create view raw_{table} as select * from {relation}")
        return True
    _require_no_other_form(folder, table)
    if TABLES[table].required:
        raise _missing(folder, table)
    return False


def _connect(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    settings: Settings,
    connected: Sequence[Connection],
) -> str:
    """Makes the view of a table that is put together of several connections, and gives its query."""
    beside = None
    if table in settings.queries:
        beside, place = f"of_book_{table}", f"tables.{table}"
        view_query(connection, beside, place, settings.queries[table])
    query = connected_sql(connection, table, connected, beside)
    connection.execute(f"create view raw_{table} as\n{query}")
    return query


def _missing(folder: Path, table: str) -> BookError:
    expected = (
        f"{_forms(table)}, a folder {table}/ of such files, or a query in book.toml"
    )
    return BookError(
        where=str(folder), found=f"no table {table}", expected=expected, mend="add it"
    )


def _forms(table: str) -> str:
    return ", ".join(f"{table}{form}" for form in FORMS)


def _require_no_other_form(folder: Path, table: str) -> None:
    """Refuses files that bear the name of a table and would not be read, so that it is not taken for absent."""
    there = [
        file for file in folder.iterdir() if file.name.lower().split(".")[0] == table
    ]
    unread = sorted(
        f"{file.name}/ without such files" if file.is_dir() else file.name
        for file in there
    )
    if unread:
        raise BookError(
            where=str(folder),
            found=", ".join(unread),
            expected=f"{_forms(table)}, or a folder {table}/ of such files",
            mend="save it in one of these forms, or give it another name where it is no table of the book",
        )


def files_of(folder: Path, table: str) -> list[Path]:
    """The files of a table: the one of its name, or all in the folder of its name.

    Raises:
        BookError: there are both, or files of several forms.
    """
    found = [
        folder / f"{table}{form}"
        for form in FORMS
        if (folder / f"{table}{form}").exists()
    ]
    parts = sorted(
        file
        for file in (folder / table).rglob("*")
        if form_of(file) and not file.name.startswith((".", "_"))
    )
    if len(found) + bool(parts) > 1:
        named = " and ".join(
            [file.name for file in found] + ([f"{table}/"] if parts else [])
        )
        expected = "one of them, as nothing tells which to read"
        raise BookError(
            where=str(folder), found=named, expected=expected, mend="remove the others"
        )
    forms = sorted({form_of(file).removesuffix(".gz") for file in parts})
    if len(forms) > 1:
        mixed = f"parts that end in {' and '.join(forms)}"
        raise BookError(
            where=str(folder / table),
            found=mixed,
            expected="parts of one form",
            mend="convert the others",
        )
    return found or parts
