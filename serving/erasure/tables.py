"""Files of tables without the rows of some accounts: Parquet, and databases of DuckDB, whose freed pages go as well."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.engine import DUCKDB
from serving.erasure.texts import NAMING

Ids = Collection[str]


def rows_of_parquet(file: Path, ids: Ids) -> int:
    """How many rows of a Parquet file name one of some accounts."""
    with pq.ParquetFile(file) as opened:
        naming = _naming(opened.schema_arrow)
        if not naming:
            return 0
        found = pc.sum(_named(opened.read(columns=naming), ids)).as_py()
    return int(found or 0)


def parquet_without(file: Path, ids: Ids, made: Path) -> None:
    """Writes a Parquet file without the rows of some accounts, with its own metadata and size of groups."""
    with pq.ParquetFile(file) as opened:
        groups = opened.metadata
        together = groups.row_group(0).num_rows if groups.num_row_groups else None
        table = opened.read()
    kept = table.filter(pc.invert(_named(table, ids)))
    pq.write_table(kept, made, row_group_size=together)


def rows_of_database(file: Path, ids: Ids) -> int:
    """How many rows of a DuckDB file name one of some accounts."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return sum(
            _counted(connection, table, column, ids)
            for table, column in _columns(connection)
        )


def database_without(file: Path, ids: Ids, made: Path) -> None:
    """Writes a DuckDB file without the rows of some accounts: what is deleted stays in the pages of the copy before."""
    spare = made.with_name(f"{made.name}.spare")
    for left in (spare, made):
        left.unlink(missing_ok=True)
    _copy(file, spare)
    with duckdb.connect(str(spare)) as connection:
        for table, column in _columns(connection):
            connection.execute(f"delete from {table} where {_is_one(column, ids)}")
    _copy(spare, made)
    spare.unlink()


def _copy(file: Path, made: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {DUCKDB.literal(str(file))} as old (read_only)")
        connection.execute(f"attach {DUCKDB.literal(str(made))} as new")
        connection.execute("copy from database old to new")


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """The tables that name accounts, each with a column that does."""
    found = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " join duckdb_tables() using (schema_name, table_name)"
        " where column_name in (select unnest($1)) order by all",
        [list(NAMING)],
    ).fetchall()
    quoted = DUCKDB.quoted
    return [
        (f"{quoted(of)}.{quoted(name)}", quoted(column)) for of, name, column in found
    ]


def _counted(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, ids: Ids
) -> int:
    query = f"select count(*) from {table} where {_is_one(column, ids)}"
    ((rows,),) = connection.execute(query).fetchall()
    return int(rows)


def _is_one(column: str, ids: Ids) -> str:
    values = ", ".join(map(DUCKDB.literal, sorted(ids)))
    return f"cast({column} as varchar) in ({values})"


def _naming(schema: pa.Schema) -> list[str]:
    return [name for name in schema.names if name in NAMING]


def _named(table: pa.Table, ids: Ids) -> pa.ChunkedArray:
    """Of each row whether it names one of some accounts."""
    wanted = pa.array(sorted(ids), pa.string())
    named = pa.chunked_array([pa.array([False] * len(table))])
    for column in _naming(table.schema):
        its = pc.is_in(table[column].cast(pa.string()), value_set=wanted)
        named = pc.or_(named, its)
    return named
