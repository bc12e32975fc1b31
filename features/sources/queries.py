"""The queries of a ``book.toml``: settings filled in, sheets and SQLite loaded, each made a view."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Mapping
from pathlib import Path

import duckdb

from features.errors import BookError
from features.sources.sqlite import load_table
from features.sources.unreadable import place_in, unreadable
from features.sources.workbook import load_sheet

_SHEET = re.compile(
    r"""read_xlsx \s* \( \s* '(?P<file>[^']+)' \s* (, \s* sheet \s* :?= \s* '(?P<sheet>[^']+)' \s* )? \)
    | (?P<before> \b (from|join) \s+ ) '(?P<alone>[^']+\.xlsx)' """,
    re.IGNORECASE | re.VERBOSE,
)
_SQLITE = re.compile(
    r"sqlite_scan \s* \( \s* '(?P<file>[^']+)' \s* , \s* '(?P<table>[^']+)' \s* \)",
    re.IGNORECASE | re.VERBOSE,
)


def make_views(connection: duckdb.DuckDBPyConnection, views: Mapping[str, str]) -> None:
    """Makes the views that a ``book.toml`` gives, each of which may read those before it.

    Raises:
        BookError: a query cannot be run.
    """
    for name, query in views.items():
        view_query(connection, name, f"views.{name}", query)


def view_query(
    connection: duckdb.DuckDBPyConnection, view: str, place: str, query: str
) -> str:
    """Makes a view of a query, and gives the query as it is run.

    Args:
        connection: where to make it.
        view: its name.
        place: of the query in ``book.toml``, such as ``tables.accounts``.
        query: as it stands there.
    """
    query = _with_loaded(connection, place, fill(place, query))
    name = place.removeprefix("tables.")
    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise BookError(
                where=f"book.toml, {place}",
                found=f"{len(statements)} statements"
                if len(statements) != 1
                else "another statement",
                expected="one query that begins with select, from or with",
                mend="correct it",
            )
        connection.execute(f"create view {view} as\n{query}")
    except duckdb.ParserException as error:
        raise unreadable(name, error, query) from None
    except duckdb.Error as error:
        raise unreadable(name, _placed(connection, query) or error, query) from None
    return query


def _placed(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Error | None:
    """The error of a query that is run by itself, which tells its place in it."""
    try:
        cursor = connection.cursor().execute(query)
        while cursor.fetchmany(10_000):
            pass
    except duckdb.Error as error:
        return error
    return None


def query_error(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    error: duckdb.Error,
    query: str | None,
) -> BookError:
    """What is wrong with a table that could not be read, with the place in the query that makes it."""
    if query is not None and not place_in(query, str(error)):
        error = _placed(connection, query) or error
    return unreadable(table, error, query)


def _with_loaded(connection: duckdb.DuckDBPyConnection, place: str, query: str) -> str:
    """A query with what DuckDB itself does not read, sheets and SQLite, as tables of the database."""
    table = place.rpartition(".")[2]

    def sheet(call: re.Match[str]) -> str:
        file = _found(place, call["file"] or call["alone"], "a workbook")
        name = f"loaded_{table}_sheet_{call.start()}"
        load_sheet(connection, name, file, table, call["sheet"])
        return f"{call['before'] or ''}{name}"

    def sqlite(call: re.Match[str]) -> str:
        file = _found(place, call["file"], "a SQLite database")
        name = f"loaded_{table}_sqlite_{call.start()}"
        load_table(connection, name, file, place, call["table"])
        return name

    return _SHEET.sub(sheet, _SQLITE.sub(sqlite, query))


def _found(place: str, file: str, what: str) -> Path:
    """A file that a query reads.

    Raises:
        BookError: it is not there.
    """
    if not Path(file).is_file():
        raise BookError(
            where=f"book.toml, {place}",
            found=f"no file {file}",
            expected=f"{what}; relative paths start at the book's folder",
            mend="correct the path",
        )
    return Path(file)


def fill(place: str, query: str) -> str:
    """A query with the settings of the environment that it names.

    Raises:
        BookError: one of them is not set.
    """
    try:
        return string.Template(query).substitute(os.environ)
    except ValueError:
        raise BookError(
            where=f"book.toml, {place}",
            found="a dollar sign that names no setting",
            expected="a name after it, such as $PINCH_DATA",
            mend="write $$ for a dollar sign",
        ) from None
    except KeyError as missing:
        name = str(missing).strip("'")
        raise BookError(
            where=f"book.toml, {place}",
            found=f"${name}, which is not set",
            expected=f"the setting {name} in the environment",
            mend=f"export {name}=FOLDER",
        ) from None
