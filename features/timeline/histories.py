"""Histories: which rows a pair of account and as-of date may see. The only door to the past.

A row is seen from the later of its own moment and the moment at which it became known. Most rows are known when they
happen, so all pairs of an account share one history, of which each sees what lies before its date. A pair for which
some row had happened and was not known yet, or was a part of what still went on, such as a survey half answered, has a
history of its own, of the rows known by its date. Nothing else in the engine speaks of what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from features.timeline.edges import Edges
from features.timeline.expression import Array, Columns
from features.timeline.measures import Timeline
from features.timeline.rows import Flags, Ints, Rows, spread
from features.timeline.things import Things

Relation = Timeline | Things
Made = TypeVar("Made")
Of = TypeVar("Of")


@dataclass(frozen=True)
class Table:
    """Rows of some accounts, sorted by account and moment; surveys further by item.

    Attributes:
        account: its number, from 0.
        occurred_us: when, in microseconds since 1970.
        known_us: when it became known, not before it occurred.
        whole_us: when all was known of what the row is a part of; not before it became known.
        columns: the other columns by name.
    """

    account: Ints
    occurred_us: Ints
    known_us: Ints
    whole_us: Ints
    columns: Columns


_NONE = np.zeros(0, dtype=np.int64)
NO_ROWS = Table(_NONE, _NONE, _NONE, _NONE, {})
"""A table without rows."""

DATED = ("interactions", "surveys", "contracts", "scheduled")
"""The tables of a ledger whose rows are seen by their dates."""


@dataclass(frozen=True)
class Ledger:
    """What is on record of some accounts, in arrays.

    Attributes:
        accounts: columns of the accounts, one value each; texts are objects, None where missing.
        interactions: dated rows.
        surveys: dated rows.
        reps: columns of all reps, by their number.
        markets: columns of all events of markets.
        contracts: what is known of terms, by the moment at which it became known.
        scheduled: what is known of planned events, likewise.
    """

    accounts: Columns
    interactions: Table
    surveys: Table
    reps: Columns
    markets: Columns
    contracts: Table = NO_ROWS
    scheduled: Table = NO_ROWS

    @property
    def dated(self) -> tuple[Table, ...]:
        """The tables of `DATED`."""
        return tuple(getattr(self, name) for name in DATED)

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.accounts["opened_us"])

    @cached_property
    def shared(self) -> Histories:
        """The history of each account, of all its rows."""
        return Histories(*(_shared(table, self.size) for table in self.dated))


@dataclass(frozen=True, eq=False)
class Source:
    """Something that features are measured on.

    Attributes:
        name: what it is called.
        make: makes it of what some pairs may see.
    """

    name: str
    make: Callable[[Past], Relation]


class Histories:
    """Rows by history, and all that is made of them without a look at a date, once.

    Attributes:
        interactions, surveys, contracts, scheduled: their rows.
    """

    def __init__(
        self, interactions: Rows, surveys: Rows, contracts: Rows, scheduled: Rows
    ) -> None:
        self.interactions = interactions
        self.surveys = surveys
        self.contracts = contracts
        self.scheduled = scheduled
        self._made: dict[object, object] = {}

    def once(self, make: Callable[[Histories], Made]) -> Made:
        """What a function makes of these histories; it is called once."""
        return _once(self._made, make, self)


class Past:
    """What some pairs may see at their dates, and all that is made of it, once.

    Attributes:
        ledger: where it comes from.
        histories: the rows that the pairs read.
        account: of each pair, its number in the ledger.
        edges: the pairs' dates and windows.
    """

    def __init__(
        self, ledger: Ledger, histories: Histories, account: Ints, edges: Edges
    ) -> None:
        self.ledger = ledger
        self.histories = histories
        self.account = account
        self.edges = edges
        self._made: dict[object, object] = {}

    @property
    def as_of(self) -> Ints:
        """The date of each pair, in microseconds since 1970."""
        return self.edges.as_of

    def once(self, make: Callable[[Past], Made]) -> Made:
        """What a function makes of this past; it is called once."""
        return _once(self._made, make, self)

    def of(self, source: Source) -> Relation:
        """A source, for these pairs."""
        return self.once(source.make)


def _once(made: dict[object, object], make: Callable[[Of], Made], of: Of) -> Made:
    if make not in made:
        made[make] = make(of)
    return made[make]  # type: ignore[return-value]


def pasts(
    ledger: Ledger, account: Ints, as_of: Ints, windows: Sequence[int]
) -> Iterator[tuple[Ints, Past]]:
    """The pairs in groups, each with what it may see: those that share histories, and those of their own.

    Those of their own come in turns, of which none takes up more rows than the ledger and those of one pair.

    Args:
        ledger: what is on record.
        account: of each pair, its number in the ledger.
        as_of: of each pair, in microseconds since 1970.
        windows: all lengths of windows that will be asked for, in days.

    Yields:
        Which pairs, and their past.
    """
    tables = ledger.dated
    dates, date = np.unique(as_of, return_inverse=True)
    apart = np.zeros(len(account), dtype=bool)
    for table in tables:
        apart |= _hidden(table, account, dates, date)
    shared, own = np.flatnonzero(~apart), np.flatnonzero(apart)
    if len(shared):
        theirs = account[shared]
        edges = Edges(theirs, dates, date[shared], windows, ledger.size)
        yield shared, Past(ledger, ledger.shared, theirs, edges)
    rows = _rows_of_each(tables, ledger.size)
    for turn in _in_turns(own, rows[account[own]], int(rows.sum())):
        yield turn, _own_past(ledger, account[turn], as_of[turn], windows)


def _own_past(
    ledger: Ledger, account: Ints, as_of: Ints, windows: Sequence[int]
) -> Past:
    """The past of pairs that have histories of their own."""
    dates, date = np.unique(as_of, return_inverse=True)
    pairs = len(account)
    edges = Edges(np.arange(pairs), dates, date, windows, pairs)
    known = (_known_by(table, ledger.size, account, as_of) for table in ledger.dated)
    return Past(ledger, Histories(*known), account, edges)


def _rows_of_each(tables: Sequence[Table], accounts: int) -> Ints:
    """How many rows each account has."""
    return sum(
        (np.bincount(table.account, minlength=accounts) for table in tables),
        start=np.zeros(accounts, dtype=np.int64),
    )


def _in_turns(pairs: Ints, rows: Ints, at_once: int) -> list[Ints]:
    """Pairs in turns of no more rows than so many and those of the last pair, given the rows of each."""
    turn = (np.cumsum(rows) - 1) // max(at_once, 1)
    return np.split(pairs, np.flatnonzero(np.diff(turn)) + 1) if len(pairs) else []


def _hidden(table: Table, account: Ints, dates: Ints, date: Ints) -> Flags:
    """Of each pair, whether some row had happened by its date and was not known yet, or not as a whole."""
    late = np.flatnonzero(table.whole_us > table.occurred_us)
    if not len(late):
        return np.zeros(len(account), dtype=bool)
    first = np.searchsorted(dates, table.occurred_us[late])
    after = np.searchsorted(dates, table.whole_us[late])
    row, hidden_date = spread(first, after - first)
    hidden = np.unique(table.account[late[row]] * len(dates) + hidden_date)
    return np.isin(account * len(dates) + date, hidden)


def _shared(table: Table, accounts: int) -> Rows:
    return Rows(table.account, table.occurred_us, table.columns, accounts)


def _known_by(table: Table, accounts: int, account: Ints, as_of: Ints) -> Rows:
    """A history for each pair: the rows of its account that were known by its date."""
    first = np.searchsorted(table.account, np.arange(accounts + 1))
    history, row = spread(first[account], first[account + 1] - first[account])
    known = table.known_us[row] <= as_of[history]
    history, row = history[known], row[known]
    return Rows(
        history, table.occurred_us[row], _taken(table.columns, row), len(account)
    )


def _taken(columns: Mapping[str, Array], row: Ints) -> dict[str, Array]:
    return {name: values[row] for name, values in columns.items()}
