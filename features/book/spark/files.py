"""The files of a table as Spark reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.book.spark.rows import spark_error
from features.engine import SPARK
from features.errors import BookError
from features.sources.headers import parse_header
from features.sources.misnamed import require_columns
from features.vocabulary.contract import TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def find_table(session: SparkSession, folder: str, table: str) -> DataFrame | None:
    """A table as it is, from the first of its possible files that there is, or from a folder of Parquet files."""
    from pyspark.errors import AnalysisException

    readers = {f"{table}{form}": read for form, read in _READERS.items()}
    for name, read in {**readers, table: _read_parquet}.items():
        try:
            source = read(session, table, f"{folder}/{name}")
        except AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                raise spark_error(table, error) from None
        else:
            require_columns(table, source.columns)
            return source
    if TABLES[table].required:
        expected = f"{', '.join(readers)} or a folder {table}/ of Parquet files"
        raise BookError(
            where=folder, found=f"no table {table}", expected=expected, mend="add it"
        )
    return None


def _read_parquet(session: SparkSession, table: str, path: str) -> DataFrame:
    return session.read.option("mergeSchema", "true").parquet(path)


def _read_json_lines(session: SparkSession, table: str, path: str) -> DataFrame:
    return session.read.options(primitivesAsString="true", mode="FAILFAST").json(path)


def _read_csv(session: SparkSession, table: str, path: str) -> DataFrame:
    """Each file is read as a whole, since a text in quotes may run over lines."""
    first = [row["value"] for row in session.read.text(path).take(2)]
    header = parse_header(table, [line.removeprefix("\ufeff") for line in first])
    if header.skipped:
        raise BookError(
            where=f"table {table}",
            found="a line sep= before the header",
            expected="the header",
            mend="remove it",
        )
    schema = ", ".join(f"{SPARK.quoted(name)} string" for name in header.names)
    how = {
        "header": "true",
        "sep": header.delimiter,
        "escape": '"',
        "multiLine": "true",
        "mode": "FAILFAST",
    }
    return session.read.schema(schema).options(**how, columnPruning="false").csv(path)


_READERS = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".csv.gz": _read_csv,
    ".jsonl": _read_json_lines,
    ".jsonl.gz": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".ndjson.gz": _read_json_lines,
}
