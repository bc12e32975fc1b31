"""Time zones: every time is an instant in UTC, in a database as in Python; a time without a zone is UTC already."""

from __future__ import annotations

from datetime import UTC, date, datetime

MICROS_PER_DAY = 86_400_000_000
_MICROSECOND = datetime.resolution


def instant(moment: date | datetime) -> int:
    """Microseconds since 1970 of a moment; a date is its first instant in UTC, as is a time without a zone.

    Example:
        >>> instant(date(1970, 1, 2)) == MICROS_PER_DAY
        True
    """
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    moment = (
        moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    )
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND


def moment_of(micros_since_1970: int) -> datetime:
    """The moment, in UTC, of an instant in microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + micros_since_1970 * _MICROSECOND


def day_of(micros_since_1970: int) -> date:
    """The UTC date of an instant in microseconds since 1970."""
    return moment_of(micros_since_1970).date()


def duckdb_utc(expression: str, type_: str) -> str:
    """Dates and timestamps take the short way: reading a zone costs twenty times as much."""
    if type_.upper() in ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"):
        return f"case when isfinite({expression}) then make_timestamp(epoch_us({expression})) end"
    if type_.upper().startswith(("TIMESTAMP", "DATE")):
        return f"try_cast({expression} as timestamp)"
    return f"timezone('UTC', try_cast({expression} as timestamptz))"


def spark_utc(expression: str, type_: str) -> str:
    """A number is no time, and neither is a text without a whole date, of which Spark would make up the rest."""
    if type_.startswith(("timestamp", "date")):
        return f"cast({expression} as timestamp)"
    if type_ != "string":
        return "cast(null as timestamp)"
    dashed = f"regexp_replace({expression}, '^([0-9]+)/([0-9]+)/', '$1-$2-')"
    whole = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( *$|[T ][0-9]{1,2}:)"
    return (
        f"case when {dashed} rlike '{whole}' then try_cast({dashed} as timestamp) end"
    )
