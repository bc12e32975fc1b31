"""Reading: all tables of a book, brought into a database, with what is found on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from features.book.changing_facts import (
    ChangingFacts,
    changing_facts,
    names_sql,
    require_apart,
)
from features.book.facts import (
    AccountColumns,
    account_columns,
    extra_columns,
    fact_columns,
    labels_sql,
)
from features.book.holding_out import load_holdout
from features.book.kept_clean import KeptClean
from features.book.list_contacts import add_list_contacts
from features.book.loading import Loaded, load, load_absent
from features.book.losses import all_blanks, all_misnamed
from features.book.merging import IDS, Merged, follow_merges, make_merged
from features.book.raw import column_names, columns_of, explained, make
from features.book.renewed import load_renewals
from features.book.trained_facts import TrainedFacts
from features.calendar.recorded import end_of_data
from features.cleaning.blanks import Blank
from features.cleaning.enumerations import number_accounts
from features.cleaning.hints import fact_hints
from features.cleaning.own_words import SPOKEN, spoken_sql
from features.cleaning.scales import Scale, scales
from features.engine import runner, single
from features.sources.copies import copied_parts
from features.sources.erased import leave_out
from features.sources.misnamed import Misnamed
from features.sources.settings import Settings
from features.sources.strange_columns import (
    require_columns_of_accounts,
    require_one_source_of_labels,
)
from features.sources.tables import files_of, find_sources
from features.vocabulary.contract import LABELS, TABLES
from features.vocabulary.names import UnknownNames, unknown_names, unknown_sql
from features.vocabulary.own import OwnWords
from features.vocabulary.vocabularies import VOCABULARIES


@dataclass(frozen=True)
class Found:
    """What was found in the tables of a book, each as an attribute of `features.book.book.Book`."""

    rows: Mapping[str, int]
    quarantine: pd.DataFrame
    columns: AccountColumns
    changing: ChangingFacts
    labels: Mapping[str, str]
    merged: Merged
    blanks: tuple[Blank, ...]
    unknown: tuple[UnknownNames, ...]
    misnamed: tuple[Misnamed, ...]
    scales: tuple[Scale, ...]
    hints: Mapping[str, list[str]]
    cautions: tuple[str, ...]
    lapsed: int
    erased: Mapping[str, int]


def read_tables(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    trained: TrainedFacts | None,
    max_bad_share: float,
    kept: KeptClean | None = None,
) -> Found:
    """Makes the clean tables of a book under the contract's names, and ``holdout``.

    Args:
        connection: where to make them.
        folder: the book's, as an absolute path.
        settings: what its ``book.toml`` says.
        trained: the facts of the models that will score the book, if any.
        max_bad_share: the share of bad rows in any table beyond which the book is refused.
        kept: the copy that is read in place of the sources with the clean tables beside it, if any.

    Raises:
        BookError, QuarantineError, ModelError: as `features.book.book.open_book`.
    """
    run = runner(connection)
    sources: Sources = (
        find_sources(connection, folder, settings)
        if kept is None
        else kept.copy.make_views(connection)
    )
    erased = leave_out(connection, folder, sources)
    words = settings.words if trained is None else trained.words
    for table in SPOKEN.keys() & sources.keys():
        _speak(connection, table, words)
    changing = _changing_facts(connection, settings, trained, sources)
    columns = _account_columns(
        connection, folder, settings, trained, sources, changing.names
    )
    loaded = {}
    for table in TABLES:
        if table in sources:
            facts, query = columns.types, sources[table]
            clean = load if kept is None else kept.load
            loaded[table] = clean(connection, table, query, facts, max_bad_share)
        elif table != "labels" or not settings.labels:
            load_absent(connection, table)
        if table == "merges":  # whose rows are whose is told before any is read
            make_merged(connection)
            number_accounts(connection, IDS)
    labels = _load_labels(connection, settings.labels, sources)
    cautions = load_holdout(connection, settings, sources["accounts"])
    present = {table: columns_of(connection, table) for table in sources}
    vocabularies = VOCABULARIES if trained is None else trained.vocabularies
    unknown = unknown_names(unknown_sql(vocabularies), run, vocabularies)
    rows = {
        table: int(single(connection, f"select count(*) from {table}"))
        for table in sources
    }
    add_list_contacts(connection)
    merged = follow_merges(connection)
    until = end_of_data(run, settings.last_day) if rows.get("contracts") else 0
    return Found(
        rows=rows,
        merged=merged,
        quarantine=pd.concat([its.bad for its in loaded.values()], ignore_index=True),
        columns=columns,
        changing=changing,
        labels=labels,
        blanks=tuple(
            _named(blank, words)
            for blank in (*changing.blanks, *all_blanks(columns, loaded))
        ),
        unknown=unknown,
        misnamed=all_misnamed(present),
        scales=tuple(scales("typed_surveys", run)) if "surveys" in sources else (),
        hints=_hints(connection, columns, loaded),
        cautions=(*cautions, *_copies(folder, settings, sources)),
        lapsed=load_renewals(connection, settings.renewal_grace_days, until),
        erased=erased,
    )


def _speak(connection: duckdb.DuckDBPyConnection, table: str, words: OwnWords) -> None:
    """Has a raw table hold our words for those of the book's own."""
    present = [name.strip('"') for name in column_names(connection, f"raw_{table}")]
    if SPOKEN[table] not in present:
        return
    spoken = spoken_sql(table, f"own_{table}", present, words)
    if spoken is not None:
        connection.execute(f"alter view raw_{table} rename to own_{table}")
        connection.execute(f"create view raw_{table} as {spoken}")


Sources = Mapping[str, str | None]
"""The tables that a book has, each with the query that makes it, if one does."""


def _account_columns(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    trained: TrainedFacts | None,
    sources: Sources,
    changing: Collection[str],
) -> AccountColumns:
    columns, run = columns_of(connection, "accounts"), runner(connection)
    known = [*extra_columns(columns), *changing]
    require_columns_of_accounts(folder, settings, known)
    require_apart(fact_columns(columns, settings), changing)
    with explained(connection, "accounts", sources["accounts"]):
        return account_columns(columns, settings, trained, run, changing=changing)


def _changing_facts(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    trained: TrainedFacts | None,
    sources: Sources,
) -> ChangingFacts:
    if "facts" not in sources:
        return ChangingFacts()
    columns, run = columns_of(connection, "facts"), runner(connection)
    with explained(connection, "facts", sources["facts"]):
        names = [str(name) for (name,) in run(names_sql())]
        return changing_facts(names, columns, settings, trained, run)


def _load_labels(
    connection: duckdb.DuckDBPyConnection,
    declared: Mapping[str, str],
    sources: Sources,
) -> Mapping[str, str]:
    """The labels that there are, each with its column; those of ``book.toml`` are made the table of labels."""
    require_one_source_of_labels(declared, sources)
    if "labels" in sources:
        there = columns_of(connection, "labels")
        return {label: label for label in LABELS if label in there}
    if declared:
        labels = labels_sql("raw_accounts", declared)
        make(connection, "labels", labels, "accounts", sources["accounts"])
    return declared


def _named(blank: Blank, words: OwnWords) -> Blank:
    """A blank that tells kinds and items as the book writes them."""
    kinds = {words.named(kind): rows for kind, rows in blank.kinds.items()}
    return replace(blank, kinds=kinds)


def _hints(
    connection: duckdb.DuckDBPyConnection,
    columns: AccountColumns,
    loaded: Mapping[str, Loaded],
) -> dict[str, list[str]]:
    """What unread values look like, by table, those that have any."""
    texts = [
        fact
        for fact, type_ in columns.types.items()
        if type_ == "text" and fact not in columns.lacking
    ]
    told = {table: its.hints for table, its in loaded.items()}
    told["accounts"] = told["accounts"] + fact_hints(texts, runner(connection))
    return {table: hints for table, hints in told.items() if hints}


def _copies(folder: Path, settings: Settings, sources: Sources) -> list[str]:
    """A sentence for each part that a table has twice."""
    found: list[str] = []
    for table in sources:
        if table not in settings.queries and not settings.connected(table):
            found += copied_parts(table, files_of(folder, table))
    return found
