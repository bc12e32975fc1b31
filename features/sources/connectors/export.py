"""Exports: the files of a vendor in a folder, each with the columns that it has."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from features.engine import connect
from features.errors import BookError
from features.sources.connectors.columns import columns_of
from features.sources.connectors.forms import Column, form_of
from features.sources.connectors.names import bare, file_name
from features.sources.connectors.vendor import Field, Source, Vendor
from features.sources.part import quoted
from features.sources.queries import view_query

_CSV = "read_csv({}, all_varchar = true, header = true)"
_OBJECTS = "map_inference_threshold = -1, field_appearance_threshold = 0"
_JSON = f"read_json({{}}, {_OBJECTS})"
_JSON_LINES = f"read_json({{}}, format = 'newline_delimited', {_OBJECTS})"
_READERS = {
    ".csv": _CSV,
    ".csv.gz": _CSV,
    ".tsv": _CSV,
    ".parquet": "read_parquet({})",
    ".jsonl": _JSON_LINES,
    ".jsonl.gz": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".ndjson.gz": _JSON_LINES,
    ".json": _JSON,
    ".json.gz": _JSON,
    ".xlsx": "read_xlsx({})",
}
"""What reads a file, by how its name ends."""


@dataclass(frozen=True)
class File:
    """A file of an export, or a folder of parts.

    Attributes:
        name: without its folder.
        relation: what reads it, as SQL.
        columns: those that fields are read from, by field: the first of its names that is there.
    """

    name: str
    relation: str
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Export:
    """What a vendor exported.

    Attributes:
        vendor: whose it is.
        files: by source, of those that are there.
        zone: the time zone of times without one, such as ``Europe/Paris``; UTC where None.
    """

    vendor: Vendor
    files: Mapping[str, File]
    zone: str | None = None

    @property
    def there(self) -> set[str]:
        """The sources that are there, and their fields, such as ``ticket`` and ``ticket.companies``."""
        fields = {
            f"{name}.{field}"
            for name, file in self.files.items()
            for field in file.columns
        }
        return fields | self.files.keys()


def find_export(
    vendor: Vendor, folder: Path, home: Path, zone: str | None = None
) -> Export:
    """Looks for the files of a vendor.

    Args:
        vendor: whose.
        folder: where they lie.
        home: the folder of the book, where relative paths start: the working directory.
        zone: the time zone of times without one.

    Raises:
        BookError: a file that is required is not there, or lacks a column that is, or two are of one source.
    """
    with connect() as connection:
        files = {
            source.name: _read(connection, source, path, reader, home)
            for source in vendor.sources
            for path, reader in _found(vendor, source, folder)
        }
    return Export(vendor, files, zone)


def _found(vendor: Vendor, source: Source, folder: Path) -> list[tuple[Path, str]]:
    """The one file of a source, if there is one, with what reads it."""
    found = []
    for path in sorted(folder.iterdir()):
        ending = _ending(path)
        stem = path.name if path.is_dir() else path.name[: -len(ending) or None]
        empty = path.is_file() and not path.stat().st_size
        known = {bare(name) for name in source.files}
        if ending and not empty and bare(file_name(stem, vendor.name)) in known:
            parts = path / f"*{ending}" if path.is_dir() else path
            found.append((parts, _READERS[ending]))
    names = ", ".join(f"{name}.csv" for name in source.files)
    if len(found) > 1:
        raise BookError(
            where=str(folder),
            found=" and ".join(path.name for path, _ in found),
            expected=f"one file of {source.name} of {vendor.title}",
            mend="move the others elsewhere",
        )
    if source.required and not found:
        raise BookError(
            where=str(folder),
            found=f"no {source.name} of {vendor.title}",
            expected=f"one of {names}, as Parquet, JSON lines or a workbook as well",
            mend="export it, or rename its file",
        )
    return found


def _ending(path: Path) -> str:
    """What the name of a file ends with, or those in a folder, if it can be read."""
    named = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in named:
        for ending in sorted(_READERS, key=len, reverse=True):
            if file.name.lower().endswith(ending):
                return ending
    return ""


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    path: Path,
    reader: str,
    home: Path,
) -> File:
    written = os.path.relpath(path, home) if path.is_relative_to(home) else str(path)
    relation = reader.format(quoted(written.replace("$", "$$")))
    view = f"file_of_{source.name}"
    view_query(connection, view, f"views.{source.name}", f"from {relation}")
    there = columns_of(connection, view)
    columns = {}
    for field in source.fields:
        known = [there[bare(name)] for name in field.names if bare(name) in there]
        if known:
            form = form_of(connection, view, known[0], field.type)
            columns[field.name] = replace(known[0], form=form)
        elif field.required:
            names = dict.fromkeys(column.name for column in there.values())
            raise _lacking(source, field, path, list(names))
    name = path.parent.name if path.name.startswith("*") else path.name
    return File(name, relation, columns)


def _lacking(
    source: Source, field: Field, path: Path, columns: Sequence[str]
) -> BookError:
    return BookError(
        where=str(path),
        found=f"the columns {', '.join(columns)}",
        expected=f"one of {', '.join(field.names)}",
        mend=f"rename the column that is the {field.name} of a {source.name}, or move the file elsewhere",
    )
