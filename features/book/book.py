"""The book: a company's tables, opened, checked and cleaned.

Where the tables come from is in `features.sources.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

import duckdb

from features import engine
from features.book.kept_clean import KeptClean
from features.book.opened import DEFAULT_BAD_SHARE, Opened
from features.book.own_features import dictionary_of, require_no_fact
from features.book.reading import read_tables
from features.book.trained_facts import TrainedFacts
from features.engine import Row
from features.errors import BookError
from features.memory import Memory, memory_of
from features.past.ledger import Ledgers
from features.sources.book_toml import read_settings
from features.sources.synced.copied import Copy, find_copy
from features.sources.tables import at_home
from features.vocabulary.contract import TABLES


@dataclass(frozen=True, kw_only=True)
class Book(Opened):
    """An opened book: clean tables in a database, and what was left out of them.

    A context manager, which closes it; unclosed, it stays open until nobody holds it.

    Attributes:
        connection: holds the clean tables under the contract's names, in the form of `features.cleaning.normalised`.
        quiet_days: the book's own quiet period, where ``book.toml`` gives one.
        vouched: the facts that ``book.toml`` vouches for: they were known before the account left.
        left_out: the facts that models must not read, nor what is made of them, see `training.past.telltale_facts`.
        hints: by table, what values that cannot be read look like, and the SQL that reads them.
        memory: what may be held, where there is a limit; then nothing stays in memory that can be made again.
        cautions: what its ``book.toml`` says that does not fit, and parts that are there twice, each as a sentence.
        home: the folder at which the relative paths of its queries start, where it has any.
        synced_at: when its sources were read; None where they were read as it was opened.
        read_anew: the tables of files that have changed since then, which were read as it was opened.
    """

    connection: duckdb.DuckDBPyConnection
    quiet_days: int | None = None
    vouched: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    hints: Mapping[str, list[str]] = field(default_factory=dict)
    memory: Memory | None = None
    cautions: tuple[str, ...] = ()
    home: Path | None = None
    synced_at: datetime | None = None
    read_anew: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """The book itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Closes its database, with the files that it reads and the folder of what it spilled; nothing can be asked."""
        self.connection.close()

    def ask(self, query: str) -> list[Row]:
        """The rows that a query on the clean tables gives."""
        return self.connection.execute(query).fetchall()

    def ask_files(self, query: str) -> list[Row]:
        """The rows that a query on the tables as typed gives, see `features.cleaning.rows`; reads files again."""
        with at_home(self.home):
            return self.ask(query)

    @cached_property
    def watermark(self) -> int:
        """The last moment before the end of the data at which anything became known, in microseconds since 1970."""
        dated = ("interactions", "surveys", "departures")
        known = " union all ".join(
            f"select known_us from {table}" for table in dated if self.has(table)
        )
        query = f"select max(known_us) from ({known}) where known_us < {self.end}"
        return int(engine.single(self.connection, query))

    @cached_property
    def ledgers(self) -> Ledgers:
        """Its tables as arrays, for `features.snapshot.measuring`."""
        return Ledgers(self.connection, self.memory)

    @property
    def doubts(self) -> list[str]:
        """What may be a mistake, each as a sentence."""
        return [*self.cautions, *super().doubts]

    def missing(self) -> list[str]:
        """A sentence for each table that the book misses, saying what is done without it."""
        return [
            table.without
            for table in TABLES.values()
            if table.without and not self.has(table.name)
        ]


def open_book(
    folder: Path | str,
    *,
    max_bad_share: float = DEFAULT_BAD_SHARE,
    threads: int | None = None,
    memory_limit: str | None = None,
    trained: TrainedFacts | None = None,
    synced: bool = False,
    keep_clean: bool = False,
) -> Book:
    """Opens a book, sets bad rows aside, and says which.

    Args:
        folder: the book's folder.
        max_bad_share: the share of bad rows in any table beyond which the book is refused.
        threads: how many threads queries may use.
        memory_limit: such as ``"2GiB"``: what the process may hold, see `features.memory`.
        trained: the facts of the models that will score the book, by which its own are read; told by its values and
            ``book.toml`` where left out.
        synced: whether the copy that ``pinch sync`` keeps is read in place of the sources, where it is one of them as
            they are; where it is not, the sources are read, and a caution says why.
        keep_clean: whether clean tables are kept beside the copy, for later openings; one at a time.

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
    absolute = folder.resolve()  # before it is the working directory
    home = absolute if settings.has_queries else None
    memory = None if memory_limit is None else memory_of(memory_limit)
    dictionary = dictionary_of(folder, settings, trained)
    connection = engine.connect(threads, memory)
    try:
        copy = find_copy(connection, absolute, settings) if synced else None
        with at_home(home):
            found = read_tables(
                connection,
                absolute,
                settings,
                trained,
                max_bad_share,
                KeptClean(copy, keep_clean) if isinstance(copy, Copy) else None,
            )
    except BaseException:
        connection.close()
        raise
    facts = {**found.columns.types, **found.changing.types}
    require_no_fact(dictionary, facts)
    return Book(
        connection=connection,
        rows=found.rows,
        quarantine=found.quarantine,
        facts=facts,
        changing=frozenset(found.changing.types),
        labels=found.labels,
        dictionary=dictionary,
        words=settings.words if trained is None else trained.words,
        merged=found.merged,
        unknown=found.unknown,
        blanks=found.blanks,
        unread=found.columns.unread,
        last_day=settings.last_day,
        grace_days=settings.grace_days,
        renewal_grace_days=settings.renewal_grace_days,
        lacking=found.columns.lacking,
        empty=(*found.columns.empty, *found.changing.empty),
        scales=found.scales,
        misnamed=found.misnamed,
        quiet_days=settings.quiet_days,
        vouched=settings.vouched,
        hints=found.hints,
        memory=memory,
        cautions=(copy, *found.cautions) if isinstance(copy, str) else found.cautions,
        lapsed=found.lapsed,
        erased=found.erased,
        home=home,
        synced_at=copy.synced_at if isinstance(copy, Copy) else None,
        read_anew=copy.changed if isinstance(copy, Copy) else (),
    )


def keep_clean(folder: Path | str, memory_limit: str | None = None) -> None:
    """Keeps the clean tables of a synced book beside its copy, for the openings to come; one at a time.

    Args:
        folder: the book's folder.
        memory_limit: as of `open_book`.

    Raises:
        BookError: as of `open_book`.
    """
    open_book(
        folder,
        max_bad_share=1,
        memory_limit=memory_limit,
        synced=True,
        keep_clean=True,
    ).close()
