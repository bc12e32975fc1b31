"""The tables of a night, for files and databases that take them whole."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from pages.tonight.sheet import NUMBERS
from serving.delivery.edition import Edition

SCORES, WORKLIST, NIGHTS = "scores", "worklist", "nights"


def scores_of(edition: Edition) -> pa.Table:
    """A row per account."""
    return _typed(edition.scores)


def worklist_of(edition: Edition) -> pa.Table:
    """A row per account of the list, the first one first; a column has the same type every night."""
    types = {field.name: field.type for field in scores_of(edition).schema}
    types |= dict.fromkeys(NUMBERS, pa.float64())
    listed = edition.listed.drop(columns="rank", errors="ignore")
    columns = {
        name: _column(listed[name], types.get(name, pa.string())) for name in listed
    }
    places = pa.array(range(1, len(listed) + 1), pa.int64())
    return pa.table({**columns, "place": places})


def _column(values: pd.Series, type_: pa.DataType) -> pa.Array:
    """Values that were read from CSV, where a column without any is of missing numbers."""
    known = [None if pd.isna(value) else value for value in values]
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        known = [None if value is None else str(value) for value in known]
    return pa.array(known, type_)


def night_of(edition: Edition) -> pa.Table:
    """One row: what the night is."""
    row = {
        "as_of": edition.as_of,
        "model_version": edition.model_version,
        "revision": edition.revision,
        "accounts": len(edition.scores),
        "listed": len(edition.listed),
    }
    return pa.Table.from_pylist([row])


def _typed(frame: pd.DataFrame) -> pa.Table:
    """A frame whose columns all have a type; one without any value is of texts."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_type(pa.string()) if pa.types.is_null(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
