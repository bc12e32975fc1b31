"""Values of a request, one by one: each is read strictly, as the type of its column and as nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from features.cleaning.values import (
    EARLIEST_YEAR,
    EXPECTED,
    LATEST_YEAR,
    NOT_THE_YEAR,
    expected_of,
)
from features.engine import instant
from features.vocabulary.contract import Column

MISSING_US = -(2**63)
"""Stands for a time that is not there; it comes before all others."""
MOST_CHARACTERS = 200
"""Of a text."""

ISO_8601 = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
"""How a time is written: a date, or a date with a time of day."""

_ISO = re.compile(ISO_8601)
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), datetime.resolution
_FIRST, _END = (instant(date(year, 1, 1)) for year in (EARLIEST_YEAR, LATEST_YEAR + 1))
_NO_TIMES = range(
    instant(date(NOT_THE_YEAR, 1, 1)), instant(date(NOT_THE_YEAR + 1, 1, 1))
)


class UnfitValueError(Exception):
    """A value that its column cannot hold; it says what was expected."""


def reader(column: Column) -> Callable[[object], object]:
    """What reads a value of a column, and raises `UnfitValueError` where it is none."""
    if column.type == "number":
        return lambda value: number(value, column)
    return {"text": _texts(), "time": time, "flag": flag}[column.type]


def _texts() -> Callable[[object], str]:
    """What reads texts, each of them once: the names in a column are few."""
    known: dict[object, str] = {}

    def read(value: object) -> str:
        if isinstance(value, str) and value in known:
            return known[value]
        found = known[value] = text(value)
        return found

    return read


def missing(value: object) -> bool:
    """Whether a value is none: null, an empty text or a blank one."""
    return value is None or (isinstance(value, str) and not value.strip())


def text(value: object) -> str:
    """A text, without white space around it."""
    if not isinstance(value, str):
        raise UnfitValueError(EXPECTED["text"])
    stripped = value.strip()
    if len(stripped) > MOST_CHARACTERS:
        raise UnfitValueError(f"a text of at most {MOST_CHARACTERS} characters")
    if not stripped.isascii() and _halved(stripped):
        raise UnfitValueError("a text of whole characters")
    return stripped


def time(value: object) -> int:
    """A time in microseconds since 1970: of a text of ISO 8601, where a date is its first instant, in UTC."""
    moment = _moment(value)
    if moment is None:
        raise UnfitValueError(EXPECTED["time"])
    found = (moment - _EPOCH) // _MICROSECOND
    if not _FIRST <= found < _END or found in _NO_TIMES:
        raise UnfitValueError(EXPECTED["time"])
    return found


def number(value: object, column: Column) -> float:
    """A number within the bounds of its column."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnfitValueError(expected_of(column))
    if not column.holds(value):
        raise UnfitValueError(expected_of(column))
    return float(value)


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise UnfitValueError(EXPECTED["flag"])
    return value


def _moment(value: object) -> datetime | None:
    """The moment that is meant; None where it is no time. Without a zone it is UTC."""
    if isinstance(value, str):
        if not _ISO.fullmatch(value):
            return None
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _halved(value: str) -> bool:
    """Whether a text has half a surrogate pair, which nothing can write down."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False
