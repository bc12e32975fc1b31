"""Watermarks: how far what is known of each account goes."""

from __future__ import annotations

import pandas as pd

from features.book.book import Book

_NEWEST = """
    select account_id, strftime(make_timestamp(max(known_us)), '%Y-%m-%dT%H:%M:%S.%fZ') as watermark
    from (
        select account, known_us from interactions
        union all
        select account, known_us from surveys
    )
    join numbered_accounts on number = account
    where known_us <= $1
    group by account_id"""


def watermarks(book: Book, as_of: int) -> pd.Series:
    """When the newest of an account's interactions and survey scores became known that were known at a moment.

    Args:
        book: an opened book.
        as_of: the moment, in microseconds since 1970.

    Returns:
        Texts of ISO 8601 in UTC, the index being ``account_id``; none for an account of which nothing was known.
    """
    found = book.connection.execute(_NEWEST, [as_of]).df()
    return found.set_index("account_id")["watermark"]
