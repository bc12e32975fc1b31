"""How many rows of each table of a book were known at a moment."""

from __future__ import annotations

from features.book.book import Book
from features.vocabulary.kinds import kinds_sql

_SINCE = {
    "accounts": "opened_us",
    **dict.fromkeys(("reps", "labels"), None),
}
"""What tells when a row became known, of the tables that do not call it ``known_us``; None where nothing does."""


_FED = {
    "departures": " and not lapsed",
    "interactions": f" and not {kinds_sql('list_contact')}",
}
"""What else holds of the rows that are counted: those that other tables tell are not."""


def known_rows(book: Book, moment: int) -> dict[str, int]:
    """The good rows of each table that were known at a moment; all of a table without dates.

    What was known at a moment stays known: the same book tells the same of it on any later day, unless rows came late,
    were corrected, or are gone. What a team did about its lists is no feed, and not counted.

    Args:
        book: an opened book.
        moment: in microseconds since 1970.
    """
    fed = [table for table in book.rows if table != "outcomes"]
    return {table: _known(book, table, moment) for table in fed}


def _known(book: Book, table: str, moment: int) -> int:
    since = _SINCE.get(table, "known_us")
    until = "true" if since is None else f"{since} <= {moment}"
    own = _FED.get(table, "")
    ((rows,),) = book.ask(f"select count(*) from {table} where {until}{own}")
    return int(rows)
