"""Values: how a value of a column is read, and what it should be, as SQL on raw and typed rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from features.engine import DUCKDB, Dialect
from features.vocabulary.contract import TABLES, Column
from features.vocabulary.kinds import KINDS

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
NOT_THE_YEAR = 1970
"""In which times fall that are a zero of some machine."""
EXPECTED = {
    "text": "a text",
    "time": f"a time between {EARLIEST_YEAR} and {LATEST_YEAR}, and not in {NOT_THE_YEAR}",
    "number": "a finite number",
    "flag": "true or false",
}

LASTING = tuple(kind.name for kind in KINDS.values() if not kind.may_be_early)
"""Kinds whose minutes are how long something took, which is no less than nothing."""


def text_sql(expression: str, dialect: Dialect = DUCKDB) -> str:
    """SQL for a value as a text without white space around it; one of nothing else is missing."""
    text = dialect.trimmed(f"cast({expression} as {dialect.text})")
    return f"nullif({text}, '')"


def value_sql(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    """SQL for a value of a raw row in its column's type; null where it is none, or the column is not there."""
    raw = f"raw.{column.name}" if column.name in present else "null"
    type_ = present.get(column.name, "null")
    return {
        "text": text_sql(raw, dialect),
        "time": dialect.utc(raw, type_),
        "number": dialect.number(raw, type_),
        "flag": f"try_cast({raw} as boolean)",
    }[column.type]


def fact_sql(
    fact: str, type_: str, present: Mapping[str, str], dialect: Dialect
) -> str:
    """SQL for a fact of a raw account; a column that is not there is unknown for everybody."""
    if fact not in present:
        return f"cast(null as {dialect.text if type_ == 'text' else 'double'})"
    raw = f"raw.{dialect.quoted(fact)}"
    if type_ == "text":
        return _fact_text(raw, present[fact], dialect)
    # An undated number that is no number is as good as unknown; it spoils no other column of its row.
    number = dialect.number(raw, present[fact])
    return f"case when {dialect.finite.format(number)} then {number} end"


def _fact_text(raw: str, type_: str, dialect: Dialect) -> str:
    """A fact as a text; a whole number that came as a double, as data frames have it beside gaps, is whole again."""
    text = text_sql(raw, dialect)
    if type_.lower() not in ("double", "float"):
        return text
    whole = f"cast(cast({raw} as bigint) as {dialect.text})"
    is_whole = f"abs({raw}) < 1e15 and {raw} = floor({raw})"
    is_finite = dialect.finite.format(raw)
    return f"case when {is_whole} then {whole} when {is_finite} then {text} end"


def given_sql(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    """SQL telling whether a raw row has a value; a text of blanks is none."""
    raw = f"raw.{column.name}"
    is_text = present[column.name].lower() == dialect.text
    return f"{text_sql(raw, dialect) if is_text else raw} is not null"


def digits_sql(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    """SQL telling whether a raw value that cannot be read has a digit, or is no text."""
    raw = f"raw.{column.name}"
    if present[column.name].lower() != dialect.text:
        return "true"
    unread = f"{value_sql(column, present, dialect)} is null"
    return f"case when {unread} then translate({raw}, '0123456789', '') <> {raw} end"


def bounded_sql(column: Column, dialect: Dialect) -> str:
    """SQL for a typed value within the bounds of its column, and null outside."""
    within = {
        "number": f"{column.name} between {column.low} and {column.high}",
        "time": f"not ({outside_sql(column.name, dialect)})",
        "flag": "true",
        "text": "true",
    }[column.type]
    if column.name == "minutes":
        lasting = ", ".join(f"'{kind}'" for kind in LASTING)
        within += f" and (minutes >= 0 or kind not in ({lasting}))"
    return f"case when {within} then {column.name} end"


def outside_sql(time: str, dialect: Dialect) -> str:
    """SQL telling whether a time is none that a book can hold."""
    dated, year = dialect.dated.format(time), f"year({time})"
    within = f"between {EARLIEST_YEAR} and {LATEST_YEAR}"
    return f"not {dated} or {year} not {within} or {year} = {NOT_THE_YEAR}"


def mistyped_sql(column: Column) -> str:
    """SQL telling whether a value is in another notation: a text without a digit, such as n/a, says there is none."""
    return f"{blank(column)} and digits_{column.name}"


def optional_columns(table: str, present: Iterable[str]) -> list[Column]:
    """The columns of a table, of those that are there, that a row need not have."""
    there = set(present)
    return [
        column
        for column in TABLES[table].columns
        if column.name in there and not column.required
    ]


def blankable(table: str, present: Iterable[str]) -> list[Column]:
    """The columns of a table, of those that are there, whose values are blanked where they cannot be read."""
    optional = optional_columns(table, present)
    return [column for column in optional if column.type != "text" and not column.vital]


def given(column: Column) -> str:
    """SQL telling whether a typed row had a value in an optional column."""
    return f"has_{column.name}"


def blank(column: Column) -> str:
    """SQL telling whether a typed row had a value in an optional column that could not be read."""
    return f"has_{column.name} and {column.name} is null"


def mistyped(column: Column) -> str:
    """SQL telling whether a typed row had a value in another notation, such as 12,50, in an optional column."""
    return f"mistyped_{column.name}"


def expected_of(column: Column) -> str:
    """What a value of a column should be, in words."""
    if column.type != "number":
        return EXPECTED[column.type]
    return f"{EXPECTED['number']} {bounds_of(column)}"


def bounds_of(column: Column) -> str:
    """The bounds of a number, in words."""
    return f"from {column.low:,.15g} to {column.high:,.15g}"
