"""Kinds and items that stopped, are gone, or go by another name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY, day_of
from features.feeds.contents import SPLIT_OF
from features.feeds.streams import CHANCE, REACH_DAYS, WINDOWS, Stopped
from serving.monitoring.finding import Finding

ALIKE = 2.5
"""A name may stand for another where it comes at most so many times as often, or as seldom."""
FEWEST = 5
"""Rows that a new name has, at the least."""


@dataclass(frozen=True)
class New:
    """A name that the training did not know.

    Attributes:
        table, column, name: which.
        since: the day of its first row; empty where it is there from the beginning.
        a_day: how many rows a day it has since then.
    """

    table: str
    column: str
    name: str
    since: str
    a_day: float


def named(
    book: Book,
    as_of: int,
    found: pd.DataFrame,
    trained: pd.DataFrame,
    stops: Sequence[Stopped],
) -> list[Finding]:
    """The streams that stopped or are gone, each with the new name that may stand for it.

    Args:
        book: an opened book.
        as_of: in microseconds since 1970.
        found: tonight's `features.feeds.contents.contents`.
        trained: the same of the training, summed.
        stops: see `features.feeds.streams.stopped`.
    """
    new = _new(book, as_of, found, trained)
    told = []
    for stop in [*stops, *_gone(found, trained)]:
        other = _stands_for(stop, new)
        if other is not None:
            new.remove(other)
        told.append(_told(stop, other))
    return told


def _gone(found: pd.DataFrame, trained: pd.DataFrame) -> list[Stopped]:
    """Names of the training that no row of the half year has."""
    names, known = _rows(found), _rows(trained)
    gone = []
    for (table, name), rows in known.items():
        a_day = rows / REACH_DAYS
        expected = a_day * WINDOWS[-1]
        if (table, name) not in names and np.exp(-expected) < CHANCE / len(known):
            gone.append(Stopped(table, SPLIT_OF[table], name, "", a_day))
    return sorted(gone, key=lambda one: -one.a_day)


def _rows(found: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Rows by table and name."""
    if found.empty:
        return {}
    of_fields = found.groupby(["table", "name", "field"], as_index=False)["rows"].sum()
    most = of_fields.groupby(["table", "name"], as_index=False)["rows"].max()
    tables, names = most["table"].map(str), most["name"].map(str)
    return dict(zip(zip(tables, names, strict=True), most["rows"], strict=True))


_FIRST = """
    select {column}::varchar, min(occurred_us), count(*) from {table}
    where known_us <= {as_of} and occurred_us between {after} + 1 and {as_of} and {column} is not null
    group by 1"""


def _new(
    book: Book, as_of: int, found: pd.DataFrame, trained: pd.DataFrame
) -> list[New]:
    """Names of the half year that the training did not have, the most frequent first."""
    known, names = _rows(trained), _rows(found)
    new = []
    for table, column in SPLIT_OF.items():
        wanted = {name for its, name in names.keys() - known.keys() if its == table}
        if not wanted or not known:
            continue
        after = as_of - REACH_DAYS * MICROS_PER_DAY
        query = _FIRST.format(table=table, column=column, as_of=as_of, after=after)
        for name, first, rows in book.ask(query):
            if name in wanted and rows >= FEWEST:
                days = max((as_of - first) / MICROS_PER_DAY, 1.0)
                always = days > REACH_DAYS - WINDOWS[-1]
                since = "" if always else str(day_of(first))
                new.append(New(table, column, name, since, rows / days))
    return sorted(new, key=lambda one: (-one.a_day, one.name))


def _stands_for(stop: Stopped, new: Sequence[New]) -> New | None:
    for one in new:
        same = (one.table, one.column) == (stop.table, stop.column)
        if same and stop.a_day / ALIKE <= one.a_day <= stop.a_day * ALIKE:
            return one
    return None


def _told(stop: Stopped, other: New | None) -> Finding:
    about = f"{stop.table}, {stop.column} {stop.name}"
    since, began = (_since(day) for day in (stop.since, other.since if other else ""))
    if other is not None:
        return Finding(
            "renamed",
            about,
            f"{stop.column} {stop.name} is gone{since} and {stop.column} {other.name} is new{began}: renamed?",
        )
    if stop.since:
        return Finding("stopped", about, stop.sentence)
    return Finding(
        "gone",
        about,
        f"no {stop.table} of {stop.column} {stop.name} in half a year, in training {stop.a_day:.1f} a day: "
        "left out of the export?",
    )


def _since(day: str) -> str:
    return f" since {day}" if day else ""
