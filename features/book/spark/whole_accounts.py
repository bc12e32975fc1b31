"""Rows of whole accounts, as a worker of Spark gets them in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

ROWS_AT_ONCE = 500_000
"""About how many rows a worker looks at together: it bounds the memory that it needs."""

Batches = Iterable[pa.RecordBatch]


def whole_accounts(batches: Batches) -> Iterator[pa.Table]:
    """Rows sorted by ``account_id`` in tables of about `ROWS_AT_ONCE`, each of whole accounts."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) < ROWS_AT_ONCE:
            continue
        table = pa.Table.from_batches(waiting)
        ids = table["account_id"]
        unfinished = pc.sum(pc.equal(ids, ids[-1])).as_py()
        if unfinished < table.num_rows:
            yield table.slice(0, table.num_rows - unfinished)
            waiting = table.slice(table.num_rows - unfinished).to_batches()
    if waiting:
        yield pa.Table.from_batches(waiting)
