"""A book on Spark, where one machine is not enough: the same statements, and a snapshot in parts.

The tables are Parquet or CSV wherever Spark reads them: a folder, or an address such as ``s3a://bucket/book``. Which
cluster it runs on is Spark's own business: ``spark-defaults.conf``, ``spark-submit``, or every core of this machine.
See docs/adr/0021.
"""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.book.book import DEFAULT_BAD_SHARE, no_interactions
from features.book.facts import account_columns, extra_columns, labels_sql
from features.book.loading import require_typed, too_many, with_hints
from features.book.losses import Losses
from features.book.trained_facts import TrainedFacts
from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.recorded import WHOSE, Recorded, recorded
from features.cleaning.blanks import Blank, blanks, totals
from features.cleaning.holdout import Holdout, holdout_sql, require_clear, unclear_sql
from features.cleaning.patterns import hints
from features.cleaning.repeats import (
    BAD_REPEATS,
    IDS,
    any_repeat,
    copies_of_table,
    id_of,
    placed_sql,
    repeat_words,
    tally_sql,
)
from features.cleaning.rows import normalised_sql, typed_sql
from features.cleaning.scales import Scale, scales
from features.engine import SPARK
from features.errors import BookError, PinchError, QuarantineError
from features.past.money import more_taken_back
from features.sources.book_toml import (
    LABELS,
    Settings,
    read_settings,
    require_columns_of_accounts,
)
from features.sources.headers import parse_header
from features.sources.misnamed import Misnamed, misnamed, require_columns
from features.vocabulary.contract import TABLES
from features.vocabulary.names import (
    VOCABULARIES,
    UnknownNames,
    unknown_names,
    unknown_sql,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SHUFFLE_PARTS = "spark.sql.shuffle.partitions"
"""Spark's setting of how many parts a shuffle has."""
ADAPTIVE = "spark.sql.adaptive.enabled"
"""Whether Spark plans each stage of a query when those before it are done, as a job of its own."""
BAD_ROWS_KEPT = 1000
"""How many bad rows of a table are named; all are counted."""


@dataclass(frozen=True)
class SparkBook:
    """A book opened with Spark: clean tables as views of a session of their own, and what was left out of them.

    Attributes:
        session: has the clean tables under the contract's names, in the form of `features.cleaning.rows`.
        rows: good rows by table; a table the book does not have is absent.
        quarantine: a row per bad row, the first `BAD_ROWS_KEPT` of each table: table, row, field, expected. The row is
            Spark's number: that in the file for the first part of a table.
        quarantined: how many bad rows there are: table, field, expected, rows.
        facts: facts of the accounts by name, each ``"number"`` or ``"text"``.
        unknown: names that no vocabulary of ours has, see `features.vocabulary.names`.
        labels, blanks, unread, last_day, grace_days, lacking, empty, scales, misnamed: as of a
        `features.book.book.Book`.
    """

    session: SparkSession
    rows: Mapping[str, int]
    quarantine: pd.DataFrame
    quarantined: pd.DataFrame
    facts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    unread: tuple[str, ...] = ()
    unknown: tuple[UnknownNames, ...] = ()
    last_day: date | None = None
    grace_days: int = RETURN_GRACE_DAYS
    lacking: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    scales: tuple[Scale, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()

    def has(self, table: str) -> bool:
        """Whether the book has any good row of a table."""
        return self.rows.get(table, 0) > 0

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query on the clean tables gives."""
        return _rows(self.session, "interactions", query)

    @cached_property
    def recorded(self) -> Recorded:
        """From when to when each table is recorded, and what is dated beyond the end of the data."""
        if not self.has("interactions"):
            raise no_interactions()
        return recorded(
            self.ask, [table for table in WHOSE if self.has(table)], self.last_day
        )

    @property
    def end(self) -> int:
        """The first instant after the last day of the data, in microseconds since 1970."""
        return self.recorded.end

    @property
    def losses(self) -> Losses:
        """What models cannot make use of, beside the rows that are set aside."""
        return Losses(
            self.unknown,
            self.blanks,
            self.scales,
            self.lacking,
            self.misnamed,
            self.empty,
        )

    @property
    def warnings(self) -> list[str]:
        """As of a `features.book.book.Book`."""
        return self.losses.warnings + more_taken_back(self.ask)

    @property
    def beginning(self) -> int:
        """The moment of the first interaction, in microseconds since 1970.

        Raises:
            BookError: there is none.
        """
        ((first,),) = self.ask("select min(occurred_us) from interactions")
        if first is None:
            raise no_interactions()
        return int(first)


def start_session() -> SparkSession:
    """The Spark session of this process, as Spark's own settings have it.

    Raises:
        PinchError: there is no pyspark, or no Java for it.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        expected, mend = "pinch with its extra spark", 'pip install "pinch[spark]"'
        raise PinchError(found="no pyspark", expected=expected, mend=mend) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # What it warns of is a part of pyspark that is not used here.
    warnings.filterwarnings(
        "ignore", "PySpark does not yet fully support pandas", FutureWarning
    )
    try:
        return SparkSession.builder.appName("pinch").getOrCreate()
    except PySparkRuntimeError:
        mend = "install Java 17 or 21 and set JAVA_HOME, or correct Spark's settings"
        raise PinchError(
            found="a Spark that does not start",
            expected="Java and Spark's settings",
            mend=mend,
        ) from None


def _fit_to_one_machine(session: SparkSession) -> None:
    """On one machine, unless Spark's settings say otherwise, a shuffle has a few parts, and a query is planned once."""
    context = session.sparkContext
    if context.master.startswith("local"):
        for setting, value in {
            SHUFFLE_PARTS: 2 * context.defaultParallelism,
            ADAPTIVE: False,
        }.items():
            if not context.getConf().contains(setting):
                session.conf.set(setting, value)


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
    _fit_to_one_machine(session)
    settings = read_settings(Path(folder))
    _require_files(folder, settings)
    found = {table: _find(session, str(folder), table) for table in TABLES}
    sources = {table: source for table, source in found.items() if source is not None}
    sources["accounts"].createOrReplaceTempView("raw_accounts")
    columns = dict(sources["accounts"].dtypes)
    require_columns_of_accounts(Path(folder), settings, extra_columns(columns))
    run = functools.partial(_rows, session, "accounts")
    asked = account_columns(columns, settings, trained, run, SPARK)
    loaded = {
        table: _load(
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
            functools.partial(_rows, session, "names"),
            vocabularies,
        ),
        last_day=settings.last_day,
        grace_days=settings.grace_days,
    )


def _load_holdout(session: SparkSession, holdout: Holdout | None) -> None:
    if holdout is not None:
        ((unclear,),) = _rows(
            session, "accounts", unclear_sql("raw_accounts", holdout, SPARK)
        )
        require_clear(holdout, int(unclear))
    session.sql(holdout_sql("raw_accounts", holdout, SPARK)).createOrReplaceTempView(
        "holdout"
    )


def spark_account_labels(book: SparkBook, accounts: Iterable[str]) -> pd.DataFrame:
    """The labels of some accounts, as `features.book.book.account_labels` gives them of all."""
    shown = [label for label in LABELS if label in book.labels]
    listed = pd.DataFrame({"account_id": list(accounts)}, dtype=object)
    book.session.createDataFrame(listed, "account_id string").createOrReplaceTempView(
        "listed"
    )
    query = f"select {', '.join(['account_id', *shown])} from labels semi join listed using (account_id)"
    frame = pd.DataFrame(
        _rows(book.session, "accounts", query),
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


def _find(session: SparkSession, folder: str, table: str) -> DataFrame | None:
    """A table as it is, from the first of its possible files that there is, or from a folder of Parquet files."""
    from pyspark.errors import AnalysisException

    readers = {f"{table}{form}": read for form, read in _READERS.items()}
    for name, read in {**readers, table: _read_parquet}.items():
        try:
            source = read(session, table, f"{folder}/{name}")
        except AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                raise _unreadable(table, error) from None
        else:
            require_columns(table, source.columns)
            return source
    if TABLES[table].required:
        expected = f"{', '.join(readers)} or a folder {table}/ of Parquet files"
        raise BookError(
            where=folder, found=f"no table {table}", expected=expected, mend="add it"
        )
    return None


def _read_parquet(session: SparkSession, table: str, path: str) -> DataFrame:
    return session.read.option("mergeSchema", "true").parquet(path)


def _read_json_lines(session: SparkSession, table: str, path: str) -> DataFrame:
    return session.read.options(primitivesAsString="true", mode="FAILFAST").json(path)


def _read_csv(session: SparkSession, table: str, path: str) -> DataFrame:
    """Each file is read as a whole, since a text in quotes may run over lines."""
    first = [row["value"] for row in session.read.text(path).take(2)]
    header = parse_header(table, [line.removeprefix("\ufeff") for line in first])
    if header.skipped:
        raise BookError(
            where=f"table {table}",
            found="a line sep= before the header",
            expected="the header",
            mend="remove it",
        )
    schema = ", ".join(f"{SPARK.quoted(name)} string" for name in header.names)
    how = {
        "header": "true",
        "sep": header.delimiter,
        "escape": '"',
        "multiLine": "true",
        "mode": "FAILFAST",
    }
    return session.read.schema(schema).options(**how, columnPruning="false").csv(path)


_READERS = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".csv.gz": _read_csv,
    ".jsonl": _read_json_lines,
    ".jsonl.gz": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".ndjson.gz": _read_json_lines,
}


@dataclass(frozen=True)
class _Loaded:
    """A table that has been made: its good rows, the first bad ones as in a quarantine, the number of all, blanks."""

    rows: int
    bad: pd.DataFrame
    counted: pd.DataFrame
    blanks: list[Blank]


def _load(
    session: SparkSession,
    table: str,
    source: DataFrame,
    facts: Mapping[str, str],
    max_bad_share: float,
) -> _Loaded:
    try:
        return _clean(session, table, source, facts, max_bad_share)
    except QuarantineError as refused:
        seen = hints(
            table, dict(source.dtypes), functools.partial(_rows, session, table), SPARK
        )
        raise with_hints(refused, seen) from None


def _clean(
    session: SparkSession,
    table: str,
    source: DataFrame,
    facts: Mapping[str, str],
    max_bad_share: float,
) -> _Loaded:
    """Makes a clean table: of good rows, one of those that say the same or have the same key."""
    source.createOrReplaceTempView(f"raw_{table}")
    typed = typed_sql(table, f"raw_{table}", dict(source.dtypes), facts, SPARK)
    session.sql(typed).createOrReplaceTempView(f"typed_{table}")
    run = functools.partial(_rows, session, table)
    good_rows = ["count(case when problem is null then 1 end)"]
    total, values, (good,) = totals(
        table, f"typed_{table}", dict(source.dtypes), run, good_rows
    )
    require_typed(table, f"typed_{table}", total, values, max_bad_share, run)
    counted = _counted(session, table) if good < total else []
    query = f"select row, problem from typed_{table} where problem is not null"
    bad = (
        [
            (row, *problem.split(": ", 1))
            for row, problem in _first(session, table, query)
        ]
        if counted
        else []
    )
    _require_few(table, bad, counted, total, max_bad_share)
    aside, repeated = _set_repeats_aside(session, table, facts)
    lost = [row for row in aside if row[-1] in BAD_REPEATS]
    _require_few(
        table,
        bad + lost,
        counted + [r for r in repeated if r[1] in BAD_REPEATS],
        total,
        max_bad_share,
    )
    return _Loaded(
        good - sum(n for *_, n in repeated),
        pd.DataFrame(
            [(table, *row) for row in bad + aside],
            columns=["table", "row", "field", "expected"],
        ),
        pd.DataFrame(
            [(table, *reason) for reason in counted + repeated],
            columns=["table", *_COUNTED],
        ),
        blanks(table, f"typed_{table}", values, run),
    )


def _counted(session: SparkSession, table: str) -> list[tuple[Any, ...]]:
    """How many rows of a table are bad, by field and what was expected."""
    of_bad = f"select problem, count(*) from typed_{table} where problem is not null group by problem"
    return sorted(
        (*problem.split(": ", 1), n) for problem, n in _rows(session, table, of_bad)
    )


_COUNTED = ("field", "expected", "rows")


def _require_few(
    table: str,
    bad: list[tuple[Any, ...]],
    counted: list[tuple[Any, ...]],
    total: int,
    share: float,
) -> None:
    if sum(n for *_, n in counted) > share * total:
        reasons = {(field, expected): n for field, expected, n in counted}
        raise too_many(
            table,
            pd.DataFrame(bad, columns=["row", "field", "expected"]),
            reasons,
            total,
            share,
        )


def _set_repeats_aside(
    session: SparkSession, table: str, facts: Mapping[str, str]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Makes the clean table, in which of rows that are the same one is left; gives the first others, and counts."""
    numbered = session.sql(
        normalised_sql(
            table, f"typed_{table}", list(facts), numbered=True, dialect=SPARK
        )
    ).persist()
    numbered.createOrReplaceTempView(f"numbered_{table}")
    beside = {"row", "id"} if table in IDS else {"row"}
    columns = [
        SPARK.quoted(column) for column in numbered.columns if column not in beside
    ]
    names = ", ".join(columns)
    tally = _rows(
        session,
        table,
        tally_sql(table, f"numbered_{table}", columns, id_of(table, SPARK), SPARK),
    )
    if not any_repeat(tally):
        session.sql(f"select {names} from numbered_{table}").createOrReplaceTempView(
            table
        )
        return [], []
    placed = placed_sql(
        table, f"select * from numbered_{table}", columns, copies_of_table(tally), SPARK
    )
    session.sql(placed).persist().createOrReplaceTempView(f"placed_{table}")
    session.sql(
        f"select {names} from placed_{table} where repeated is null"
    ).createOrReplaceTempView(table)
    others = f"from placed_{table} where repeated is not null"
    first = _first(session, table, f"select row, repeated {others}")
    counted = sorted(
        _rows(session, table, f"select repeated, count(*) {others} group by repeated")
    )
    numbered.unpersist()
    return (
        [(row, *repeat_words(table, why)) for row, why in first],
        [(*repeat_words(table, why), n) for why, n in counted],
    )


def _first(session: SparkSession, table: str, query: str) -> list[tuple[Any, ...]]:
    return _rows(session, table, f"{query} order by row limit {BAD_ROWS_KEPT}")


def _rows(session: SparkSession, table: str, query: str) -> list[tuple[Any, ...]]:
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        return [tuple(row) for row in session.sql(query).collect()]
    except (PySparkException, Py4JJavaError) as error:
        raise _unreadable(table, error) from None


def _unreadable(table: str, error: Exception) -> BookError:
    """What is wrong with a file, by the name that Spark has for it; its message may hold what the row holds."""
    named: Any = getattr(error, "java_exception", error)
    return BookError(
        where=f"table {table}",
        found=str(named.getCondition() or type(error).__name__),
        expected="Parquet with times in microseconds, or CSV with the header's number of fields in each row",
        mend="correct its file",
    )
