"""The first line of a table in text: the names of its columns, and what separates them."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from features.errors import BookError

NAMELESS = "column {} without a name"
_VALUE = re.compile(r"[-+]?\d[\d.,:/ TZ+-]*|\S+@\S+\.\S+")
_SEPARATED_BY = re.compile(r'"?sep=([;,\t|])"?[;,\t ]*', re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """What the first lines of a CSV file say.

    Attributes:
        delimiter: between the fields.
        names: of the columns.
        skipped: lines before the header.
    """

    delimiter: str
    names: tuple[str, ...]
    skipped: int = 0


def read_header(table: str, file: Path) -> Header:
    """Reads the header of a CSV file, plain or in gzip.

    Raises:
        BookError: it is not in UTF-8, or not every column has a name of its own.
    """
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rb") as lines:
            return parse_header(
                f"{table}, {file.name}", (line.decode("utf-8-sig") for line in lines)
            )
    except csv.Error:
        raise BookError(
            where=f"table {table}, {file.name}",
            found="a header that cannot be read, or lines that end in a carriage return alone",
            expected="lines that end in a line feed, the first with the names of the columns",
            mend="save the file as CSV in UTF-8 anew",
        ) from None
    except UnicodeDecodeError as error:
        sixteen = error.object.startswith((b"\xff\xfe", b"\xfe\xff"))
        raise not_utf_8(
            table,
            f"line 1 of {file.name}",
            file.name,
            "utf-16" if sixteen else "latin-1",
        ) from None
    except (gzip.BadGzipFile, EOFError):
        raise BookError(
            where=f"table {table}, {file.name}",
            found="no gzip",
            expected="a file in gzip",
            mend="compress it anew",
        ) from None


def parse_header(table: str, lines: Iterable[str]) -> Header:
    """The header of a CSV file by its first lines.

    Excel's ``sep=;`` is heeded; otherwise the delimiter is that of tab, semicolon, bar and comma which it has most of.

    Raises:
        BookError: not every column has a name of its own.
    """
    rest = iter(lines)
    first = next(rest, None)
    if first is None:
        raise BookError(
            where=f"table {table}",
            found="an empty file",
            expected="the names of the columns in the first line",
            mend="write it anew, or remove it",
        )
    said, skipped = _SEPARATED_BY.fullmatch(first.rstrip("\r\n")), 0
    if said:
        first, skipped = next(rest, ""), 1
    delimiter = said.group(1) if said else max("\t;|,", key=first.count)
    names: list[str] = next(csv.reader(chain([first], rest), delimiter=delimiter), [])
    return Header(delimiter, tuple(proper_names(table, names)), skipped)


def proper_names(table: str, names: Iterable[str]) -> list[str]:
    """The names of columns, without blanks around them; one that is empty is told by its place.

    Raises:
        BookError: there are none, two are the same but for case, or they are values.
    """
    stripped = [name.strip() for name in names]
    where = f"table {table}, header"
    if not any(stripped):
        raise BookError(
            where=where,
            found="a first line without names",
            expected="the names of the columns in the first line",
            mend="remove the lines before them, or add them",
        )
    values = sum(bool(_VALUE.fullmatch(name)) for name in stripped)
    if values:
        raise BookError(
            where=where,
            found=f"{values} numbers, dates or addresses where names should be",
            expected="the names of the columns in the first line",
            mend="add a line with the names, or give each column one that begins with a letter",
        )
    named = Counter(name.lower() for name in stripped if name)
    twice = [name for name, times in named.items() if times > 1]
    if twice:
        raise BookError(
            where=where,
            found=f"{', '.join(twice)} more than once",
            expected="a name of its own for each column",
            mend="rename or remove the repeated columns",
        )
    return [
        name or NAMELESS.format(place) for place, name in enumerate(stripped, start=1)
    ]


def not_utf_8(
    table: str, place: str, file: str, encoding: str = "latin-1"
) -> BookError:
    """The error of a text file in another encoding than UTF-8, by the encoding that it may have."""
    return BookError(
        where=f"table {table}, {place}",
        found="bytes that are no UTF-8",
        expected="text in UTF-8",
        mend="save it as UTF-8, or read it by a query in book.toml: "
        f"select * from read_csv('{file}', encoding = '{encoding}', all_varchar = true)",
    )
