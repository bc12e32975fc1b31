"""Labels on Spark: what people know an account by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from features.book.facts import labels_sql
from features.book.spark.rows import rows_of
from features.engine import SPARK
from features.sources.strange_columns import require_one_source_of_labels
from features.vocabulary.contract import LABELS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def load_labels(
    session: SparkSession, declared: Mapping[str, str], sources: Mapping[str, DataFrame]
) -> Mapping[str, str]:
    """The labels that there are, each with its column; those of ``book.toml`` are made the view of labels."""
    require_one_source_of_labels(declared, sources)
    if "labels" in sources:
        there = sources["labels"].columns
        return {label: label for label in LABELS if label in there}
    if declared:
        labels = labels_sql("raw_accounts", declared, SPARK)
        session.sql(labels).createOrReplaceTempView("labels")
    return declared


def spark_account_labels(
    session: SparkSession, labels: Mapping[str, str], accounts: Iterable[str]
) -> pd.DataFrame:
    """The labels of some accounts, as `features.book.labels.account_labels` gives them of all."""
    shown = [label for label in LABELS if label in labels]
    listed = pd.DataFrame({"account_id": list(accounts)}, dtype=object)
    session.createDataFrame(listed, "account_id string").createOrReplaceTempView(
        "listed"
    )
    query = f"select {', '.join(['account_id', *shown])} from labels semi join listed using (account_id)"
    frame = pd.DataFrame(
        rows_of(session, "accounts", query),
        columns=["account_id", *shown],
        dtype=object,
    )
    return frame.set_index("account_id").sort_index()
