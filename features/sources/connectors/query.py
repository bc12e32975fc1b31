"""Query: one of the book, with what it gives in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """A query of the book.

    Attributes:
        about: what it gives, as a sentence; nothing where its parts say so themselves.
        sql: as ``book.toml`` has it.
    """

    about: str
    sql: str
