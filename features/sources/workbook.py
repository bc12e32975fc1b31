"""Sheets of Excel workbooks, as tables of texts."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from features.errors import BookError
from features.sources.headers import proper_names


def read_sheet(file: Path, table: str, sheet: str | None = None) -> pd.DataFrame:
    """A sheet with a header, every cell as the text that a CSV file would hold: 1001, 2024-12-31T00:00:00, true.

    Args:
        file: the workbook.
        table: what is read, for errors; the sheet of that name is taken where there are several.
        sheet: the name of the sheet, where it is another.

    Raises:
        BookError: it is no workbook, has no such sheet, or has several that are filled and none is told.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(file))
        name = _sheet_name(workbook, file, table, sheet)
        rows = workbook.get_sheet_by_name(name).to_python()
    except CalamineError:
        raise BookError(
            where=f"table {table}, {file.name}",
            found="no workbook that can be read",
            expected="an Excel workbook without a password",
            mend="save it anew as .xlsx, or as CSV in UTF-8",
        ) from None
    header, *body = rows if rows else [[]]
    names = proper_names(table, [_text(cell) or "" for cell in header])
    texts = (list(map(_text, row)) for row in body)
    filled = [row for row in texts if row.count(None) < len(row)]
    return pd.DataFrame(filled, columns=names, dtype=object)


def _sheet_name(
    workbook: CalamineWorkbook, file: Path, table: str, sheet: str | None
) -> str:
    names = workbook.sheet_names
    if sheet in names:
        return str(sheet)
    alike = [name for name in names if name.strip().lower() == table]
    filled = (
        alike
        or [name for name in names if workbook.get_sheet_by_name(name).height > 0]
        or names
    )
    if sheet is None and (alike or len(filled) == 1):
        return filled[0]
    raise BookError(
        where=f"table {table}, {file.name}",
        found=f"the sheets {', '.join(names)}",
        expected=f"one named {sheet or table}"
        + ("" if sheet else ", or a single sheet"),
        mend="rename the sheet",
    )


def _text(cell: object) -> str | None:
    """A cell as a text; a whole number has no point, since a sheet keeps 1001 as 1001.0."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell) if cell != "" else None


def load_sheet(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: Path,
    table: str,
    sheet: str | None = None,
) -> list[str]:
    """Makes a sheet of a workbook a table of the database, and gives its columns."""
    frame = read_sheet(file, table, sheet)
    rows = pa.Table.from_pandas(
        frame,
        pa.schema([(column, pa.string()) for column in frame]),
        preserve_index=False,
    )
    connection.register("rows_of_sheet", rows)
    connection.execute(f'create temp table "{name}" as select * from rows_of_sheet')
    connection.unregister("rows_of_sheet")
    return [str(column) for column in frame]
