"""Histories: the clean rows of a book beside its night, so that an account can be scored anew when something happens.

They have the columns of the contract, which are those of a request, and are sorted by account: of one account a reader
reads a few thousand rows and not the book. They hold what was known at the night and nothing later.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb
import pandas as pd

from features.book.book import Book
from features.cleaning.list_contacts import LIST_CONTACT, REACHED
from features.engine import DUCKDB, listed
from features.snapshot.known_facts import known_facts
from features.vocabulary.contract import TABLES
from serving.night.atomic_files import Writer
from serving.night_folder import HISTORIES

_ORDER = {
    "interactions": "account_id, occurred_at",
    "surveys": "account_id, occurred_at",
    "contracts": "account_id, starts_at",
    "scheduled": "account_id, known_at",
    "reps": "rep_id",
    "markets": "market, occurred_at",
}

_KNOWN = {
    **dict.fromkeys(("interactions", "surveys"), "greatest(occurred_at, known_at)"),
    "contracts": "coalesce(known_at, starts_at)",
    "scheduled": "known_at",
    "markets": "occurred_at",
}
"""When a row became known, see `features.cleaning.normalised`; representatives have no such moment."""

_ROWS_TOGETHER = 2_048
"""Rows of a file that are read together."""

_COPY = """
    copy (
        select
            {columns}
        from ({from_rows})
        where {known}
        order by {order}
    ) to {file} (format parquet, row_group_size {rows})"""


_ROWS = "select * from typed_{table} where problem is null"

_CONTACTS = f"""
            union all by name
            select
                account_id,
                occurred_at,
                known_at,
                '{LIST_CONTACT}' as kind,
                'outcome:' || outcome_id as interaction_id
            from typed_outcomes
            where problem is null and {REACHED}"""
"""Contacts from lists are told by the outcomes."""


_ACCOUNTS = """
    select
        {columns}
    from accounts
    where opened_us <= {as_of}
    order by account_id"""

_PAIRS = """(
    select account_id, cast({as_of} as bigint) as as_of_us, row_number() over (order by account_id) as place
    from accounts
    where opened_us <= {as_of}
)"""


def history_writers(book: Book | None, as_of: int) -> dict[str, Writer]:
    """What writes the histories of a book, by the names of the files; without a book they are cleared away.

    Args:
        book: an opened book.
        as_of: of the night, in microseconds since 1970.
    """
    if book is None:
        return {file: lambda _: None for file in HISTORIES.values()}
    writers = {
        file: _writer(book, table, as_of)
        for table, file in HISTORIES.items()
        if table != "accounts"
    }
    return {HISTORIES["accounts"]: partial(_write_accounts, book, as_of), **writers}


def _write_accounts(book: Book, as_of: int, file: Path) -> None:
    """Writes the accounts with their facts; of those that change, the values known at a moment."""
    facts = map(DUCKDB.quoted, book.account_facts)
    columns = ["account_id", "make_timestamp(opened_us) as opened_at", *facts]
    query = _ACCOUNTS.format(columns=listed(columns, 8), as_of=as_of)
    accounts = book.connection.sql(query).to_arrow_table().to_pandas()
    pairs = _PAIRS.format(as_of=as_of)
    known = known_facts(book.connection, book.changing_facts, pairs)
    file.parent.mkdir(exist_ok=True)
    together = pd.concat([accounts, known], axis=1)
    together.to_parquet(file, index=False, row_group_size=_ROWS_TOGETHER)


def _writer(book: Book, table: str, as_of: int) -> Writer:
    return partial(_write, book, table, as_of) if book.has(table) else lambda _: None


def _write(book: Book, table: str, as_of: int, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    columns = [DUCKDB.quoted(column.name) for column in TABLES[table].columns]
    copy = _COPY.format(
        columns=listed(columns, 12),
        from_rows=_rows(book, table),
        known=_known(table, as_of),
        order=_ORDER[table],
        file=DUCKDB.literal(str(file.resolve())),
        rows=_ROWS_TOGETHER,
    )
    try:
        book.ask_files(copy)
    except duckdb.IOException as error:
        raise OSError(str(error).partition("\n")[0]) from None


def _rows(book: Book, table: str) -> str:
    rows = _ROWS.format(table=table)
    told_by_outcomes = table == "interactions" and book.has("outcomes")
    return rows + _CONTACTS if told_by_outcomes else rows


def _known(table: str, as_of: int) -> str:
    known = _KNOWN.get(table)
    return "true" if known is None else f"{known} <= make_timestamp({as_of})"
