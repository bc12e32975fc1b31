"""What makes a row bad, and the one form in which good rows are kept: as SQL, for a book and a request alike.

A table goes through two statements. `typed_sql` reads the raw columns as the contract's types, blanks optional values
that cannot be read, and names the first problem of each row; `features.cleaning.normalised.normalised_sql` brings the
rows without one into the form that `features.past.row_sources` reads.
"""

from __future__ import annotations

from collections.abc import Mapping

from features.cleaning.problems import problem_sql
from features.cleaning.values import (
    blankable,
    bounded_sql,
    digits_sql,
    fact_sql,
    given_sql,
    mistyped_sql,
    optional_columns,
    value_sql,
)
from features.engine import DUCKDB, Dialect, indented, listed
from features.vocabulary.contract import JOINED_FACTS, TABLES

ROW_OF_SOURCE = "__pinch_row__"
"""The column of a raw table that has the numbers of its rows, where they do not lie in their order."""


def typed_sql(
    table: str,
    raw: str,
    present: Mapping[str, str],
    facts: Mapping[str, str] = {},
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL giving a raw table's rows in the contract's types, each with its ``row`` number and its first ``problem``.

    Args:
        table: a name of the contract.
        raw: the relation to read.
        present: the columns that it has, each with its SQL type; the contract's others are null.
        facts: columns of accounts to keep, each ``"number"`` or ``"text"``.
        dialect: of the engine.

    Returns:
        A select with ``row`` (from 1), the typed columns, the facts and ``problem``: null for a good row, otherwise
        ``field: expected``; for the columns that are `blankable` ``has_{column}``, whether there was a value, and
        ``mistyped_{column}``, whether it was one in another notation.
    """
    typed = _typed(table, present, facts, dialect)
    read = _read(table, present, facts, dialect)
    return f"""\
select
    *,
    {indented(problem_sql(table, present, dialect), 4)} as problem
from (
    select
        {listed(read, 8)}
    from (
        select
            {listed(typed, 12)}
        from {raw} as raw
    ) as typed
) as read"""


def _facts(table: str, facts: Mapping[str, str]) -> dict[str, str]:
    """The facts to keep of a table, those that features join among them, each with its type."""
    if table != "accounts":
        return {}
    return {**facts, **{fact: "text" for fact in JOINED_FACTS if fact not in facts}}


def _typed(
    table: str, present: Mapping[str, str], facts: Mapping[str, str], dialect: Dialect
) -> list[str]:
    """The raw values, each in its type, and what is told of those that are optional."""
    values = [
        f"{value_sql(column, present, dialect)} as {column.name}"
        for column in TABLES[table].columns
    ]
    kept = []
    for fact, type_ in _facts(table, facts).items():
        there = present if fact in facts else {}
        value = fact_sql(fact, type_, there, dialect)
        kept.append(f"{value} as {dialect.quoted(fact)}")
    given = [
        f"{given_sql(column, present, dialect)} as has_{column.name}"
        for column in optional_columns(table, present)
    ]
    digits = [
        f"{digits_sql(column, present, dialect)} as digits_{column.name}"
        for column in blankable(table, present)
    ]
    row = ROW_OF_SOURCE if ROW_OF_SOURCE in present else dialect.row
    return [f"{row} as row", *values, *kept, *given, *digits]


def _read(
    table: str, present: Mapping[str, str], facts: Mapping[str, str], dialect: Dialect
) -> list[str]:
    """The typed values, those blanked that cannot be."""
    lost = blankable(table, present)
    columns = ["row"]
    for column in TABLES[table].columns:
        bounded = f"{bounded_sql(column, dialect)} as {column.name}"
        columns.append(bounded if column in lost else f"typed.{column.name}")
    columns += [dialect.quoted(fact) for fact in _facts(table, facts)]
    columns += [f"has_{column.name}" for column in optional_columns(table, present)]
    columns += [f"{mistyped_sql(column)} as mistyped_{column.name}" for column in lost]
    return columns
