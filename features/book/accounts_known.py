"""Whether a book has an account, without reading anything else of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from features import engine
from features.book.raw import columns_of, explained
from features.cleaning.rows import typed_sql
from features.errors import BookError
from features.sources.book_toml import read_settings
from features.sources.erased import leave_out
from features.sources.tables import at_home, find_sources

_FOUND = "select count(*) from ({typed}) as typed where account_id = $1"


def require_account(folder: Path, account_id: str) -> None:
    """Sees that a book has an account.

    Raises:
        BookError: it has none of this id, or its accounts cannot be read.
    """
    settings, absolute = read_settings(folder), folder.resolve()
    home = absolute if settings.has_queries else None
    with closing(engine.connect()) as connection, at_home(home):
        sources = find_sources(connection, absolute, settings)
        query = sources["accounts"]
        leave_out(connection, absolute, {"accounts": query})
        with explained(connection, "accounts", query):
            present = columns_of(connection, "accounts")
            typed = typed_sql("accounts", "raw_accounts", present)
            found = connection.execute(_FOUND.format(typed=typed), [account_id])
            ((rows,),) = found.fetchall()
    if not rows:
        raise BookError(
            where=f"{folder}, table accounts",
            found=f"no account {account_id}",
            expected="the id of an account of the book",
            mend="take the id from the list",
        )
