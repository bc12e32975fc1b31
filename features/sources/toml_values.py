"""Values of a ``book.toml``: what they may be, and what is said of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeGuard, TypeVar

from features.errors import BookError

T = TypeVar("T")


def require_names(
    where: object, said: Mapping[str, object], allowed: Iterable[str]
) -> None:
    """Refuses names that may not stand at a place."""
    allowed = list(allowed)
    strange = [name for name in said if name not in allowed]
    if strange:
        raise BookError(
            where=str(where),
            found=", ".join(strange),
            expected="any of " + ", ".join(allowed),
            mend="rename or remove them",
        )


def mistake(file: Path, place: str, expected: str) -> BookError:
    """The error of a place that says something else than it may."""
    return BookError(
        where=f"{file}, {place}",
        found="another value",
        expected=expected,
        mend="correct it",
    )


def is_table_of(said: object, type_: type[T]) -> TypeGuard[dict[str, T]]:
    """Whether something is a table of values of one type."""
    return isinstance(said, dict) and all(
        isinstance(value, type_) for value in said.values()
    )
