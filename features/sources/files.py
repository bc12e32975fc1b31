"""The files of a table, as relations that DuckDB reads: Parquet, CSV, JSON lines and Excel, one file or many parts.

Parts are put together by the names of their columns. What is no Parquet is read as text: the contract says what a
column holds, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from features.engine import DUCKDB
from features.errors import BookError
from features.sources.headers import proper_names, read_header
from features.sources.misnamed import require_columns
from features.sources.part import (
    Part,
    named_by_folders,
    partitions_sql,
    paths_sql,
    quoted,
    texts_sql,
)
from features.sources.unreadable import unreadable
from features.sources.workbook import load_sheet
from features.vocabulary.contract import TABLES


def read_files(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> str:
    """The relation that reads the files of a table.

    Args:
        connection: where they are to be read.
        table: a name of the contract.
        files: absolute paths, all of one form.

    Raises:
        BookError: one cannot be read, or lacks a column that the table must have.
    """
    parts = FORMS[form_of(files[0])](connection, table, files)
    if len(parts) == 1:
        return parts[0].relation
    for part in parts:
        require_columns(table, part.columns, f", part {part.files[0].name}")
    texts = _told_apart(table, parts)
    return (
        "("
        + " union all by name ".join(
            f"select {_as_texts(part, texts)} from {part.relation}" for part in parts
        )
        + ")"
    )


def form_of(file: Path) -> str:
    """What a file's name ends with, if it is a form that can be read, otherwise an empty text."""
    return next((form for form in FORMS if file.name.endswith(form)), "")


def _told_apart(table: str, parts: Iterable[Part]) -> set[str]:
    """The columns that are put together as texts: texts by contract, and those whose parts are of several families.

    An id stays 7 in one part though it is 7.0 in another.
    """
    families: dict[str, set[str]] = {}
    for part in parts:
        for name, family in part.columns.items():
            families.setdefault(name, set()).add(family)
    ids = {column.name for column in TABLES[table].columns if column.type == "text"}
    return {name for name, told in families.items() if name in ids or len(told) > 1}


def _as_texts(part: Part, texts: Iterable[str]) -> str:
    names = [DUCKDB.quoted(name) for name in texts if name in part.columns]
    mine = [f"cast({name} as varchar) as {name}" for name in names]
    return f"* replace ({', '.join(mine)})" if mine else "*"


def _parquet(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> list[Part]:
    alike: dict[tuple[object, ...], list[Path]] = {}
    families: dict[tuple[object, ...], dict[str, str]] = {}
    for file in files:
        try:
            schema = pq.read_schema(file)
        except pa.ArrowException:
            raise BookError(
                where=f"table {table}, {file.name}",
                found="a file that is no Parquet",
                expected="a table that can be read",
                mend="write the file anew",
            ) from None
        folders = named_by_folders(table, file)
        key = (*((field.name, str(field.type)) for field in schema), *folders)
        alike.setdefault(key, []).append(file)
        families[key] = {
            field.name: _family(field.type) for field in schema
        } | dict.fromkeys(folders, "text")
    return [
        Part(
            f"read_parquet({paths_sql(same)}, {partitions_sql(table, same[0])})",
            families[key],
            tuple(same),
        )
        for key, same in alike.items()
    ]


def _family(type_: pa.DataType) -> str:
    """Types that DuckDB puts together without loss."""
    if (
        pa.types.is_integer(type_)
        or pa.types.is_floating(type_)
        or pa.types.is_decimal(type_)
    ):
        return "number"
    if pa.types.is_date(type_) or pa.types.is_timestamp(type_):
        return "time"
    return (
        "text"
        if pa.types.is_string(type_) or pa.types.is_large_string(type_)
        else str(type_)
    )


def _csv(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> list[Part]:
    alike: dict[object, list[Path]] = {}
    headers = {file: read_header(table, file) for file in files}
    for file, header in headers.items():
        alike.setdefault((header, tuple(named_by_folders(table, file))), []).append(
            file
        )
    parts = []
    for same in alike.values():
        header = headers[same[0]]
        how = (
            f"auto_detect = false, header = true, skip = {header.skipped}, delim = {quoted(header.delimiter)}, "
            f"quote = '\"', {partitions_sql(table, same[0])}, columns = {texts_sql(header.names)}"
        )
        names = [*header.names, *named_by_folders(table, same[0])]
        parts.append(
            Part(
                f"read_csv({paths_sql(same)}, {how})",
                dict.fromkeys(names, "text"),
                tuple(same),
            )
        )
    return parts


def _json_lines(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> list[Part]:
    how = f"{paths_sql(files)}, format = 'newline_delimited'"
    objects = f"read_json_objects({how}, hive_partitioning = false)"
    query = (
        f"select distinct unnest(json_keys(json)) as name from {objects} order by name"
    )
    try:
        names = [name for (name,) in connection.execute(query).fetchall()]
    except duckdb.Error as error:
        raise unreadable(table, error) from None
    if not names:
        raise BookError(
            where=f"table {table}",
            found="no object in any line",
            expected='a JSON object in each line, such as {"account_id": "a1"}',
            mend="write it anew, or remove it",
        )
    names = proper_names(table, names)
    relation = f"read_json({how}, {partitions_sql(table, files[0])}, columns = {texts_sql(names)})"
    return [
        Part(
            relation,
            dict.fromkeys([*names, *named_by_folders(table, files[0])], "text"),
            tuple(files),
        )
    ]


def _sheets(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> list[Part]:
    parts = []
    for number, file in enumerate(files, start=1):
        name = f"loaded_{table}_sheet_{number}"
        columns = load_sheet(connection, name, file, table)
        parts.append(Part(name, dict.fromkeys(columns, "text"), (file,)))
    return parts


FORMS: Mapping[
    str, Callable[[duckdb.DuckDBPyConnection, str, Sequence[Path]], list[Part]]
] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".csv.gz": _csv,
    ".jsonl": _json_lines,
    ".jsonl.gz": _json_lines,
    ".ndjson": _json_lines,
    ".ndjson.gz": _json_lines,
    ".xlsx": _sheets,
}
"""What reads a file, by how its name ends."""
