"""The rows of a table in a copy, as SQL: their month, what tells them from others, and how their types are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from features.engine import DUCKDB

MONTH = "__pinch_month__"
UNDATED = "undated"
FRESH = "__pinch_fresh__"
"""The table of rows that were just read."""

DATES = ("known_at", "occurred_at")
"""The columns by whose months the rows of a book are kept: the first that tells one."""

_AS_TEXT = ("HUGEINT", "UHUGEINT")
"""Types that Parquet has as doubles, or not at all: their values are kept as texts."""


def month_sql(columns: Mapping[str, str], dates: Iterable[str] = DATES) -> str:
    """The month in which a row became known, or else happened; rows whose dates cannot be told are undated.

    It tells in which file a row is kept, and nothing else.

    Args:
        columns: of the table, each with its SQL type.
        dates: those of them that tell it, first the one that is asked first.
    """
    told = [_month(name, columns[name]) for name in dates if name in columns]
    return f"coalesce({', '.join([*told, DUCKDB.literal(UNDATED)])})"


def _month(name: str, type_: str) -> str:
    name = DUCKDB.quoted(name)
    if type_.startswith(("TIMESTAMP", "DATE")):
        within = f"year({name}) between 1000 and 9999"
        return f"case when {within} then strftime({name}, '%Y-%m') end"
    if type_ == "VARCHAR":
        return f"nullif(regexp_extract({name}, '^\\s*(\\d{{4}}-\\d{{2}})-', 1), '')"
    return "null"


def digests(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]
) -> dict[str, tuple[int, str]]:
    """How many rows each month of a relation has, and the sum of their hashes, in order of the months.

    Rows in another order give the same; of rows that differ, a sum of as many random numbers of 64 bits would have to
    be the same by chance.
    """
    hashed = f"hash({', '.join(map(DUCKDB.quoted, columns))})"
    query = f"""
        select {MONTH}, count(*), sum(cast({hashed} as hugeint))
        from {relation} group by {MONTH} order by {MONTH}"""
    found = connection.execute(query).fetchall()
    return {month: (rows, f"{digest:x}") for month, rows, digest in found}


def kept_sql(columns: Mapping[str, str]) -> str:
    """The columns of a table as they are kept."""
    kept = [_kept(DUCKDB.quoted(name), type_) for name, type_ in columns.items()]
    return ", ".join(kept)


def read_sql(columns: Mapping[str, str]) -> str:
    """The columns of a table as they were before they were kept."""
    read = [
        f"cast({DUCKDB.quoted(name)} as {type_}) as {DUCKDB.quoted(name)}"
        for name, type_ in columns.items()
    ]
    return ", ".join(read)


def _kept(name: str, type_: str) -> str:
    return f"cast({name} as varchar) as {name}" if type_ in _AS_TEXT else name
