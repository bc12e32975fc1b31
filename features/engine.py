"""Where the SQL runs: DuckDB inside this process, always in UTC.

The spellings that differ between SQL engines live here and nowhere else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import duckdb

from features.errors import BookError

MICROS_PER_DAY = 86_400_000_000

KEPT = "materialized"
"""What makes a common table expression be computed once and kept, however often it is read."""

INLINED = "not materialized"
"""What makes each reader of a common table expression compute of it what it needs."""


def connect(threads: int | None = None, memory_limit: str | None = None) -> duckdb.DuckDBPyConnection:
    """A new in-memory database in UTC.

    Args:
        threads: how many threads a query may use; all cores where None.
        memory_limit: such as ``"2GiB"``; beyond it queries spill to disk.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    if threads is not None:
        connection.execute(f"set threads = {int(threads)}")
    if memory_limit is not None:
        try:
            connection.execute("set memory_limit = ?", [memory_limit])
        except duckdb.Error:
            raise BookError(
                found="another memory limit", expected="a number with a unit, such as 2GiB", mend="correct it"
            ) from None
    return connection


def single(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The one value that a query gives; read to the end, since an unread result blocks the connection."""
    ((value,),) = connection.execute(query).fetchall()
    return value


def utc(expression: str, type_: str) -> str:
    """SQL for a UTC timestamp from an expression of any type; null where it is none. What has no zone is UTC.

    Dates and timestamps take the short way: reading a zone costs twenty times as much.
    """
    if type_.upper() in ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"):
        return f"case when isfinite({expression}) then make_timestamp(epoch_us({expression})) end"
    if type_.upper().startswith(("TIMESTAMP", "DATE")):
        return f"try_cast({expression} as timestamp)"
    return f"timezone('UTC', try_cast({expression} as timestamptz))"


def micros(expression: str) -> str:
    """SQL for whole microseconds since 1970 of a UTC timestamp: exact, and quick to compare."""
    return f"epoch_us({expression})"


def fixed(expression: str) -> str:
    """SQL for a number in whole millionths, so that its sums do not depend on the order of the rows."""
    return f"cast(round(({expression}) * 1000000) as bigint)"


def instant(moment: date | datetime) -> int:
    """Microseconds since 1970 of a moment; a date is its first instant in UTC, as is a time without a zone.

    Example:
        >>> instant(date(1970, 1, 2)) == MICROS_PER_DAY
        True
    """
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND


def day_of(micros_since_1970: int) -> date:
    """The UTC date of an instant in microseconds since 1970."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + micros_since_1970 * _MICROSECOND).date()


_MICROSECOND = datetime.resolution
