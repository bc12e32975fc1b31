"""Lineage: what a feature is made of, found out by watching what its source reads.

A fact has no date, so one that tells who left is kept out of models with all that is made of it. Where a source reads a
fact of the account, all that is measured on it counts as made of that fact: rather too much than too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from features.past.declaration import Feature
from features.past.measure import Measure
from features.timeline.edges import Edges
from features.timeline.expression import Array
from features.timeline.histories import DATED, Histories, Ledger, Past, Source, Table
from features.timeline.rows import Rows

MADE_OF_FACTS = {"market": "market", "style": "style", "is_key": "tier"}
"""The columns of a ledger's accounts that are one fact, or made of it."""
MADE_OF_ALL = "profile_filled"
"""The column that is made of all facts."""


def made_of(facts: Iterable[str], features: Mapping[str, Feature]) -> set[str]:
    """The names of the features that are made of any of these facts."""
    told = set(facts)
    columns = {column for column, fact in MADE_OF_FACTS.items() if fact in told}
    if told:
        columns.add(MADE_OF_ALL)
    return {name for name in features if columns & read_by(name, features)}


def read_by(name: str, features: Mapping[str, Feature]) -> set[str]:
    """What a feature is made of: tables of a book by name, and columns of the accounts."""
    how = features[name].how
    if isinstance(how, Measure):
        return set(read_by_source(how.source))
    read: set[str] = set()
    for part in how.expression.reads:
        read |= read_by(part, features)
    return read


@cache
def read_by_source(source: Source) -> frozenset[str]:
    """What a source reads, see `read_by`: it is made of a past in which nothing ever happened, and watched."""
    seen: set[str] = set()
    ledger = _WatchedLedger(seen.add)
    source.make(
        Past(
            ledger,
            _WatchedHistories(seen.add),
            _NOBODY,
            Edges(_NOBODY, _NOBODY, _NOBODY, (), 0),
        )
    )
    return frozenset(seen)


_NOBODY = np.zeros(0, dtype=np.int64)


class _Watched(Mapping[str, Array]):
    """Columns without a value, of any name; it is told which are read."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told

    def __getitem__(self, name: str) -> Array:
        self._told(name)
        return _NOBODY

    def __iter__(self) -> Iterator[str]:
        return iter(("any",))

    def __len__(self) -> int:
        return 1


_NO_COLUMNS = _Watched(lambda column: None)
_NO_ROWS = Table(_NOBODY, _NOBODY, _NOBODY, _NOBODY, _NO_COLUMNS)
_TABLES = (*DATED, "reps", "markets")


class _WatchedLedger(Ledger):
    """A ledger of nobody; it is told which tables and which columns of the accounts are read."""

    def __init__(self, told: Callable[[str], None]) -> None:
        columns, dated = _Watched(told), dict.fromkeys(DATED, _NO_ROWS)
        super().__init__(columns, reps=_NO_COLUMNS, markets=_NO_COLUMNS, **dated)
        object.__setattr__(self, "told", told)

    def __getattribute__(self, name: str) -> object:
        if name in _TABLES:
            super().__getattribute__("told")(name)
        return super().__getattribute__(name)


class _WatchedHistories(Histories):
    """Histories without a row; it is told which tables are read."""

    def __init__(self, told: Callable[[str], None]) -> None:
        nothing = Rows(_NOBODY, _NOBODY, _NO_COLUMNS, 0)
        self._told = told
        super().__init__(*(nothing for _ in DATED))

    def __getattribute__(self, name: str) -> object:
        if name in _TABLES:
            super().__getattribute__("_told")(name)
        return super().__getattribute__(name)
