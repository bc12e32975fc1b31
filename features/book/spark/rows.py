"""Rows that a query gives on Spark, and what is wrong where it cannot be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.errors import BookError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def rows_of(session: SparkSession, table: str, query: str) -> list[tuple[Any, ...]]:
    """The rows that a query over a table gives.

    Raises:
        BookError: the table cannot be read.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        return [tuple(row) for row in session.sql(query).collect()]
    except (PySparkException, Py4JJavaError) as error:
        raise spark_error(table, error) from None


def spark_error(table: str, error: Exception) -> BookError:
    """What is wrong with a file, by the name that Spark has for it; its message may hold what the row holds."""
    named: Any = getattr(error, "java_exception", error)
    return BookError(
        where=f"table {table}",
        found=str(named.getCondition() or type(error).__name__),
        expected="Parquet with times in microseconds, or CSV with the header's number of fields in each row",
        mend="correct its file",
    )
