"""What is on record: of each dated table from which day until which, how often, and what is dated beyond the end.

The end of a book is that of its interactions, as `features.calendar.end_of_data` tells it, unless ``book.toml`` says
the ``last_day``. Labels, folds, the certificate and the usual as-of date stop there. Rows beyond it stay in the book:
each becomes visible once an as-of date has passed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from features.calendar.end_of_data import REACH_DAYS, last_day
from features.calendar.merges import FOLLOWED
from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import BookError
from features.vocabulary.kinds import kinds_sql

WHOSE = {
    "interactions": "account_id",
    "surveys": "account_id",
    "departures": "account_id",
    "markets": "market",
}
"""The dated tables, each with the column that tells whom a row is of."""
WITHOUT_RHYTHM = ("markets",)
"""Tables of what happens now and then: that competitors enter nowhere for long says nothing of the feed."""
USUAL_LAGS = 0.99
"""The share of lags between a table's days that its usual lag is not exceeded by."""
NAMED = 10
"""How many rows beyond the end are named; all are counted."""

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a query on the clean tables of a book."""


@dataclass(frozen=True)
class RecordedTable:
    """One table as it is recorded.

    Attributes:
        table: its name.
        first_day: of its first row.
        last_day: its own last day, as `features.calendar.end_of_data` tells it; of interactions that of the book.
        usual_lag: days from one of its days to the next, which 99 of 100 do not exceed; None with one day only, and
            of tables without a rhythm.
        beyond: its rows that become known only after the book's last day.
        latest: the day of the last of them all.
    """

    table: str
    first_day: date
    last_day: date
    usual_lag: int | None
    beyond: int
    latest: date


@dataclass(frozen=True)
class Recorded:
    """All dated tables of a book as they are recorded.

    Attributes:
        last_day: of the book.
        tables: those that have any row, interactions first.
    """

    last_day: date
    tables: tuple[RecordedTable, ...]

    @property
    def end(self) -> int:
        """The first instant after the last day, in microseconds since 1970: from it all of that day is seen."""
        return instant(self.last_day + timedelta(days=1))

    @property
    def beyond(self) -> int:
        """How many rows of all tables lie beyond the end."""
        return sum(table.beyond for table in self.tables)

    @property
    def sentence(self) -> str | None:
        """What lies beyond the end; None where nothing does."""
        counted = ", ".join(
            f"{table.table} {table.beyond:,}" for table in self.tables if table.beyond
        )
        if not counted:
            return None
        latest = max(table.latest for table in self.tables if table.beyond)
        return (
            f"The data end on {self.last_day}; rows dated after it, until {latest}: {counted}. They are planned, "
            "mistyped or all that is left of a feed, and nobody counts as silent because of them. "
            "If they are data, say last_day in book.toml."
        )


def recorded(ask: Ask, tables: Iterable[str], declared: date | None = None) -> Recorded:
    """How a book's tables are recorded.

    Args:
        ask: runs a query on its clean tables.
        tables: those that have any row, interactions among them.
        declared: the last day, where ``book.toml`` says it.

    Raises:
        BookError: the day that is declared is before the first interaction.
    """
    counted = {table: _days(ask, table) for table in WHOSE if table in tables}
    counted = {table: rows for table, rows in counted.items() if rows}
    ends = {}
    for table, rows in counted.items():
        days = [day for day, _, _ in rows]
        accounts = [who for _, who, _ in rows]
        ends[table] = last_day(days, accounts)
    if declared is not None:
        ends["interactions"] = instant(declared) // MICROS_PER_DAY
        _require_begun(counted["interactions"][0][0], ends["interactions"], declared)
    end = ends["interactions"]
    told = tuple(
        _told(table, rows, ends[table], end) for table, rows in counted.items()
    )
    return Recorded(_date(end), told)


def end_of_data(ask: Ask, declared: date | None = None) -> int:
    """The first instant after the last day of a book, in microseconds since 1970; 0 where nothing ever happened.

    Args:
        ask: runs a query on its clean tables.
        declared: the last day, where ``book.toml`` says it.
    """
    ((rows,),) = ask("select count(*) from interactions")
    return recorded(ask, ["interactions"], declared).end if rows else 0


def rows_beyond(
    ask: Ask, found: Recorded, most: int = NAMED
) -> list[dict[str, object]]:
    """The rows beyond the end of the data, the latest first: ``table``, ``row`` (from 1) and ``date``.

    Args:
        ask: runs a query on the tables as they were typed, see `features.cleaning.rows`.
        found: how the tables are recorded.
        most: how many are named.
    """
    rows: list[tuple[date, str, int]] = []
    for table in found.tables:
        known = (
            "occurred_at"
            if table.table == "markets"
            else "greatest(occurred_at, coalesce(known_at, occurred_at))"
        )
        query = _BEYOND.format(
            table=table.table,
            known=known,
            after=found.last_day + timedelta(days=1),
            most=most,
        )
        rows += (
            [(day, table.table, row) for row, day in ask(query)] if table.beyond else []
        )
    ordered = sorted(rows, key=lambda named: (-named[0].toordinal(), named[1:]))[:most]
    return [
        {"table": table, "row": row, "date": str(day)} for day, table, row in ordered
    ]


_DAYS = f"""
    select cast(floor(known_us / {MICROS_PER_DAY}e0) as bigint) as day, count(distinct {{whose}}), count(*)
    from {{table}} {{own}} group by 1 order by 1"""

_OWN = "where (account_id, known_us) not in (select into_id, known_us from merged)"
"""Of rows that count for another account since a merge, the moment of the merge is no day of the record."""


def _days(ask: Ask, table: str) -> Sequence[tuple[Any, ...]]:
    """The days of a table, with how many accounts were heard of on each, and how many rows it has."""
    return ask(_DAYS.format(table=table, whose=WHOSE[table], own=_own(table)))


_BEYOND = """
    select row, cast({known} as date) as day from typed_{table}
    where problem is null and {known} >= timestamp '{after} 00:00:00' order by day desc, row limit {most}"""


_RECORDED = {
    "departures": " and not lapsed",
    "interactions": f" and not {kinds_sql('list_contact')}",
}
"""What follows from other tables is no record of its own."""


def _own(table: str) -> str:
    own = _OWN if table in FOLLOWED else ""
    return own + _RECORDED.get(table, "")


def _told(
    table: str, rows: Sequence[tuple[Any, ...]], own_end: int, end: int
) -> RecordedTable:
    days = np.array([day for day, *_ in rows], dtype=np.int64)
    beyond = sum(count for day, _, count in rows if day > end)
    usual_lag = None if table in WITHOUT_RHYTHM else _usual_lag(days, own_end)
    return RecordedTable(
        table,
        _date(days[0]),
        _date(own_end),
        usual_lag,
        beyond,
        _date(days[-1]),
    )


def _usual_lag(days: np.ndarray[Any, np.dtype[np.int64]], end: int) -> int | None:
    lags = np.diff(days[(days <= end) & (days > end - REACH_DAYS)])
    lags = lags if len(lags) else np.diff(days[days <= end])
    return (
        int(np.quantile(lags, USUAL_LAGS, method="inverted_cdf")) if len(lags) else None
    )


def _require_begun(first: int, end: int, declared: date) -> None:
    if end < first:
        raise BookError(
            where="book.toml, last_day",
            found=str(declared),
            expected=f"a day from {_date(first)} on, that of the first interaction",
            mend="correct it, or remove it",
        )


def _date(day: int) -> date:
    return day_of(int(day) * MICROS_PER_DAY)
