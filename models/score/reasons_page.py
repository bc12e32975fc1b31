"""The page of reasons: an example for every feature that can speak, for ``docs/reasons.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from features.past.declaration import Entry
from features.past.saying import Saying
from features.themes.dictionary import ENTRIES, THEMES
from models.score.telling import Row, sentence

_EXAMPLES: Mapping[str, tuple[float, ...]] = {
    "days": (12.0, 53.0, 400.0),
    "points": (3.2, 6.4, 2.0, -1.5),
    "share": (0.9, 0.4),
    "ratio": (0.9, 0.4, 2.5),
    "probability": (0.6, 0.04),
    "money": (3_400.0, 1_250.0),
    "minutes": (25.0, 12.0, 60.0),
    "hours": (5.0, 30.0),
    "deviations": (-2.0,),
}
"""Values of which an example is made, by unit."""
_COUNTS = (3.0, 2.0, 1.0, 5.0, 12.0, 40.0, 0.0, -1.0)
_OF_A_MONTH = (1.0, 3.0, 12.0)
_BAD = {"high": "high", "low": "low", "either": "as it says"}

_HEAD = """# Reasons

Written by `make docs` from the code: what a colleague would say of each feature, with an example. A feature is told
where its value adds to the risk, is bad news, and its words say so: against what is usual for the account, or what is
typical of the accounts of the training, whose medians a model keeps. What has nothing to say gives way to the next
strongest feature of its theme, and a theme without one is passed over; facts of an account are not told, since a plan
or a market by itself says nothing. *Bad* tells which values are bad news.
"""


def page() -> str:
    """The page: a table for each theme, and what is never told."""
    by_theme = {theme.name: [] for theme in THEMES}  # type: dict[str, list[Entry]]
    for entry in ENTRIES.values():
        by_theme[entry.theme].append(entry)
    tables = [_table(theme.title, by_theme[theme.name]) for theme in THEMES]
    silent = ", ".join(f"`{name}`" for name, e in ENTRIES.items() if not e.says)
    last = f"## Never told\n\nThey help to tell the risk, and say nothing to people by themselves: {silent}.\n"
    return "\n".join([_HEAD, *filter(None, tables), last])


def example(entry: Entry) -> str | None:
    """A sentence that an entry can give; None where it cannot speak."""
    for saying in entry.says:
        for row, typical in _rows(entry, saying):
            said = sentence(entry, row, {entry.name: typical})
            if said is not None:
                return said
    return None


def _rows(entry: Entry, saying: Saying) -> Iterator[tuple[Row, float]]:
    """Rows that may make a saying true, each with what is typical there."""
    named = (entry.name, *sorted(_read(saying) - {entry.name}))
    values = [_values(name) for name in named]
    for typical, *row in product(_values(entry.name), *values):
        columns = {
            name: np.array([value]) for name, value in zip(named, row, strict=True)
        }
        yield Row(columns, 0), typical


def _read(saying: Saying) -> set[str]:
    """The columns that a saying reads."""
    read = set(saying.names)
    for expression in (saying.where, saying.usual):
        read |= set() if expression is None else expression.reads
    return read & set(ENTRIES)


def _values(name: str) -> tuple[float, ...]:
    if name.startswith("days_active"):
        return _OF_A_MONTH
    return _EXAMPLES.get(ENTRIES[name].unit, _COUNTS)


def _table(title: str, entries: list[Entry]) -> str:
    rows = [
        f"| `{entry.name}` | {_BAD[entry.bad]} | {example(entry)} |"
        for entry in entries
        if entry.says
    ]
    head = f"## {title}\n\n| feature | bad | for example |\n|---|---|---|"
    return "\n".join([head, *rows, ""]) if rows else ""
