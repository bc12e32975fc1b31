"""Where the tables of a book come from: files in its folder, or queries over any other files.

A book is a folder with a file per table, ``interactions.parquet`` or ``interactions.csv``, or a folder of Parquet files
``interactions/``; or it has a ``book.toml`` that gives, table by table, the SQL that makes it from other files (see
`features.settings`). Names after a dollar sign are settings of the environment; relative paths start at the book's
folder.
"""

from __future__ import annotations

import csv
import os
import string
from pathlib import Path

from features.contract import TABLES
from features.errors import BookError
from features.settings import Settings


def find_sources(folder: Path, settings: Settings) -> dict[str, str]:
    """The relation to read each table from, as SQL, in the contract's order.

    Raises:
        BookError: a required table is missing, or a query names a setting that is not set.
    """
    queries = settings.queries
    found = {}
    for name, table in TABLES.items():
        source = _query(name, queries[name]) if name in queries else _file(folder, name)
        if source:
            found[name] = source
        elif table.required:
            expected = f"{name}.parquet, {name}.csv, a folder {name}/ of Parquet files, or a query in book.toml"
            raise BookError(where=str(folder), found=f"no table {name}", expected=expected, mend="add it")
    return found


def _file(folder: Path, table: str) -> str | None:
    parquet, comma_separated, parts = folder / f"{table}.parquet", folder / f"{table}.csv", folder / table
    if parquet.exists():
        return f"read_parquet({_text(str(parquet))})"
    if comma_separated.exists():
        return _csv(comma_separated)
    if parts.is_dir():
        return f"read_parquet({_text(str(parts / '**' / '*.parquet'))})"
    return None


def _csv(file: Path) -> str:
    """A CSV file with a header."""
    try:
        with file.open("rb") as lines:
            header = lines.readline().decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise BookError(
            where=f"table {file.stem}",
            found="bytes that are no UTF-8",
            expected="text in UTF-8",
            mend="save it as UTF-8",
        ) from None
    delimiter, names = read_header(header)
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    how = f"auto_detect = false, header = true, delim = {_text(delimiter)}, quote = '\"', columns = {{{columns}}}"
    return f"read_csv({_text(str(file))}, {how})"


def read_header(header: str) -> tuple[str, list[str]]:
    """The delimiter of a CSV file, the one its header has most of: tab, semicolon or comma; and the columns' names."""
    delimiter = max("\t;,", key=header.count)
    (names,) = csv.reader([header], delimiter=delimiter)
    return delimiter, [name.strip() for name in names]


def _query(table: str, query: str) -> str:
    try:
        filled = string.Template(query).substitute(os.environ)
    except ValueError:
        raise BookError(
            where=f"book.toml, tables.{table}",
            found="a dollar sign that names no setting",
            expected="a name after it, such as $PINCH_DATA",
            mend="write $$ for a dollar sign",
        ) from None
    except KeyError as missing:
        name = str(missing).strip("'")
        raise BookError(
            where=f"book.toml, tables.{table}",
            found=f"${name}, which is not set",
            expected=f"the setting {name} in the environment",
            mend=f"export {name}=FOLDER",
        ) from None
    return f"({filled})"


def _text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"
