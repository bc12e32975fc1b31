"""What contracts say of who left and who came back, on Spark: see `features.book.renewed`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from features.book.spark.rows import rows_of
from features.book.spark.whole_accounts import Batches, whole_accounts
from features.calendar.renewals import renewals
from features.past.few_accounts import contract_rows
from features.timeline.expression import Columns

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SCHEMA = pa.schema(
    {
        "account_id": pa.string(),
        "occurred_us": pa.int64(),
        "known_us": pa.int64(),
        "undoes_us": pa.int64(),
    }
)
_NONE_SIGNED = """
    select account_id, known_us as occurred_us, known_us, known_us as undoes_us
    from departures where false"""
_ON_SPARK = "account_id string, occurred_us bigint, known_us bigint, undoes_us bigint"


def load_renewals_on_spark(
    session: SparkSession, contracts: bool, grace_days: int, until: int
) -> int:
    """Adds terms that lapsed to the view of departures, and makes that of ``signed``; how many lapsed.

    Args:
        session: has the clean views.
        contracts: whether the book has any.
        grace_days: for so long after its end a term may be renewed.
        until: the end of the data, in microseconds since 1970.
    """
    if not contracts:
        session.sql(_NONE_SIGNED).createOrReplaceTempView("signed")
        return 0
    rows = (
        session.table("contracts")
        .repartition("account_id")
        .sortWithinPartitions("account_id")
    )
    told = rows.mapInArrow(_telling(grace_days, until), _ON_SPARK).persist()
    told.createOrReplaceTempView("told_by_contracts")
    session.sql(
        "select * from told_by_contracts where undoes_us is not null"
    ).createOrReplaceTempView("signed")
    session.table("departures").createOrReplaceTempView("departures_given")
    session.sql("""
        select * from departures_given
        union all
        select account_id, occurred_us, known_us, null as reason, null as overt, true as lapsed
        from told_by_contracts where undoes_us is null""").createOrReplaceTempView(
        "departures"
    )
    query = "select count(*) from told_by_contracts where undoes_us is null"
    ((lapsed,),) = rows_of(session, "contracts", query)
    return int(lapsed)


def _telling(
    grace_days: int, until: int
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does with its batches."""

    def told(batches: Batches) -> Iterator[pa.RecordBatch]:
        for rows in whole_accounts(batches):
            yield from _told(rows.to_pandas(), grace_days, until).to_batches()

    return told


def _told(contracts: pd.DataFrame, grace_days: int, until: int) -> pa.Table:
    ids = np.unique(contracts["account_id"].to_numpy(dtype=object))
    accounts = {"account_id": ids}
    told = renewals(contract_rows(contracts, accounts), grace_days, until)
    return pa.concat_tables([_named(told.lapsed, ids), _named(told.signed, ids)])


def _named(rows: Columns, ids: np.ndarray) -> pa.Table:
    frame = pd.DataFrame({**rows, "account_id": ids[rows["account"]]})
    return pa.Table.from_pandas(
        frame.reindex(columns=_SCHEMA.names).astype({"undoes_us": "Int64"}),
        _SCHEMA,
        preserve_index=False,
    )
