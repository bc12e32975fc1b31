"""What is wrong with a file or a query, in words: DuckDB's own may hold what a row holds, and ours never do."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from features.errors import BookError
from features.sources.headers import not_utf_8

_SPEAKS_OF_SQL = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
)
_WRITE_OUT = "write the data out as Parquet or CSV first"
_SHEETS = "write read_xlsx('FILE.xlsx', sheet = 'NAME'), without other options, or save it as CSV"


@dataclass(frozen=True)
class _Lacking:
    """What DuckDB could read only with an extension, which it would fetch from the internet, and what to do instead."""

    found: str
    mend: str


_NETWORK = _Lacking(
    "an address on the network",
    "copy the files to this machine first, or score with --engine spark",
)
_SHEET = _Lacking("a workbook that is read in another way than can be", _SHEETS)
_SQLITE = _Lacking(
    "a SQLite database that is read in another way than can be",
    "write sqlite_scan('FILE', 'TABLE')",
)
_BY_EXTENSION = {
    "httpfs": _NETWORK,
    "azure": _NETWORK,
    "aws": _NETWORK,
    "excel": _SHEET,
    "spatial": _SHEET,
    "sqlite_scanner": _SQLITE,
    "encodings": _Lacking(
        "an encoding other than utf-8, utf-16 and latin-1", "save the file as UTF-8"
    ),
}
_BY_SUFFIX = {
    "xlsx": _SHEET,
    "xls": _SHEET,
    "sqlite": _SQLITE,
    "sqlite3": _SQLITE,
    "db": _SQLITE,
}
_EXTENSION = re.compile(
    r"extension \"?(?:[^\"\s]*/)?(\w+?)(?:\.duckdb_extension)?\"?[\s.]|the (\w+) extension",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?:reading the file|Table with name) \"?[^\"\n]*\.(\w+)\"?")


def unreadable(table: str, error: duckdb.Error, query: str | None = None) -> BookError:
    """What is wrong with a table: of an error on a row its line and no value, of one in a query its place there.

    Args:
        table: a name of the contract, or a view's, such as ``views.sales``.
        error: DuckDB's.
        query: the one that makes the table, where one does.
    """
    message = str(error)
    lacking = _lacking(message)
    if lacking is not None:
        return BookError(
            where=_where(table),
            found=lacking.found + place_in(query, message),
            expected="files on this machine that DuckDB reads by itself: it fetches no extensions",
            mend=lacking.mend,
        )
    if query is not None and "CSV Error" not in message:
        return BookError(
            where=_where(table),
            found=(_misfit(message) or _sentence(error)) + place_in(query, message),
            expected="a query that runs",
            mend=f"correct {_place(table)} in book.toml" + _trying(error, message),
        )
    return _of_a_file(table, error)


def _place(table: str) -> str:
    return table if "." in table else f"tables.{table}"


def _where(table: str) -> str:
    return f"book.toml, {table}" if "." in table else f"table {table}"


def place_in(query: str | None, message: str) -> str:
    """DuckDB's line and caret, where the line is one of the query's own; otherwise an empty text."""
    shown = re.search(r"^LINE \d+: (.*)\n *\^+", message, re.MULTILINE)
    if shown is None or query is None or shown.group(1).strip(". ") not in query:
        return ""
    return f"\n{shown.group(0)}\n"


def _misfit(message: str) -> str | None:
    """What `strptime` could not read, by its format and without the value."""
    form = re.search(r"according to format specifier \"([^\"]*)\"", message)
    return f"a value that is not in the form {form.group(1)}" if form else None


def _trying(error: duckdb.Error, message: str) -> str:
    """How values that do not fit are left out and counted rather than stop the query."""
    if _misfit(message):
        return "; with try_strptime what does not fit is set aside and counted"
    if isinstance(error, duckdb.ConversionException):
        return "; with try_cast what cannot be converted is missing"
    return ""


def _lacking(message: str) -> _Lacking | None:
    extension = _EXTENSION.search(message)
    if extension and ("INSTALL" in message or "encodings" in message):
        name = (extension.group(1) or extension.group(2)).lower()
        return _BY_EXTENSION.get(
            name, _Lacking(f"what needs DuckDB's extension {name}", _WRITE_OUT)
        )
    file = _FILE.search(message)
    return _BY_SUFFIX.get(file.group(1).lower()) if file else None


def _sentence(error: duckdb.Error) -> str:
    """The first sentence of an error that speaks of a query or a path; of others, which may hold values, their kind."""
    if isinstance(error, (*_SPEAKS_OF_SQL, duckdb.IOException)):
        return str(error).splitlines()[0]
    return (
        re.sub(
            r"(?<!^)([A-Z])", r" \1", type(error).__name__.removesuffix("Exception")
        ).lower()
        + " error"
    )


def _of_a_file(table: str, error: duckdb.Error) -> BookError:
    message = str(error)
    line = re.search(r"[Ll]ine:? (\d+)", message)
    file = re.search(r"^ *file = (.*)$", message, re.MULTILINE)
    name = re.split(r"[/\\]", file.group(1))[-1] if file else ""
    place = " of ".join(
        part for part in (f"line {line.group(1)}" if line else "", name) if part
    )
    if "utf-8" in message or "unicode" in message.lower():
        return not_utf_8(table, place, name)
    fields = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if fields:
        here, there = int(fields.group(1)), int(fields.group(2))
        found = (
            f"a row of {there} fields"
            if there < here
            else f"a row of more than {here} fields"
        )
        expected = f"{here} fields, as the header has"
    elif "unterminated quote" in message:
        found = "a quote that is not closed"
        expected = "a second quote before the next field"
    elif "Malformed JSON" in message:
        found, expected = "a line that is no JSON", "an object in each line"
    else:
        found = _sentence(error)
        expected = (
            "a table that can be read, with the header's number of fields in each row"
        )
    where = _where(table) + (f", {place}" if place else "")
    return BookError(
        where=where, found=found, expected=expected, mend="correct its file"
    )
