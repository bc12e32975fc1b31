"""Staged: a table of an export as a view of the book, its columns named and typed as ours are."""

from __future__ import annotations

from features.sources.connectors.export import Export, File
from features.sources.connectors.forms import field_sql
from features.sources.connectors.query import Query
from features.sources.connectors.vendor import Source


def staged(export: Export, source: Source) -> Query:
    """The view over the file of a source; without rows where there is no file.

    Columns that the file lacks are empty, each with a remark.
    """
    file = export.files.get(source.name)
    lines = []
    for field in source.fields:
        column = None if file is None else file.columns.get(field.name)
        value = field_sql(field, column, export.vendor.missing, export.zone)
        named = value if value == field.name else f"{value} as {field.name}"
        end = "" if field is source.fields[-1] else ","
        lacks = "" if file is None or column else f"  -- not in {file.name}"
        lines.append(f"{named}{end}{lacks}")
    rows = "where false" if file is None else f"from {file.relation}"
    columns = "\n    ".join(lines)
    said = (
        f"There is no {source.name} in the export."
        if file is None
        else f"{file.name}, its columns named and typed."
    )
    return Query(said, f"select\n    {columns}\n{rows}")


def lacking(export: Export) -> list[str]:
    """What an export does not have, each as a sentence."""
    said = []
    for source in export.vendor.sources:
        file = export.files.get(source.name)
        if file is not None:
            said += _columns_lacking(source, file)
        elif source.without and not export.files.keys() & set(source.instead):
            said.append(f"No {source.name}: {source.without}")
    return said


def _columns_lacking(source: Source, file: File) -> list[str]:
    names = [
        field.name
        for field in source.fields
        if field.name not in file.columns and field.type != "flag" and not field.spare
    ]
    return [f"{file.name} lacks {', '.join(names)}."] if names else []
