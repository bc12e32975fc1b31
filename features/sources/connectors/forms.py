"""Forms: how a column of an export writes its values, and the SQL that reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from features.engine import DUCKDB
from features.sources.connectors.vendor import Field, Type
from features.sources.part import quoted

_WITH_A_ZONE = r"[0-9]:[0-9]{2}.*(Z|z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$"
_TESTS: dict[str, dict[str, str]] = {
    "time": {
        "zoned": f"bool_or(regexp_matches(v, '{_WITH_A_ZONE}'))",
        "seconds": "bool_and(regexp_full_match(v, '[0-9]{9,10}([.][0-9]+)?'))",
        "milliseconds": "bool_and(regexp_full_match(v, '[0-9]{12,13}'))",
    },
    "text": {"decimal": "bool_and(regexp_full_match(v, '-?[0-9]+[.]0'))"},
}
"""By type, what tells that a column of texts is in a form other than the plain one."""

_TYPES = {
    "text": "varchar",
    "time": "timestamptz",
    "date": "date",
    "number": "double",
    "flag": "boolean",
    "json": "json",
}
_SAYS_UTC = re.compile(r"(?i)\butc\b")
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Attributes:
        name: there.
        type: its SQL type.
        form: ``"plain"``; of times ``"zoned"``, ``"seconds"`` or ``"milliseconds"``, since 1970; of ids ``"decimal"``,
            such as 7.0.
        key: of the field of an object that it is, where the column holds objects.
    """

    name: str
    type: str
    form: str = "plain"
    key: str | None = None

    @property
    def sql(self) -> str:
        """What reads it as ``book.toml`` has it: a field of an object by its key."""
        written = _written(self.name)
        if self.key is None:
            return written
        return f"json_extract_string(try_cast({written} as json), {quoted(self.key)})"


def form_of(
    connection: duckdb.DuckDBPyConnection, relation: str, column: Column, type_: Type
) -> str:
    """The form of a column of a relation, told by its name or from all of its values."""
    if type_ == "time" and _SAYS_UTC.search(column.name):
        return "zoned"
    tests = _TESTS.get(type_, {})
    value = f"cast({column.sql.replace('$$', '$')} as varchar)"
    for form, test in tests.items():
        query = f"select {test} from (select {value} as v from {relation})"
        ((tells,),) = connection.execute(query).fetchall()
        if tells:
            return form
    return "plain"


def field_sql(
    field: Field,
    column: Column | None,
    missing: Sequence[str] = (),
    zone: str | None = None,
) -> str:
    """The SQL that reads a field of its column, or stands for it where there is none.

    Args:
        field: what is read.
        column: of its file.
        missing: texts that stand for no value.
        zone: the time zone of times without one; UTC where None.

    Example:
        >>> column = Column("Created At", "VARCHAR")
        >>> print(field_sql(Field("created_at", "time", ()), column, zone="Asia/Tokyo"))
        timezone('Asia/Tokyo', try_cast("Created At" as timestamp))
    """
    if column is None:
        return _absent(field)
    value = column.sql
    if field.type == "flag":
        default = field.otherwise or "false"
        return f"coalesce(try_cast({value} as boolean), {default})"
    if field.type == "time":
        return _time(value, column, zone)
    if field.type != "text":
        return f"try_cast({value} as {_TYPES[field.type]})"
    return _text(value, column, missing)


def _absent(field: Field) -> str:
    if field.otherwise is not None:
        return field.otherwise
    if field.type == "flag":
        return "false"
    return f"cast(null as {_TYPES[field.type]})"


def _written(name: str) -> str:
    """The name of a column, in quotes where it needs them."""
    plain = _SIMPLE.fullmatch(name) and name not in _RESERVED
    return name if plain else DUCKDB.quoted(name).replace("$", "$$")


def _time(value: str, column: Column, zone: str | None) -> str:
    if column.form == "seconds":
        return f"to_timestamp(try_cast({value} as double))"
    if column.form == "milliseconds":
        return f"to_timestamp(try_cast({value} as double) / 1000)"
    has_zone = column.form == "zoned" or column.type.endswith("TIME ZONE")
    if zone is None or has_zone:
        return f"try_cast({value} as timestamptz)"
    return f"timezone({quoted(zone)}, try_cast({value} as timestamp))"


def _text(value: str, column: Column, missing: Sequence[str]) -> str:
    if column.form == "decimal":
        return f"cast(try_cast({value} as decimal(38, 0)) as varchar)"
    if column.type != "VARCHAR":
        value = f"cast({value} as varchar)"
    for mark in missing:
        value = f"nullif({value}, {quoted(mark)})"
    return value


def _reserved() -> frozenset[str]:
    query = (
        "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
    )
    with duckdb.connect() as connection:
        return frozenset(name for (name,) in connection.execute(query).fetchall())


_RESERVED = _reserved()
