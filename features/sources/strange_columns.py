"""What a ``book.toml`` says of columns that does not fit the tables that there are."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from features.errors import BookError
from features.sources.settings import Settings


def require_one_source_of_labels(
    declared: Mapping[str, str], tables: Container[str]
) -> None:
    """Refuses labels that ``book.toml`` finds in accounts beside a table of labels.

    Args:
        declared: column of accounts by label, as ``book.toml`` has them.
        tables: those of the book.

    Raises:
        BookError: there are both.
    """
    if declared and "labels" in tables:
        raise BookError(
            where="table labels",
            found="labels that book.toml takes from accounts as well",
            expected="labels from one of them, as nothing tells which to show",
            mend="remove [labels] from book.toml, or the table",
        )


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
