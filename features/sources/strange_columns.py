"""Columns of accounts that a ``book.toml`` speaks of and that the accounts do not have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from features.errors import BookError
from features.sources.settings import Settings


def require_columns_of_accounts(
    folder: Path, settings: Settings, columns: Iterable[str]
) -> None:
    """Refuses a ``book.toml`` that speaks of columns that the accounts do not have.

    Args:
        folder: the book's folder.
        settings: what its ``book.toml`` says.
        columns: of the accounts, beside those of the contract.

    Raises:
        BookError: it does.
    """
    there = list(columns)
    spoken_of = {
        "vouched": settings.vouched,
        "facts": [*settings.types, *settings.ignored],
        "labels": settings.labels.values(),
        "holdout": [] if settings.holdout is None else [settings.holdout.column],
    }
    for part, names in spoken_of.items():
        strange = [name for name in names if name not in there]
        if strange:
            expected = (
                f"any of {', '.join(there)}"
                if there
                else "nothing, as the accounts have no facts"
            )
            found = f"{', '.join(strange)}, which is no fact of this book"
            raise BookError(
                where=f"{folder / 'book.toml'}, {part}",
                found=found,
                expected=expected,
                mend="correct the name, or remove it",
            )
