"""The file of outcomes beside a book: what a team did about the accounts of its lists, a row for each."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock

from features.errors import BookError
from features.sources.book_toml import read_settings
from features.sources.files import form_of
from features.sources.headers import read_header
from features.sources.tables import files_of
from features.vocabulary.contract import TABLES
from pages.spreadsheet import guarded

TABLE = "outcomes"
COLUMNS = tuple(column.name for column in TABLES[TABLE].columns)
LOCK_SECONDS = 30.0


def outcome_row(
    account_id: str,
    outcome: str,
    *,
    on: date | None = None,
    note: str | None = None,
    by: str | None = None,
    listed: date | None = None,
    until: date | None = None,
) -> dict[str, str]:
    """A row of the table of outcomes, which becomes known now.

    Args:
        account_id: whose.
        outcome: one of `features.vocabulary.vocabularies.OUTCOMES`.
        on: the day on which it happened; now where left out.
        note: in words.
        by: who records it.
        listed: the date of the list that the account was on.
        until: until when the account is left in peace.
    """
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    days = {"list": listed, "until": until}
    return {
        "account_id": account_id,
        "occurred_at": now if on is None else on.isoformat(),
        "outcome": outcome,
        "outcome_id": uuid4().hex,
        "known_at": now,
        "note": guarded(note or ""),
        "by": guarded(by or ""),
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }


def append(book: Path, row: Mapping[str, str]) -> Path:
    """Appends a row to the outcomes of a book: others wait meanwhile, and a reader sees the file before or after.

    Args:
        book: its folder.
        row: as of `outcome_row`.

    Returns:
        The file: ``outcomes.csv``, or ``outcomes/done.csv`` where that is a folder.

    Raises:
        BookError: the table is made by a query, or is in another form than CSV.
    """
    file = _file(book)
    with turn_to_write(book):
        written = _with(file, row)
        part = file.with_name(f".{file.name}.part")
        with part.open("w", encoding="utf-8", newline="") as whole:
            whole.write(written)
            whole.flush()
            os.fsync(whole.fileno())
        os.replace(part, file)
    return file


@contextmanager
def turn_to_write(book: Path) -> Iterator[None]:
    """The one that writes to the outcomes of a book, until the end of the block."""
    with FileLock(book / f".{TABLE}.lock", timeout=LOCK_SECONDS):
        yield


def _file(book: Path) -> Path:
    settings = read_settings(book)
    if TABLE in settings.queries or settings.connected(TABLE):
        raise BookError(
            where=f"{book / 'book.toml'}, table {TABLE}",
            found="a query that makes it",
            expected=f"no query, as this row goes to {TABLE}.csv in the book",
            mend="record it where the query reads, or remove the query",
        )
    there = files_of(book, TABLE)
    forms = sorted({form_of(file) or "" for file in there} - {".csv"})
    if forms:
        raise BookError(
            where=f"{book}, table {TABLE}",
            found=f"a table in the form {', '.join(forms)}",
            expected="CSV, to which a row can be appended",
            mend=f"save it as {TABLE}.csv, or as a file of a folder {TABLE}/",
        )
    parts = any(file.parent != book for file in there)
    return book / TABLE / "done.csv" if parts else book / f"{TABLE}.csv"


def _with(file: Path, row: Mapping[str, str]) -> str:
    """What the file holds with one more row, its columns as they are and those that it lacks after them."""
    if not file.exists():
        return _written([dict(row)], COLUMNS, ",")
    header = read_header(TABLE, file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for _ in range(header.skipped):
            next(lines)
        rows = list(csv.DictReader(lines, header.names, delimiter=header.delimiter))
    columns = dict.fromkeys([*header.names, *COLUMNS])
    return _written([*rows[1:], dict(row)], columns, header.delimiter)


def _written(rows: list[dict[str, Any]], columns: Iterable[str], delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
