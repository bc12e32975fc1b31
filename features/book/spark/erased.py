"""Erased accounts on Spark: their rows are not read, see `features.sources.erased`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from features.book.spark.rows import rows_of
from features.engine import SPARK
from features.sources.erased import NAMING, ids_sql, named_sql, others_sql
from features.sources.tombstones import read_tombstones

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def leave_out(
    session: SparkSession, folder: Path, sources: Mapping[str, DataFrame]
) -> tuple[dict[str, DataFrame], dict[str, int]]:
    """The raw tables without the rows of erased accounts, and how many these were, by table that had any.

    Raises:
        BookError: the tombstones have no key, or a table cannot be read.
    """
    tombstones = read_tombstones(folder)
    if tombstones is None:
        return dict(sources), {}
    seen: set[str] = set()
    for table, source in sources.items():
        source.createOrReplaceTempView(f"whole_{table}")
        naming = _naming(table, source)
        if naming:
            rows = rows_of(session, table, ids_sql(f"whole_{table}", naming, SPARK))
            seen.update(str(id_) for (id_,) in rows if id_ is not None)
    ids = tombstones.among(seen)
    kept, found = dict(sources), {}
    for table, source in sources.items():
        whole, naming = f"whole_{table}", _naming(table, source)
        if not ids or not naming:
            continue
        named = named_sql(naming, ids, SPARK)
        counted = f"select count(*) from {whole} as raw where {named}"
        ((rows_left_out,),) = rows_of(session, table, counted)
        if rows_left_out:
            others = others_sql(whole, source.columns, naming, ids, True, SPARK)
            kept[table], found[table] = session.sql(others), rows_left_out
    return kept, found


def _naming(table: str, source: DataFrame) -> list[str]:
    return [name for name in NAMING.get(table, ()) if name in source.columns]
