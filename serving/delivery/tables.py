"""The tables of a night, for files and databases that take them whole."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from serving.delivery.edition import Edition

SCORES, WORKLIST, NIGHTS = "scores", "worklist", "nights"


def scores_of(edition: Edition) -> pa.Table:
    """A row per account."""
    return _typed(edition.scores)


def worklist_of(edition: Edition) -> pa.Table:
    """A row per account of the list, the first one first."""
    places = range(1, len(edition.listed) + 1)
    return _typed(edition.listed.assign(place=list(places)))


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
