"""Parquet files that are held open: what is read stays what it was, also when others take their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds


class Pinned:
    """Rows of Parquet files, found by the value of a column; of sorted files only the parts that may hold it are read.

    Args:
        files: at least one, all of the same columns.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        form = ds.ParquetFileFormat()
        self._parts = [form.make_fragment(pa.OSFile(str(file), "rb")) for file in files]
        self.schema: pa.Schema = self._parts[0].physical_schema

    def head(self) -> pa.Table:
        """The first row, if there is one."""
        return self._parts[0].head(1)

    def where(self, column: str, values: Collection[str]) -> pa.Table:
        """The rows that have one of some values in a column."""
        found = _one_of(column, values)
        return pa.concat_tables([part.to_table(filter=found) for part in self._parts])

    def count_where(self, column: str, values: Collection[str]) -> int:
        """How many rows have one of some values in a column."""
        found = _one_of(column, values)
        return sum(int(part.count_rows(filter=found)) for part in self._parts)


def _one_of(column: str, values: Collection[str]) -> pc.Expression:
    stored = [value for value in sorted(values) if not _LONE.search(value)]
    return pc.field(column).isin(pa.array(stored, pa.string()))


_LONE = re.compile("[\ud800-\udfff]")
"""A lone surrogate, which JSON may send and no file holds."""
