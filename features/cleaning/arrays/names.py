"""Names in clean rows that no vocabulary has, counted in arrays (`features.vocabulary.names`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from features.timeline.expression import Columns
from features.vocabulary.names import MOST_HELD, NAMED, UnknownNames, near_name
from features.vocabulary.vocabularies import Vocabulary

Tables = Mapping[str, Columns]
"""Clean rows by table."""


def unknown_names_of(
    tables: Tables, vocabularies: Sequence[Vocabulary]
) -> tuple[UnknownNames, ...]:
    """The unknown names of each vocabulary that has any; a table that is not there has no rows."""
    found = (_unknown(tables, vocabulary) for vocabulary in vocabularies)
    return tuple(names for names in found if names is not None)


def _unknown(tables: Tables, vocabulary: Vocabulary) -> UnknownNames | None:
    named = Counter(_names(tables, vocabulary.table, vocabulary.column))
    if not vocabulary.upper_case:
        named = _in_lower_case(named)
    known = _held(tables, vocabulary)
    if known is None:
        return None
    unknown = {name: rows for name, rows in named.items() if name not in known}
    if not unknown:
        return None
    in_order = sorted(unknown, key=lambda name: (-unknown[name], name))
    told = {name: unknown[name] for name in in_order[:NAMED]}
    looked_through = vocabulary.names or sorted(known)[:MOST_HELD]
    near = {name: like for name in told if (like := near_name(name, looked_through))}
    return UnknownNames(
        vocabulary,
        rows=sum(unknown.values()),
        named_rows=named.total(),
        names=told,
        more=len(unknown) - len(told),
        near=near,
    )


def _in_lower_case(named: Mapping[str, int]) -> Counter[str]:
    lower: Counter[str] = Counter()
    for name, rows in named.items():
        lower[name.lower()] += rows
    return lower


def _names(tables: Tables, table: str, column: str) -> list[str]:
    rows = tables.get(table, {})
    names = rows[column].tolist() if column in rows else []
    return [name for name in names if name is not None]


def _held(tables: Tables, vocabulary: Vocabulary) -> Collection[str] | None:
    """The names that a vocabulary has; None where it knows all, since the table that holds them has no rows."""
    if vocabulary.of is None:
        return frozenset(vocabulary.names)
    table, column = vocabulary.of
    rows = tables.get(table, {})
    if not len(rows.get(column, ())):
        return None
    return frozenset(_names(tables, table, column))
