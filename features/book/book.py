"""The book: a company's tables, opened, checked and cleaned.

Where the tables come from is in `features.sources.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from features import engine
from features.book.facts import (
    AccountColumns,
    account_columns,
    extra_columns,
    labels_sql,
)
from features.book.loading import columns_of, explained, load, load_absent, make
from features.book.losses import Losses
from features.book.trained_facts import TrainedFacts
from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.recorded import WHOSE, Recorded, recorded
from features.cleaning.blanks import Blank
from features.cleaning.holdout import (
    Holdout,
    holdout_sql,
    nobody_held,
    require_clear,
    unclear_sql,
)
from features.cleaning.patterns import fact_hints
from features.cleaning.scales import Scale, scales
from features.errors import BookError
from features.past.ledger import Ledgers
from features.past.money import more_taken_back
from features.sources.book_toml import (
    LABELS,
    Settings,
    read_settings,
    require_columns_of_accounts,
)
from features.sources.copies import copied_parts
from features.sources.misnamed import Misnamed, misnamed
from features.sources.tables import at_home, files_of, find_sources
from features.vocabulary.contract import TABLES
from features.vocabulary.names import (
    VOCABULARIES,
    UnknownNames,
    unknown_names,
    unknown_sql,
)

DEFAULT_BAD_SHARE = 0.05
"""The share of bad rows in a table beyond which a book is refused."""


@dataclass(frozen=True)
class Book:
    """An opened book: clean tables in a database, and what was left out of them.

    Attributes:
        connection: holds the clean tables under the contract's names, in the form of `features.cleaning.rows`.
        rows: good rows by table; a table the book does not have is absent.
        quarantine: a row per bad row: table, row (from 1), field, expected.
        facts: facts of the accounts by name, each ``"number"`` or ``"text"``.
        unknown: names that no vocabulary of ours has, see `features.vocabulary.names`.
        quiet_days: the book's own quiet period, where ``book.toml`` gives one.
        vouched: the facts that ``book.toml`` vouches for: they were known before the account left.
        left_out: the facts that models must not read, nor what is made of them, see `training.past.telltale_facts`.
        labels: what lists show of an account beside its id and no model reads, see `account_labels`: the column of
            ``accounts`` by label, one of `features.sources.book_toml.LABELS`.
        blanks: values that could not be read and count as missing, see `features.cleaning.blanks`.
        unread: columns of ``accounts`` that are the index of a data frame, and so no facts.
        hints: by table, what values that cannot be read look like, and the SQL that reads them.
        bounded: whether a memory limit was set; then nothing stays in memory that can be made again.
        last_day: of the data, where ``book.toml`` gives it.
        grace_days: signs of life later than so long after a departure are a return, see `features.calendar.presence`.
        lacking: facts that the models were trained on, yet do not read, and that the accounts do not have.
        empty: facts that the models read, without a value for any account.
        scales: of the survey items whose rows give none, see `features.cleaning.scales`.
        cautions: what its ``book.toml`` says that does not fit, and parts that are there twice, each as a sentence.
        home: the folder at which the relative paths of its queries start, where it has any.
    """

    connection: duckdb.DuckDBPyConnection
    rows: Mapping[str, int]
    quarantine: pd.DataFrame
    facts: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[UnknownNames, ...] = ()
    quiet_days: int | None = None
    vouched: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    unread: tuple[str, ...] = ()
    hints: Mapping[str, list[str]] = field(default_factory=dict)
    bounded: bool = False
    last_day: date | None = None
    grace_days: int = RETURN_GRACE_DAYS
    lacking: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    scales: tuple[Scale, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()
    cautions: tuple[str, ...] = ()
    home: Path | None = None

    def has(self, table: str) -> bool:
        """Whether the book has any good row of a table."""
        return self.rows.get(table, 0) > 0

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query on the clean tables gives."""
        return self.connection.execute(query).fetchall()

    def ask_files(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query on the tables as typed gives, see `features.cleaning.rows`; reads files again."""
        with at_home(self.home):
            return self.ask(query)

    @cached_property
    def recorded(self) -> Recorded:
        """From when to when each table is recorded, and what is dated beyond the end of the data."""
        self._require_interactions()
        return recorded(
            self.ask, [table for table in WHOSE if self.has(table)], self.last_day
        )

    @property
    def end(self) -> int:
        """The first instant after the last day of the data, in microseconds since 1970."""
        return self.recorded.end

    @cached_property
    def watermark(self) -> int:
        """The last moment before the end of the data at which anything became known, in microseconds since 1970."""
        end = self.end
        dated = [
            table
            for table in ("interactions", "surveys", "departures")
            if self.has(table)
        ]
        known = " union all ".join(
            f"select known_us from {table} where known_us < {end}" for table in dated
        )
        return int(
            engine.single(self.connection, f"select max(known_us) from ({known})")
        )

    @property
    def beginning(self) -> int:
        """The moment of the first interaction, in microseconds since 1970."""
        self._require_interactions()
        return int(
            engine.single(self.connection, "select min(occurred_us) from interactions")
        )

    @cached_property
    def ledgers(self) -> Ledgers:
        """Its tables as arrays, for `features.snapshot.measuring`."""
        return Ledgers(self.connection, keep=not self.bounded)

    def _require_interactions(self) -> None:
        if not self.has("interactions"):
            raise no_interactions()

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
        """What models lose much by and what may be a mistake, each as a sentence."""
        return [*self.losses.warnings, *self.doubts]

    @property
    def doubts(self) -> list[str]:
        """What may be a mistake, each as a sentence."""
        return [*self.cautions, *more_taken_back(self.ask)]

    def missing(self) -> list[str]:
        """A sentence for each optional table that the book does not have, saying what is done without it."""
        return [
            table.without
            for table in TABLES.values()
            if not table.required and not self.has(table.name)
        ]


def no_interactions() -> BookError:
    """The error of a book without any good interaction."""
    expected = "at least one interaction"
    return BookError(
        where="table interactions",
        found="no good row",
        expected=expected,
        mend="add some",
    )


def open_book(
    folder: Path | str,
    *,
    max_bad_share: float = DEFAULT_BAD_SHARE,
    threads: int | None = None,
    memory_limit: str | None = None,
    trained: TrainedFacts | None = None,
) -> Book:
    """Opens a book, sets bad rows aside, and says which.

    Args:
        folder: the book's folder.
        max_bad_share: the share of bad rows in any table beyond which the book is refused.
        threads: how many threads queries may use.
        memory_limit: such as ``"2GiB"``.
        trained: the facts of the models that will score the book, by which its own are read; told by its values and
            ``book.toml`` where left out.

    Raises:
        BookError: a required table or column is missing, a table cannot be read, or ``book.toml`` has a mistake.
        QuarantineError: a table has more bad rows than the share.
        ModelError: the accounts lack a fact that the models read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BookError(
            found=f"no folder {folder}",
            expected="the folder of a book",
            mend="check the path",
        )
    settings = read_settings(folder)
    connection = engine.connect(threads, memory_limit)
    resolved = folder.resolve()  # before it is the working directory
    home = resolved if settings.queries else None
    with at_home(home):
        sources = find_sources(connection, resolved, settings)
        asked = _account_columns(
            connection, sources["accounts"], folder, settings, trained
        )
        loaded = [
            load(connection, table, query, asked.types, max_bad_share)
            for table, query in sources.items()
        ]
        texts = [
            fact
            for fact, type_ in asked.types.items()
            if type_ == "text" and fact not in asked.lacking
        ]
        of_facts = fact_hints(texts, engine.runner(connection))
        near = tuple(
            near
            for table in sources
            for near in misnamed(table, columns_of(connection, table))
        )
        make(
            connection,
            "labels",
            labels_sql("raw_accounts", settings.labels),
            "accounts",
            sources["accounts"],
        )
        _load_holdout(connection, settings.holdout, sources["accounts"])
        of_files = [table for table in sources if table not in settings.queries]
        copies = [
            copy
            for table in of_files
            for copy in copied_parts(table, files_of(resolved, table))
        ]
        shown = (
            scales("typed_surveys", engine.runner(connection))
            if "surveys" in sources
            else ()
        )
    for table in TABLES.keys() - sources.keys():
        load_absent(connection, table)
    seen = {table: made.hints for table, made in zip(sources, loaded, strict=True)}
    seen["accounts"] = [*seen["accounts"], *of_facts]
    vocabularies = VOCABULARIES if trained is None else trained.vocabularies
    return Book(
        connection=connection,
        rows={
            table: int(engine.single(connection, f"select count(*) from {table}"))
            for table in sources
        },
        quarantine=pd.concat([table.bad for table in loaded], ignore_index=True),
        facts=asked.types,
        unknown=unknown_names(
            unknown_sql(vocabularies), engine.runner(connection), vocabularies
        ),
        quiet_days=settings.quiet_days,
        vouched=settings.vouched,
        labels=settings.labels,
        blanks=(*asked.blanks, *(blank for table in loaded for blank in table.blanks)),
        last_day=settings.last_day,
        grace_days=settings.grace_days,
        unread=asked.unread,
        lacking=asked.lacking,
        empty=asked.empty,
        misnamed=near,
        scales=shown,
        bounded=memory_limit is not None,
        hints={table: told for table, told in seen.items() if told},
        cautions=(
            *nobody_held(
                settings.holdout,
                int(engine.single(connection, "select count(*) from holdout")),
            ),
            *copies,
        ),
        home=home,
    )


def _load_holdout(
    connection: duckdb.DuckDBPyConnection, holdout: Holdout | None, query: str | None
) -> None:
    make(connection, "holdout", holdout_sql("raw_accounts", holdout), "accounts", query)
    if holdout is not None:
        require_clear(
            holdout,
            int(engine.single(connection, unclear_sql("raw_accounts", holdout))),
        )


def account_labels(book: Book) -> pd.DataFrame:
    """The labels of every account, for lists.

    Returns:
        A row per account, the index being ``account_id``, with a text column for each of the book's labels, in the
        order of `features.sources.book_toml.LABELS`; None where the accounts have nothing there.
    """
    shown = [label for label in LABELS if label in book.labels]
    frame = book.connection.execute(
        f"select {', '.join(['account_id', *shown])} from labels order by account_id"
    ).df()
    return frame.astype(object).where(frame.notna(), None).set_index("account_id")


def _account_columns(
    connection: duckdb.DuckDBPyConnection,
    query: str | None,
    folder: Path,
    settings: Settings,
    trained: TrainedFacts | None,
) -> AccountColumns:
    columns = columns_of(connection, "accounts")
    require_columns_of_accounts(folder, settings, extra_columns(columns))
    with explained(connection, "accounts", query):
        return account_columns(columns, settings, trained, engine.runner(connection))
