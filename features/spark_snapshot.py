"""The snapshot on Spark: the rows of whole accounts go to a worker, and `features.measuring` measures them there.

All rows of an account are brought together in one relation, which is parted and sorted by account; a worker cuts it
into ledgers of some thousand accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.dictionary import FEATURES
from features.ledger import ledger_of
from features.measuring import measure
from features.presence import customers_sql
from features.snapshot import KEYS
from features.spark import SparkBook
from features.theme import Feature

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROWS_AT_ONCE = 500_000
"""About how many rows a worker measures together: it bounds the memory that it needs."""

ACCOUNTS, PAIRS = "accounts", "pairs"
OF_ACCOUNTS = (ACCOUNTS, PAIRS, "interactions", "surveys")
"""What is brought together of each account; a row says in ``part`` which of these it is of, by number."""

Batches = Iterable[pa.RecordBatch]


def spark_snapshot(book: SparkBook, as_ofs: Iterable[int], features: Mapping[str, Feature] = FEATURES) -> DataFrame:
    """What was known of every account of the cohort at each as-of date: `features.snapshot.snapshot` on Spark.

    Args:
        book: an opened book.
        as_ofs: as-of dates in microseconds since 1970.
        features: which features; all where left out.

    Returns:
        The columns and rows that `features.snapshot.snapshot` gives, in no order; nothing is computed until they are
        asked for.
    """
    moments = ", ".join(f"({int(as_of)}L)" for as_of in sorted(set(as_ofs)))
    book.session.sql(f"select * from values {moments} as v(as_of_us)").createOrReplaceTempView("as_ofs")
    book.session.sql(customers_sql(book.has("departures"), book.grace_days)).createOrReplaceTempView(PAIRS)
    together = _together(book)
    rows = together.repartition("account_id").sortWithinPartitions("account_id")
    shared = {table: book.session.table(table).toPandas() for table in ("reps", "markets")}
    types = {fact: pa.float64() if type_ == "number" else pa.string() for fact, type_ in book.facts.items()}
    schema = pa.schema(
        {"account_id": pa.string(), "as_of_us": pa.int64(), **dict.fromkeys(features, pa.float64()), **types}
    )
    spark_types = {pa.string(): "string", pa.float64(): "double", pa.int64(): "bigint"}
    columns = ", ".join(f"`{column.name}` {spark_types[column.type]}" for column in schema)
    return rows.mapInArrow(_measuring(features, shared, schema), columns)


def _together(book: SparkBook) -> DataFrame:
    """All rows of the accounts of the cohort, one below the other."""
    from pyspark.sql.functions import lit

    looked_at = book.session.table(PAIRS).select("account_id").distinct()
    parts = []
    for number, name in enumerate(OF_ACCOUNTS):
        rows = book.session.table(name)
        if name != PAIRS:
            rows = rows.join(looked_at, "account_id", "left_semi")
        others = [column for column in rows.columns if column != "account_id"]
        named = [rows[column].alias(f"{name}_{column}") for column in others]
        parts.append(rows.select("account_id", lit(number).alias("part"), *named))
    together = parts[0]
    for part in parts[1:]:
        together = together.unionByName(part, allowMissingColumns=True)
    return together


def _measuring(
    features: Mapping[str, Feature], shared: Mapping[str, pd.DataFrame], schema: pa.Schema
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does with its batches."""
    names = tuple(features)

    def measured(batches: Batches) -> Iterator[pa.RecordBatch]:
        for accounts in _whole_accounts(batches):
            yield from _snapshot_of(accounts, names, shared, schema).to_batches()

    return measured


def _whole_accounts(batches: Batches) -> Iterator[pa.Table]:
    """The rows in tables of about `ROWS_AT_ONCE`, each of whole accounts."""
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


def _snapshot_of(
    rows: pa.Table, names: tuple[str, ...], shared: Mapping[str, pd.DataFrame], schema: pa.Schema
) -> pa.Table:
    """The snapshot of some whole accounts."""
    tables = {name: _part(rows, number, name) for number, name in enumerate(OF_ACCOUNTS)}
    accounts = tables[ACCOUNTS].sort_values("account_id", ignore_index=True)
    tables[ACCOUNTS] = accounts
    pairs = tables[PAIRS]
    account = pd.Index(accounts["account_id"]).get_indexer(pd.Index(pairs["account_id"]))
    features = {name: FEATURES[name] for name in names}
    measured = measure(ledger_of({**tables, **shared}), account, pairs["as_of_us"].to_numpy(np.int64), features)
    facts = accounts.take(account)
    kept = [column for column in schema.names if column not in measured and column not in KEYS]
    columns = {**{key: pairs[key] for key in KEYS}, **measured, **{name: facts[name] for name in kept}}
    arrays = [pa.array(columns[column.name], column.type, from_pandas=True) for column in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _part(rows: pa.Table, number: int, name: str) -> pd.DataFrame:
    """The rows of one of `OF_ACCOUNTS`, under its own columns."""
    mine = rows.filter(pc.equal(rows["part"], number))
    prefix = f"{name}_"
    columns = [column for column in mine.column_names if column.startswith(prefix)]
    named = mine.select(["account_id", *columns])
    frame: pd.DataFrame = named.rename_columns([name.removeprefix(prefix) for name in named.column_names]).to_pandas()
    return frame
