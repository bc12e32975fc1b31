"""Who may not be contacted: the accounts that the holdout of a book keeps off its lists."""

from __future__ import annotations

from features.book.book import Book


def held_out(book: Book) -> frozenset[str]:
    """The accounts of a book that nobody may contact."""
    return frozenset(
        account
        for (account,) in book.connection.execute(
            "select account_id from holdout"
        ).fetchall()
    )
