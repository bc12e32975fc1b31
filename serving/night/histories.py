"""Histories: the clean rows of a book beside its night, so that an account can be scored anew when something happens.

They have the columns of the contract, which are those of a request, and are sorted by account: of one account a reader
reads a few thousand rows and not the book.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from features.book.book import Book
from features.engine import DUCKDB, listed
from features.vocabulary.contract import TABLES
from serving.night.atomic_files import Writer
from serving.night_folder import HISTORIES

_ORDER = {
    "accounts": "account_id",
    "interactions": "account_id, occurred_at",
    "surveys": "account_id, occurred_at",
    "contracts": "account_id, starts_at",
    "scheduled": "account_id, known_at",
    "reps": "rep_id",
    "markets": "market, occurred_at",
}

_COPY = """
    copy (
        select
            {columns}
        from typed_{table}
        where problem is null
        order by {order}
    ) to {file} (format parquet, row_group_size 2048)"""


def history_writers(book: Book | None) -> dict[str, Writer]:
    """What writes the histories of a book, by the names of the files; without a book they are cleared away."""
    if book is None:
        return {file: lambda _: None for file in HISTORIES.values()}
    return {file: _writer(book, table) for table, file in HISTORIES.items()}


def _writer(book: Book, table: str) -> Callable[[Path], object]:
    return partial(_write, book, table) if book.has(table) else lambda _: None


def _write(book: Book, table: str, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    columns = [column.name for column in TABLES[table].columns]
    if table == "accounts":
        columns += book.facts
    book.ask_files(
        _COPY.format(
            columns=listed(map(DUCKDB.quoted, columns), 12),
            table=table,
            order=_ORDER[table],
            file=DUCKDB.literal(str(file.resolve())),
        )
    )
