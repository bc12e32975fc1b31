"""Who may not be contacted: the accounts that the holdout of a book keeps off its lists, and those drawn at random."""

from __future__ import annotations

from features.book.opened import Opened

HELD_OUT = """
    select account_id from holdout
    union
    select account_id from random_holdout"""
"""All that no list names."""
DRAWN = """
    select account_id from random_holdout
    except
    select account_id from holdout"""
"""Those that were drawn at random alone."""


def held_out(book: Opened) -> frozenset[str]:
    """The accounts of a book that nobody may contact."""
    return frozenset(account for (account,) in book.ask(HELD_OUT))


def drawn(book: Opened) -> frozenset[str]:
    """Those of them that were drawn at random alone, and so are like the accounts that may be contacted."""
    return frozenset(account for (account,) in book.ask(DRAWN))


def set_apart(book: Opened) -> frozenset[str]:
    """Those of them that the book sets apart by a column, for whatever reason: they are like nobody else."""
    rows = book.ask("select account_id from holdout")
    return frozenset(account for (account,) in rows)
