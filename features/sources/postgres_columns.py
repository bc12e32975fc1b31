"""Columns of PostgreSQL: what is asked for each so that its values are read as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from features.engine import DUCKDB

COLUMNS = """
select a.attname, b.typname, format_type(b.oid, greatest(a.atttypmod, t.typtypmod))
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
"""Name, type and type with its length, of the columns of a table; a domain is its type."""

_NUMBERS = frozenset(("int2", "int4", "int8", "float4", "float8"))
_OTHERS = frozenset(("bool", "text", "varchar", "bytea", "json", "jsonb", "uuid"))
_LISTS = frozenset(f"_{type_}" for type_ in (*_NUMBERS, "bool", "text", "varchar"))
_AS_THEY_ARE = _NUMBERS | _OTHERS | _LISTS
_TIMES = ("date", "timestamp", "timestamptz")
_LENGTH = re.compile(r"numeric\((\d+),(\d+)\)")
_MOST_DIGITS = 38


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: as it is in the database.
        asked: what is asked of PostgreSQL.
        kept: what is made of that in DuckDB.
        rounded: whether a number of any length is read as a double.
    """

    name: str
    asked: str
    kept: str
    rounded: bool = False


def column_of(name: str, type_: str, full: str) -> Column:
    """How a column is read.

    Args:
        name: of the column.
        type_: PostgreSQL's own name of its type, such as ``int4``, or ``_int4`` for an array of it.
        full: the type with its length, such as ``numeric(12,2)``.

    Example:
        >>> column_of("id", "uuid", "uuid").asked
        '"id"'
        >>> column_of("stage", "stages", "stages").asked
        '"stage"::text as "stage"'
    """
    quoted = DUCKDB.quoted(name)
    if type_ in _AS_THEY_ARE:
        return Column(name, quoted, quoted)
    if type_ in _TIMES:  # the driver has no infinite times
        finite = f"case when isfinite({quoted}) then {quoted} end as {quoted}"
        return Column(name, finite, quoted)
    if type_ == "numeric":
        return _of_numeric(name, quoted, full)
    as_text = "text[]" if type_.startswith("_") else "text"
    return Column(name, f"{quoted}::{as_text} as {quoted}", quoted)


def _of_numeric(name: str, quoted: str, full: str) -> Column:
    length = _LENGTH.fullmatch(full)
    digits, after = map(int, length.groups()) if length else (0, 0)
    if after <= digits and 0 < digits <= _MOST_DIGITS:
        asked = f"nullif({quoted}, 'NaN')::text as {quoted}"
        kept = f"cast({quoted} as decimal({digits}, {after})) as {quoted}"
        return Column(name, asked, kept)
    return Column(name, f"{quoted}::float8 as {quoted}", quoted, rounded=True)
