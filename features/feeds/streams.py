"""Streams: rows of one kind, channel or survey item; how many came in the last days, and how many usually come.

The last day, week and four weeks are set beside the same days of earlier weeks, each as it was known at its own end, so
that weekends are compared with weekends and a feed that usually comes late is not missed. A stream has stopped where
nothing came and chance would hardly ever leave it empty, its counts being negative binomial with the mean and the
variance of the earlier windows: such counts vary more than Poisson's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from features.engine import MICROS_PER_DAY, Row, day_of
from features.timeline.rows import Floats, Ints

SPLITS = (("interactions", "kind"), ("interactions", "channel"), ("surveys", "item"))
"""The tables whose rows come in streams, with the column that tells them apart."""
WINDOWS = (1, 7, 28)
"""Days that are looked at."""
WEEKS = 26
"""Earlier windows are those that end so many weeks before, at the most."""
FEWEST = 8
"""Earlier windows that tell what is usual, at the least."""
REACH_DAYS = 7 * WEEKS + WINDOWS[-1]
CHANCE = 1e-3
"""How often chance may stop any stream of a book that goes on: once in so many nights."""


class Asked(Protocol):
    """A book on any engine."""

    @property
    def beginning(self) -> int: ...  # noqa: D102

    def has(self, table: str) -> bool: ...  # noqa: D102

    def ask(self, query: str) -> list[Row]: ...  # noqa: D102


@dataclass(frozen=True)
class Stopped:
    """A stream that has stopped.

    Attributes:
        table, column, name: which stream.
        since: the day of its last row.
        a_day: how many rows a day usually came.
    """

    table: str
    column: str
    name: str
    since: str
    a_day: float

    @property
    def sentence(self) -> str:
        """For people.

        Example:
            >>> Stopped("interactions", "kind", "question", "2026-05-03", 40.2).sentence
            'no interactions of kind question since 2026-05-03 (usually 40 a day): the feed may have stopped'
        """
        rate = f"{self.a_day:.0f} a day" if self.a_day >= 1.5 else _weekly(self.a_day)
        return (
            f"no {self.table} of {self.column} {self.name} since {self.since} (usually {rate}): "
            "the feed may have stopped"
        )


def _weekly(a_day: float) -> str:
    return f"{7 * a_day:.1f} a week"


@dataclass(frozen=True)
class _Days:
    """The rows of a stream by days back at which they occurred and became known, and the moment of its last row."""

    occurred: Ints
    known: Ints
    rows: Ints
    latest: int

    @classmethod
    def of(cls, rows: pd.DataFrame) -> _Days:
        occurred, known, n = rows[["occurred", "known", "n"]].to_numpy(dtype=np.int64).T
        return cls(occurred, known, n, int(rows["latest"].max()))

    def count(self, window: int, end: int) -> int:
        """Rows that occurred in the window which ends so many days back, and were known then."""
        within = (self.occurred >= end) & (self.occurred < end + window)
        return int(self.rows[within & (self.known >= end)].sum())

    def earlier(self, window: int, days: int) -> Floats:
        """The counts of earlier windows that a history of so many days holds, each as known at its end."""
        first = 7 * int(np.ceil(window / 7))
        ends = range(first, min(days - window, 7 * WEEKS) + 1, 7)
        return np.array([self.count(window, end) for end in ends], dtype=np.float64)


_DAYS = """
    select {column}::varchar as name,
        ({as_of} - occurred_us) // {day} as occurred,
        ({as_of} - known_us) // {day} as known,
        count(*) as n,
        max(occurred_us) as latest
    from {table}
    where {column} is not null and occurred_us <= {as_of} and known_us <= {as_of}
        and occurred_us > {as_of} - {reach}
    group by all"""


def stopped(book: Asked, as_of: int) -> list[Stopped]:
    """The streams that have stopped by an as-of date, in microseconds since 1970; the most frequent first."""
    days = min((as_of - book.beginning) // MICROS_PER_DAY, REACH_DAYS)
    streams = []
    for table, column in SPLITS:
        if book.has(table):
            found = _by_day(book, table, column, as_of)
            streams += [
                (table, column, name, _Days.of(rows))
                for name, rows in found.groupby("name")
            ]
    chance = CHANCE / max(len(streams) * len(WINDOWS), 1)
    told = [
        Stopped(table, column, str(name), str(day_of(its.latest)), usual)
        for table, column, name, its in streams
        if (usual := _usual_of_stopped(its, days, chance)) is not None
    ]
    return sorted(told, key=lambda one: (-one.a_day, one.column, one.name))


def _by_day(book: Asked, table: str, column: str, as_of: int) -> pd.DataFrame:
    """Rows by name, and by days back at which they occurred and became known."""
    reach = REACH_DAYS * MICROS_PER_DAY
    query = _DAYS.format(
        table=table, column=column, as_of=as_of, day=MICROS_PER_DAY, reach=reach
    )
    columns = ["name", "occurred", "known", "n", "latest"]
    return pd.DataFrame(book.ask(query), columns=columns)


def _usual_of_stopped(its: _Days, days: int, chance: float) -> float | None:
    """How many rows a day a stream usually has, where it has stopped; None where it has not, or nothing tells."""
    for window in WINDOWS:
        earlier = its.earlier(window, days)
        if its.count(window, 0) or len(earlier) < FEWEST:
            continue
        if empty_by_chance(earlier) < chance:
            return float(earlier.mean()) / window
    return None


def empty_by_chance(counts: Floats) -> float:
    """The chance that a window is empty, by the negative binomial of the mean and variance of others.

    Example:
        >>> empty_by_chance(np.array([2.0, 2.0])), empty_by_chance(np.array([0.0, 4.0, 0.0, 4.0]))
        (0.1353352832366127, 0.25)
    """
    mean, variance = counts.mean(), counts.var()
    if variance <= mean:
        return float(np.exp(-mean))
    successes = mean**2 / (variance - mean)
    return float((successes / (successes + mean)) ** successes)
