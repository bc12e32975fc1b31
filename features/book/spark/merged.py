"""Merged accounts on Spark: whose rows are whose, and the rows brought to the accounts that they count for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from features.book.merging import Merged, count_merged
from features.book.spark.rows import rows_of
from features.calendar.merges import (
    FOLLOWED,
    followed_sql,
    merged_sql,
    require_no_circle,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def make_merged(session: SparkSession) -> None:
    """Makes ``merged``, which is small, see `features.calendar.merges`."""
    require_no_circle(functools.partial(rows_of, session, "merges"))
    merged = session.sql(merged_sql()).toArrow()
    session.createDataFrame(merged).createOrReplaceTempView("merged")


def follow_merges(session: SparkSession) -> Merged:
    """Brings the rows of merged ids to the accounts that they count for."""
    merged = count_merged(functools.partial(rows_of, session, "merges"))
    if merged.ids:
        for table in FOLLOWED:
            own = f"own_{table}"
            rows = session.table(table)
            rows.createOrReplaceTempView(own)
            followed = followed_sql(own, rows.columns)
            session.sql(followed).createOrReplaceTempView(table)
    return merged
