"""The segments of a report: the values of a fact of the accounts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from features.book.book import Book
from features.errors import BookError

SEGMENTS = 12
"""How many values of a fact are shown, those with most accounts; the others are pooled."""
DEFAULT_FACT = "market"

ALL, OTHER, UNKNOWN = "all", "other", "unknown"


def chosen_fact(book: Book, fact: str | None) -> str | None:
    """The fact asked for, or else the market; None of a book that has none.

    Raises:
        BookError: the book has no such fact.
    """
    if fact is None:
        return DEFAULT_FACT if DEFAULT_FACT in book.account_facts else None
    if fact in book.account_facts:
        return fact
    expected = "a column beside account_id and opened_at"
    if book.account_facts:
        expected = f"one of {', '.join(book.account_facts)}"
    raise BookError(
        where="table accounts",
        found=f"no fact {fact}",
        expected=expected,
        mend="name another with --segment, or leave it out; columns that book.toml ignores, shows as labels or "
        "declares the holdout by are no facts, and those that change make no segments",
    )


def groups_of(book: Book, accounts: Iterable[str], fact: str | None) -> pd.DataFrame:
    """The groups that each account is of, a row each: the whole book, and its value of the fact.

    Returns:
        ``account_id``, ``fact`` and ``segment``; of the whole book the fact is empty and the segment *all*.
    """
    everything = pd.DataFrame(
        {"account_id": list(accounts), "fact": "", "segment": ALL}
    )
    if fact is None:
        return everything
    valued = _values(book, fact)
    valued = valued[valued["account_id"].isin(everything["account_id"])]
    shown = valued["segment"].isin(_largest(valued["segment"]))
    valued = valued.assign(fact=fact, segment=valued["segment"].where(shown, OTHER))
    return pd.concat([everything, valued[everything.columns]], ignore_index=True)


def _values(book: Book, fact: str) -> pd.DataFrame:
    query = f'select account_id, cast("{fact}" as varchar) as segment from accounts order by account_id'
    return book.connection.execute(query).df().fillna({"segment": UNKNOWN})


def _largest(segments: pd.Series) -> pd.Index:
    """The segments with most accounts, ties by name."""
    counted = segments.value_counts().sort_index()
    return counted.sort_values(ascending=False, kind="stable").index[:SEGMENTS]
