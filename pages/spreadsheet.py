"""Tables that spreadsheets open: CSV in which no text can act as a formula, and which reads back exactly.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, whoever wrote it there. So a
text that begins so, also after white space, gets an apostrophe in front (OWASP, "CSV Injection"). The same is done
inside a text after what a spreadsheet set otherwise may take for the end of a cell: a comma, a semicolon, a quote.

Texts stand in quotes; numbers, days and flags do not; what is missing is nothing at all. That tells them apart when the
table is read: a negative number is a number, and the account "007" is no seven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from numbers import Number
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

ENCODING = "utf-8-sig"
"""UTF-8 with its mark, without which Excel takes it for another encoding."""

_FORMULA = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
_BEGINNING = rf"(?:^(?=[\s']*{_FORMULA})|(?<=[,;|\"\t\r\n])(?='*{_FORMULA}))"
_UNGUARDED = re.compile(_BEGINNING)
_GUARDED = re.compile(f"{_BEGINNING}'")
_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)')
_FLAGS = {"True": True, "False": False}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"-?\d+")


def as_csv(frame: pd.DataFrame) -> str:
    """A table as CSV, a line for its header and one for each row; the index is left out.

    Example:
        >>> print(as_csv(pd.DataFrame({"name": ["=1+1", None], "change": [-0.5, 2.0]})), end="")
        "name","change"
        "'=1+1",-0.5
        ,2.0
    """
    header = [_quoted(str(name)) for name in frame]
    columns = []
    for place in range(len(header)):
        values = frame.iloc[:, place].tolist()
        columns.append([_written(value) for value in values])
    lines = [header, *zip(*columns, strict=True)]
    return "".join(f"{','.join(cells)}\n" for cells in lines)


def read_table(file: Path) -> pd.DataFrame:
    """Reads a file that holds what `as_csv` gave, every text as it was before.

    Returns:
        A column with quotes is of texts; another is of flags, days (``datetime.date``), whole numbers or numbers, by
        what all its cells are, and of missing numbers where none has a value.
    """
    header, *rows = _rows(file.read_bytes().decode(ENCODING))
    columns = [_column([row[place] for row in rows]) for place in range(len(header))]
    return pd.concat(columns, axis=1, keys=[cell.text for cell in header])


def guarded(text: str) -> str:
    """A text in which a spreadsheet finds no formula.

    Example:
        >>> guarded("=1+1"), unguarded("'=1+1")
        ("'=1+1", '=1+1')
    """
    return _UNGUARDED.sub("'", text)


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return _GUARDED.sub("", text)


def _written(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    bare = is_day or isinstance(value, (Number, np.bool_))
    return str(value) if bare else _quoted(str(value))


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'


class _Cell(NamedTuple):
    """A cell as it was read: the text that stood in quotes, or else what stood there without any."""

    text: str | None
    bare: str | None


def _rows(written: str) -> Iterator[list[_Cell]]:
    row: list[_Cell] = []
    for match in _CELL.finditer(written):
        quoted, bare, end = match.groups()
        text = None if quoted is None else unguarded(quoted.replace('""', '"'))
        row.append(_Cell(text, bare))
        if end == "\n":
            yield row
            row = []


def _column(cells: Sequence[_Cell]) -> pd.Series:
    if any(cell.text is not None for cell in cells):
        return pd.Series([cell.text for cell in cells], dtype="str")
    values = [cell.bare or None for cell in cells]
    known = [value for value in values if value is not None]
    read, type_ = _reading(known)
    return pd.Series(
        [None if value is None else read(value) for value in values],
        dtype=type_ if known else "float",
    )


def _reading(known: Sequence[str]) -> tuple[Callable[[str], object], str]:
    """How to read each of the values, none of which is a text, and the type of their column."""
    if all(value in _FLAGS for value in known):
        return _FLAGS.__getitem__, "boolean"
    if all(_DAY.fullmatch(value) for value in known):
        return date.fromisoformat, "object"
    return (
        (int, "Int64")
        if all(_WHOLE.fullmatch(value) for value in known)
        else (float, "float")
    )
