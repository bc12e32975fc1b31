"""Words of a book's own, written in those of Pinch before a table is read any further (`features.vocabulary.own`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from features.engine import DUCKDB, Dialect
from features.vocabulary.own import SCALES, OwnWords

SPOKEN = {"interactions": "kind", "surveys": "item"}
"""The tables that hold words of one's own, and where."""


def spoken_sql(
    table: str,
    rows: str,
    present: Sequence[str],
    words: OwnWords,
    dialect: Dialect = DUCKDB,
) -> str | None:
    """SQL that reads a raw table with the words of a book's own as ours; None where it can hold none.

    Args:
        table: a name of the contract.
        rows: the relation as it is.
        present: its columns.
        words: of the book.
        dialect: of the engine.
    """
    column = SPOKEN.get(table)
    slots = {} if column is None else words.slots[column]
    if column is None or not slots:
        return None
    name = f"trim(cast({column} as {dialect.text}))"
    replaced = {column: _cases(name, slots, f"cast({column} as {dialect.text})")}
    if table == "surveys":
        replaced |= {
            scale: _scale(scale, scale in present, name, words, dialect)
            for scale in SCALES
        }
    kept = [dialect.quoted(other) for other in present if other not in replaced]
    written = [f"{sql} as {name}" for name, sql in replaced.items()]
    return f"select {', '.join([*kept, *written])} from {rows}"


def _scale(
    scale: str, there: bool, item: str, words: OwnWords, dialect: Dialect
) -> str:
    """What a row says of its scale, else what its item has, as a text."""
    usual = {name: str(value).lower() for name, value in words.usual(scale).items()}
    given = f"nullif(trim(cast({scale} as {dialect.text})), '')" if there else "null"
    return f"coalesce({given}, {_cases(item, usual, 'null')})"


def _cases(value: str, told: Mapping[str, str], otherwise: str) -> str:
    cases = " ".join(f"when '{one}' then '{other}'" for one, other in told.items())
    return f"case {value} {cases} else {otherwise} end"
