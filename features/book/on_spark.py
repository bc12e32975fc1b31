"""A book on Spark, where one machine is not enough: the same statements, and a snapshot in parts.

The tables are Parquet or CSV wherever Spark reads them: a folder, or an address such as ``s3a://bucket/book``. Which
cluster it runs on is Spark's own business: ``spark-defaults.conf``, ``spark-submit``, or every core of this machine.
See docs/adr/0021.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.book.changing_facts import (
    ChangingFacts,
    changing_facts,
    names_sql,
    require_apart,
)
from features.book.facts import (
    account_columns,
    extra_columns,
    fact_columns,
)
from features.book.losses import all_blanks, all_misnamed
from features.book.opened import DEFAULT_BAD_SHARE, Opened
from features.book.own_features import dictionary_of
from features.book.spark.erased import leave_out
from features.book.spark.files import find_table
from features.book.spark.labels import load_labels
from features.book.spark.list_contacts import add_list_contacts
from features.book.spark.loading import load_on_spark
from features.book.spark.merged import follow_merges, make_merged
from features.book.spark.renewed import load_renewals_on_spark
from features.book.spark.rows import rows_of
from features.book.spark.session import fit_to_one_machine
from features.book.trained_facts import TrainedFacts
from features.calendar.recorded import end_of_data
from features.cleaning.holdout import holdout_sql, require_clear, unclear_sql
from features.cleaning.normalised import normalised_sql
from features.cleaning.own_words import spoken_sql
from features.cleaning.random_holdout import random_holdout_sql
from features.cleaning.rows import typed_sql
from features.cleaning.scales import Scale, scales
from features.engine import SPARK, Row
from features.errors import BookError
from features.sources.book_toml import read_settings
from features.sources.settings import Settings
from features.sources.strange_columns import (
    require_columns_of_accounts,
)
from features.vocabulary.contract import TABLES
from features.vocabulary.names import UnknownNames, unknown_names, unknown_sql
from features.vocabulary.own import OwnWords
from features.vocabulary.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


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
    dictionary = dictionary_of(Path(folder), settings, trained)
    words = settings.words if trained is None else trained.words
    whole = _find_sources(session, str(folder), words)
    sources, erased = leave_out(session, Path(folder), whole)
    sources["accounts"].createOrReplaceTempView("raw_accounts")
    columns = dict(sources["accounts"].dtypes)
    changing = _changing_facts(session, settings, trained, sources)
    known = [*extra_columns(columns), *changing.names]
    require_columns_of_accounts(Path(folder), settings, known)
    require_apart(fact_columns(columns, settings), changing.names)
    run = functools.partial(rows_of, session, "accounts")
    asked = account_columns(columns, settings, trained, run, SPARK, changing.names)
    loaded = {}
    for table in TABLES:
        if table in sources:
            source, facts = sources[table], asked.types if table == "accounts" else {}
            loaded[table] = load_on_spark(session, table, source, facts, max_bad_share)
        else:
            _load_absent(session, table)
        if table == "merges":  # whose rows are whose is told before any is read
            make_merged(session)
    if "outcomes" in sources:
        add_list_contacts(session)
    merged = follow_merges(session)
    contracts = "contracts" in sources
    until = end_of_data(run, settings.last_day) if contracts else 0
    lapsed = load_renewals_on_spark(
        session, contracts, settings.renewal_grace_days, until
    )
    labels = load_labels(session, settings.labels, sources)
    _load_holdout(session, settings)
    bad = [its.bad for its in loaded.values()]
    counted = [its.counted for its in loaded.values()]
    return SparkBook(
        session=session,
        rows={table: its.rows for table, its in loaded.items()},
        quarantine=pd.concat(bad, ignore_index=True),
        quarantined=pd.concat(counted, ignore_index=True),
        facts={**asked.types, **changing.types},
        changing=frozenset(changing.types),
        labels=labels,
        dictionary=dictionary,
        words=words,
        merged=merged,
        lapsed=lapsed,
        erased=erased,
        unknown=_unknown(session, trained),
        blanks=(*changing.blanks, *all_blanks(asked, loaded)),
        unread=asked.unread,
        last_day=settings.last_day,
        grace_days=settings.grace_days,
        renewal_grace_days=settings.renewal_grace_days,
        lacking=asked.lacking,
        empty=(*asked.empty, *changing.empty),
        scales=_scales(session, sources),
        misnamed=all_misnamed({name: its.columns for name, its in sources.items()}),
    )


def _find_sources(
    session: SparkSession, folder: str, words: OwnWords
) -> dict[str, DataFrame]:
    """The tables that there are, as they are read, with our words for those of the book's own."""
    found = {}
    for table in TABLES:
        source = find_table(session, folder, table)
        if source is None:
            continue
        spoken = spoken_sql(table, f"own_{table}", source.columns, words, SPARK)
        if spoken is not None:
            source.createOrReplaceTempView(f"own_{table}")
            source = session.sql(spoken)
        found[table] = source
    return found


def _changing_facts(
    session: SparkSession,
    settings: Settings,
    trained: TrainedFacts | None,
    sources: Mapping[str, DataFrame],
) -> ChangingFacts:
    if "facts" not in sources:
        return ChangingFacts()
    source = sources["facts"]
    source.createOrReplaceTempView("raw_facts")
    run = functools.partial(rows_of, session, "facts")
    names = [str(name) for (name,) in run(names_sql(SPARK))]
    return changing_facts(names, dict(source.dtypes), settings, trained, run, SPARK)


def _load_absent(session: SparkSession, table: str) -> None:
    """Makes the clean view of a table that the book does not have."""
    typed = typed_sql(table, "(select 1 as nothing)", present={}, dialect=SPARK)
    empty = normalised_sql(table, f"({typed} where false)", dialect=SPARK)
    session.sql(empty).createOrReplaceTempView(table)


def _scales(
    session: SparkSession, sources: Mapping[str, DataFrame]
) -> tuple[Scale, ...]:
    if "surveys" not in sources:
        return ()
    run = functools.partial(rows_of, session, "accounts")
    return scales("typed_surveys", run, dialect=SPARK)


def _unknown(
    session: SparkSession, trained: TrainedFacts | None
) -> tuple[UnknownNames, ...]:
    vocabularies = VOCABULARIES if trained is None else trained.vocabularies
    run = functools.partial(rows_of, session, "names")
    return unknown_names(unknown_sql(vocabularies, SPARK), run, vocabularies)


def _load_holdout(session: SparkSession, settings: Settings) -> None:
    holdout = settings.holdout
    if holdout is not None:
        query = unclear_sql("raw_accounts", holdout, SPARK)
        ((unclear,),) = rows_of(session, "accounts", query)
        require_clear(holdout, int(unclear))
    held = holdout_sql("raw_accounts", holdout, SPARK)
    session.sql(held).createOrReplaceTempView("holdout")
    drawn = random_holdout_sql(settings.random_holdout, SPARK)
    session.sql(drawn).createOrReplaceTempView("random_holdout")


def _require_files(folder: Path | str, settings: Settings) -> None:
    if settings.has_queries:
        raise BookError(
            where=f"{folder}/book.toml",
            found="queries that make tables",
            expected="a Parquet or CSV file for each table: Spark takes these alone",
            mend="write the tables out, or leave --engine at duckdb",
        )
