"""The snapshot on Spark: the rows of whole accounts go to a worker, which chooses the cohort and measures it there.

All rows of an account are brought together in one relation, which is parted and sorted by account; a worker cuts it
into ledgers of some thousand accounts. Who is a customer when is told by `features.calendar.presence`, as for any book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.book.on_spark import SparkBook
from features.book.spark.whole_accounts import Batches, whole_accounts
from features.calendar.presence import customers_sql
from features.engine import connect
from features.past.declaration import Feature
from features.past.few_accounts import ledger_of
from features.snapshot.frame import KEYS
from features.snapshot.known_facts import known_facts
from features.snapshot.measuring import measure
from features.themes.dictionary import Dictionary
from features.themes.own import read_themes, written_themes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

OF_ACCOUNTS = (
    "accounts",
    "interactions",
    "surveys",
    "departures",
    "contracts",
    "scheduled",
    "facts",
    "signed",
)
"""What is brought together of each account; a row says in ``part`` which of these it is of, by number."""
UNREAD = ("kind", "reason", "overt", "lapsed")
"""Columns of the dated tables that no feature reads."""


@dataclass(frozen=True)
class _Asked:
    """What a worker needs beside the rows.

    Attributes:
        columns: those of each table `OF_ACCOUNTS`, by their names in the relation of all.
        shared: the tables that are of no account.
        merged: which accounts were merged into others.
        customers: SQL that tells who is a customer when, see `features.calendar.presence.customers_sql`.
        as_ofs: in microseconds since 1970, each once.
        features: their names.
        own: themes of one's own, as plain data.
        facts: those that never change.
        changing: those that do, each ``"number"`` or ``"text"``.
        schema: of the snapshot.
    """

    columns: Mapping[str, Mapping[str, str]]
    shared: Mapping[str, pd.DataFrame]
    merged: pa.Table
    customers: str
    as_ofs: tuple[int, ...]
    features: tuple[str, ...]
    own: list[dict[str, Any]]
    facts: tuple[str, ...]
    changing: Mapping[str, str]
    schema: pa.Schema


def spark_snapshot(
    book: SparkBook,
    as_ofs: Iterable[int],
    features: Mapping[str, Feature] | None = None,
) -> DataFrame:
    """What was known of every account of the cohort at each as-of date: `features.snapshot.frame.snapshot` on Spark.

    Args:
        book: an opened book.
        as_ofs: as-of dates in microseconds since 1970.
        features: which features; all of its dictionary where left out.

    Returns:
        The columns and rows that `features.snapshot.frame.snapshot` gives, in no order; nothing is computed until they
        are asked for.
    """
    features = book.dictionary.features if features is None else features
    types = {
        fact: pa.float64() if type_ == "number" else pa.string()
        for fact, type_ in book.facts.items()
    }
    keys = dict(zip(KEYS, (pa.string(), pa.int64()), strict=True))
    asked = _Asked(
        columns={table: _columns(book, table) for table in OF_ACCOUNTS},
        shared={
            table: book.session.table(table).toPandas() for table in ("reps", "markets")
        },
        merged=book.session.table("merged").toArrow(),
        customers=customers_sql(book.has("departures"), book.grace_days),
        as_ofs=tuple({int(as_of) for as_of in as_ofs}),
        features=tuple(features),
        own=written_themes(book.dictionary.own),
        facts=tuple(book.account_facts),
        changing=book.changing_facts,
        schema=pa.schema({**keys, **dict.fromkeys(features, pa.float64()), **types}),
    )
    spark_types = {pa.string(): "string", pa.float64(): "double", pa.int64(): "bigint"}
    columns = ", ".join(
        f"`{column.name}` {spark_types[column.type]}" for column in asked.schema
    )
    rows = (
        _together(book, asked.columns)
        .repartition("account_id")
        .sortWithinPartitions("account_id")
    )
    return rows.mapInArrow(_measuring(asked), columns)


def _columns(book: SparkBook, table: str) -> dict[str, str]:
    """The columns of a table by their names in the relation of all; accounts and facts have names of their own."""
    columns = [
        column for column in book.session.table(table).columns if column != "account_id"
    ]
    if table in ("accounts", "facts"):
        return {f"of_{table}_{column}": column for column in columns}
    return {column: column for column in columns if column not in UNREAD}


def _together(book: SparkBook, columns: Mapping[str, Mapping[str, str]]) -> DataFrame:
    """All rows of the accounts, one below the other."""
    from pyspark.sql.functions import lit

    parts = []
    for number, table in enumerate(OF_ACCOUNTS):
        rows = book.session.table(table)
        named = [rows[column].alias(name) for name, column in columns[table].items()]
        parts.append(rows.select("account_id", lit(number).alias("part"), *named))
    together = parts[0]
    for part in parts[1:]:
        together = together.unionByName(part, allowMissingColumns=True)
    return together


def _measuring(asked: _Asked) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does with its batches."""

    def measured(batches: Batches) -> Iterator[pa.RecordBatch]:
        for rows in whole_accounts(batches):
            yield from _snapshot_of(rows, asked).to_batches()

    return measured


def _snapshot_of(rows: pa.Table, asked: _Asked) -> pa.Table:
    """The snapshot of some whole accounts."""
    tables = {
        table: _part(rows, number, asked.columns[table])
        for number, table in enumerate(OF_ACCOUNTS)
    }
    pairs = _cohort(tables, asked)
    frames = {table: part.to_pandas() for table, part in tables.items()}
    accounts = frames["accounts"].sort_values("account_id", ignore_index=True)
    account = pd.Index(accounts["account_id"]).get_indexer(
        pd.Index(pairs["account_id"])
    )
    known = Dictionary(read_themes(asked.own)).features
    features = {name: known[name] for name in asked.features}
    ledger = ledger_of({**frames, **asked.shared, "accounts": accounts})
    measured = measure(ledger, account, pairs["as_of_us"].to_numpy(np.int64), features)
    facts = accounts.take(account)
    columns = {
        **{key: pairs[key] for key in KEYS},
        **measured,
        **{name: facts[name] for name in asked.facts},
        **_known_facts(frames["facts"], pairs, asked.changing),
    }
    arrays = [
        pa.array(columns[column.name], column.type, from_pandas=True)
        for column in asked.schema
    ]
    return pa.Table.from_arrays(arrays, schema=asked.schema)


def _cohort(tables: Mapping[str, pa.Table], asked: _Asked) -> pd.DataFrame:
    """Who of some whole accounts is a customer at which as-of date."""
    as_ofs = pa.table({"as_of_us": pa.array(asked.as_ofs, pa.int64())})
    known = {**tables, "as_ofs": as_ofs, "merged": asked.merged}
    with connect(threads=1) as connection:
        for table, rows in known.items():
            connection.register(table, rows)
        return connection.execute(asked.customers).df()


def _known_facts(
    rows: pd.DataFrame, pairs: pd.DataFrame, changing: Mapping[str, str]
) -> pd.DataFrame:
    """The facts that change of some pairs, as known."""
    with connect(threads=1) as connection:
        connection.register("facts", rows)
        connection.register("pairs", pairs.assign(place=np.arange(len(pairs))))
        return known_facts(connection, changing, "pairs")


def _part(rows: pa.Table, number: int, columns: Mapping[str, str]) -> pa.Table:
    """The rows of one of `OF_ACCOUNTS`, under its own columns."""
    mine = rows.filter(pc.equal(rows["part"], number)).select(["account_id", *columns])
    return mine.rename_columns(["account_id", *columns.values()])
