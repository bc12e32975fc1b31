"""A book on Spark, where one machine is not enough: the same statements, and a snapshot in parts.

The tables are Parquet or CSV wherever Spark reads them: a folder, or an address such as ``s3a://bucket/book``. Which
cluster it runs on is Spark's own business: ``spark-defaults.conf``, ``spark-submit``, or every core of this machine.
See docs/adr/0021.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.book.facts import account_columns, extra_columns, labels_sql
from features.book.opened import DEFAULT_BAD_SHARE, Opened
from features.book.spark.files import find_table
from features.book.spark.loading import load_on_spark
from features.book.spark.rows import rows_of
from features.book.spark.session import fit_to_one_machine
from features.book.trained_facts import TrainedFacts
from features.cleaning.holdout import Holdout, holdout_sql, require_clear, unclear_sql
from features.cleaning.normalised import normalised_sql
from features.cleaning.rows import typed_sql
from features.cleaning.scales import scales
from features.engine import SPARK, Row
from features.errors import BookError
from features.sources.book_toml import read_settings, require_columns_of_accounts
from features.sources.misnamed import misnamed
from features.sources.settings import LABELS, Settings
from features.vocabulary.contract import TABLES
from features.vocabulary.names import unknown_names, unknown_sql
from features.vocabulary.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, kw_only=True)
class SparkBook(Opened):
    """A book opened with Spark: clean tables as views of a session of their own, and what was left out of them.

    Of the bad rows the first `features.book.spark.loading.BAD_ROWS_KEPT` of each table are in ``quarantine``. The row
    is Spark's number: that in the file for the first part of a table.

    Attributes:
        session: has the clean tables under the contract's names, in the form of `features.cleaning.normalised`.
        quarantined: how many bad rows there are: table, field, expected, rows.
    """

    session: SparkSession
    quarantined: pd.DataFrame

    def ask(self, query: str) -> list[Row]:
        """The rows that a query on the clean tables gives."""
        return rows_of(self.session, "interactions", query)


def open_spark_book(
    folder: Path | str,
    session: SparkSession,
    *,
    max_bad_share: float = DEFAULT_BAD_SHARE,
    trained: TrainedFacts | None = None,
) -> SparkBook:
    """Opens a book with Spark, sets bad rows aside, and counts them.

    Args:
        folder: the book's folder or address, as every worker can read it.
        session: whose context is used; its settings and views stay as they are.
        max_bad_share: the share of bad rows in any table beyond which the book is refused.
        trained: as for `features.book.book.open_book`.

    Raises:
        BookError: a required table or column is missing, a table cannot be read, or is made by a query.
        QuarantineError: a table has more bad rows than the share.
        ModelError: the accounts lack a fact that the models read.
    """
    session = session.newSession()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    fit_to_one_machine(session)
    settings = read_settings(Path(folder))
    _require_files(folder, settings)
    found = {table: find_table(session, str(folder), table) for table in TABLES}
    sources = {table: source for table, source in found.items() if source is not None}
    sources["accounts"].createOrReplaceTempView("raw_accounts")
    columns = dict(sources["accounts"].dtypes)
    require_columns_of_accounts(Path(folder), settings, extra_columns(columns))
    run = functools.partial(rows_of, session, "accounts")
    asked = account_columns(columns, settings, trained, run, SPARK)
    loaded = {
        table: load_on_spark(
            session,
            table,
            source,
            asked.types if table == "accounts" else {},
            max_bad_share,
        )
        for table, source in sources.items()
    }
    for table in TABLES.keys() - sources.keys():
        empty = typed_sql(table, "(select 1 as nothing)", present={}, dialect=SPARK)
        session.sql(
            normalised_sql(table, f"({empty} where false)", dialect=SPARK)
        ).createOrReplaceTempView(table)
    session.sql(
        labels_sql("raw_accounts", settings.labels, SPARK)
    ).createOrReplaceTempView("labels")
    _load_holdout(session, settings.holdout)
    vocabularies = VOCABULARIES if trained is None else trained.vocabularies
    return SparkBook(
        session=session,
        rows={table: made.rows for table, made in loaded.items()},
        quarantine=pd.concat([made.bad for made in loaded.values()], ignore_index=True),
        quarantined=pd.concat(
            [made.counted for made in loaded.values()], ignore_index=True
        ),
        facts=asked.types,
        labels=settings.labels,
        blanks=(
            *asked.blanks,
            *(blank for made in loaded.values() for blank in made.blanks),
        ),
        unread=asked.unread,
        lacking=asked.lacking,
        empty=asked.empty,
        misnamed=tuple(
            near
            for table, source in sources.items()
            for near in misnamed(table, source.columns)
        ),
        scales=scales("typed_surveys", run, dialect=SPARK)
        if "surveys" in sources
        else (),
        unknown=unknown_names(
            unknown_sql(vocabularies, SPARK),
            functools.partial(rows_of, session, "names"),
            vocabularies,
        ),
        last_day=settings.last_day,
        grace_days=settings.grace_days,
    )


def _load_holdout(session: SparkSession, holdout: Holdout | None) -> None:
    if holdout is not None:
        ((unclear,),) = rows_of(
            session, "accounts", unclear_sql("raw_accounts", holdout, SPARK)
        )
        require_clear(holdout, int(unclear))
    session.sql(holdout_sql("raw_accounts", holdout, SPARK)).createOrReplaceTempView(
        "holdout"
    )


def spark_account_labels(book: SparkBook, accounts: Iterable[str]) -> pd.DataFrame:
    """The labels of some accounts, as `features.book.labels.account_labels` gives them of all."""
    shown = [label for label in LABELS if label in book.labels]
    listed = pd.DataFrame({"account_id": list(accounts)}, dtype=object)
    book.session.createDataFrame(listed, "account_id string").createOrReplaceTempView(
        "listed"
    )
    query = f"select {', '.join(['account_id', *shown])} from labels semi join listed using (account_id)"
    frame = pd.DataFrame(
        rows_of(book.session, "accounts", query),
        columns=["account_id", *shown],
        dtype=object,
    )
    return frame.set_index("account_id").sort_index()


def _require_files(folder: Path | str, settings: Settings) -> None:
    if settings.queries:
        raise BookError(
            where=f"{folder}/book.toml",
            found="queries that make tables",
            expected="a Parquet or CSV file for each table: Spark takes these alone",
            mend="write the tables out, or leave --engine at duckdb",
        )
