"""The book: a company's tables, opened, checked and cleaned.

Where the tables come from is in `features.sources`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from features import engine
from features.blanks import Blank, Total, blanks, totals
from features.cleaning import EXPECTED, mistyped, normalised_sql, typed_sql
from features.contract import TABLES
from features.copies import copied_parts
from features.errors import BookError, QuarantineError
from features.facts import AccountColumns, account_columns, extra_columns, labels_sql
from features.holdout import Holdout, holdout_sql, nobody_held, require_clear, unclear_sql
from features.ledger import Ledgers
from features.losses import Losses
from features.misnamed import Misnamed, misnamed, require_columns
from features.money import more_taken_back
from features.patterns import fact_hints, hints
from features.presence import RETURN_GRACE_DAYS
from features.recorded import WHOSE, Recorded, recorded
from features.repeats import (
    BAD_REPEATS,
    IDS,
    any_repeat,
    copies_of_table,
    id_of,
    placed_sql,
    repeat_words,
    tally_sql,
)
from features.scales import Scale, scales
from features.settings import LABELS, Settings, read_settings, require_columns_of_accounts
from features.sources import at_home, files_of, find_sources, query_error
from features.trained import TrainedFacts
from features.vocabulary import VOCABULARIES, Query, UnknownNames, unknown_names, unknown_sql

DEFAULT_BAD_SHARE = 0.05
"""The share of bad rows in a table beyond which a book is refused."""

_NONE_BAD = pd.DataFrame(columns=["table", "row", "field", "expected"])


@dataclass(frozen=True)
class Book:
    """An opened book: clean tables in a database, and what was left out of them.

    Attributes:
        connection: holds the clean tables under the contract's names, in the form of `features.cleaning`.
        rows: good rows by table; a table the book does not have is absent.
        quarantine: a row per bad row: table, row (from 1), field, expected.
        facts: facts of the accounts by name, each ``"number"`` or ``"text"``.
        unknown: names that no vocabulary of ours has, see `features.vocabulary`.
        quiet_days: the book's own quiet period, where ``book.toml`` gives one.
        vouched: the facts that ``book.toml`` vouches for: they were known before the account left.
        left_out: the facts that models must not read, nor what is made of them, see `training.suspicion`.
        labels: what lists show of an account beside its id and no model reads, see `account_labels`: the column of
            ``accounts`` by label, one of `features.settings.LABELS`.
        blanks: values that could not be read and count as missing, see `features.blanks`.
        unread: columns of ``accounts`` that are the index of a data frame, and so no facts.
        hints: by table, what values that cannot be read look like, and the SQL that reads them.
        bounded: whether a memory limit was set; then nothing stays in memory that can be made again.
        last_day: of the data, where ``book.toml`` gives it.
        grace_days: signs of life later than so long after a departure are a return, see `features.presence`.
        lacking: facts that the models were trained on, yet do not read, and that the accounts do not have.
        empty: facts that the models read, without a value for any account.
        scales: of the survey items whose rows give none, see `features.scales`.
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
        """The rows that a query on the tables as they were typed gives, see `features.cleaning`; reads files again."""
        with at_home(self.home):
            return self.ask(query)

    @cached_property
    def recorded(self) -> Recorded:
        """From when to when each table is recorded, and what is dated beyond the end of the data."""
        self._require_interactions()
        return recorded(self.ask, [table for table in WHOSE if self.has(table)], self.last_day)

    @property
    def end(self) -> int:
        """The first instant after the last day of the data, in microseconds since 1970."""
        return self.recorded.end

    @cached_property
    def watermark(self) -> int:
        """The last moment before the end of the data at which anything became known, in microseconds since 1970."""
        end = self.end
        dated = [table for table in ("interactions", "surveys", "departures") if self.has(table)]
        known = " union all ".join(f"select known_us from {table} where known_us < {end}" for table in dated)
        return int(engine.single(self.connection, f"select max(known_us) from ({known})"))

    @property
    def beginning(self) -> int:
        """The moment of the first interaction, in microseconds since 1970."""
        self._require_interactions()
        return int(engine.single(self.connection, "select min(occurred_us) from interactions"))

    @cached_property
    def ledgers(self) -> Ledgers:
        """Its tables as arrays, for `features.measuring`."""
        return Ledgers(self.connection, keep=not self.bounded)

    def _require_interactions(self) -> None:
        if not self.has("interactions"):
            raise no_interactions()

    @property
    def losses(self) -> Losses:
        """What models cannot make use of, beside the rows that are set aside."""
        return Losses(self.unknown, self.blanks, self.scales, self.lacking, self.misnamed, self.empty)

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
        return [table.without for table in TABLES.values() if not table.required and not self.has(table.name)]


def no_interactions() -> BookError:
    """The error of a book without any good interaction."""
    expected = "at least one interaction"
    return BookError(where="table interactions", found="no good row", expected=expected, mend="add some")


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
        raise BookError(found=f"no folder {folder}", expected="the folder of a book", mend="check the path")
    settings = read_settings(folder)
    connection = engine.connect(threads, memory_limit)
    resolved = folder.resolve()  # before it is the working directory
    home = resolved if settings.queries else None
    with at_home(home):
        sources = find_sources(connection, resolved, settings)
        asked = _account_columns(connection, sources["accounts"], folder, settings, trained)
        loaded = [_load(connection, table, query, asked.types, max_bad_share) for table, query in sources.items()]
        texts = [fact for fact, type_ in asked.types.items() if type_ == "text" and fact not in asked.lacking]
        of_facts = fact_hints(texts, engine.runner(connection))
        near = tuple(near for table in sources for near in misnamed(table, _columns(connection, table)))
        _make(connection, "labels", labels_sql("raw_accounts", settings.labels), "accounts", sources["accounts"])
        _load_holdout(connection, settings.holdout, sources["accounts"])
        of_files = [table for table in sources if table not in settings.queries]
        copies = [copy for table in of_files for copy in copied_parts(table, files_of(resolved, table))]
        shown = scales("typed_surveys", engine.runner(connection)) if "surveys" in sources else ()
    for table in TABLES.keys() - sources.keys():
        load_empty(connection, table)
    seen = {table: made.hints for table, made in zip(sources, loaded, strict=True)}
    seen["accounts"] = [*seen["accounts"], *of_facts]
    vocabularies = VOCABULARIES if trained is None else trained.vocabularies
    return Book(
        connection=connection,
        rows={table: int(engine.single(connection, f"select count(*) from {table}")) for table in sources},
        quarantine=pd.concat([table.bad for table in loaded], ignore_index=True),
        facts=asked.types,
        unknown=unknown_names(unknown_sql(vocabularies), engine.runner(connection), vocabularies),
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
            *nobody_held(settings.holdout, int(engine.single(connection, "select count(*) from holdout"))),
            *copies,
        ),
        home=home,
    )


def _load_holdout(connection: duckdb.DuckDBPyConnection, holdout: Holdout | None, query: str | None) -> None:
    _make(connection, "holdout", holdout_sql("raw_accounts", holdout), "accounts", query)
    if holdout is not None:
        require_clear(holdout, int(engine.single(connection, unclear_sql("raw_accounts", holdout))))


def account_labels(book: Book) -> pd.DataFrame:
    """The labels of every account, for lists.

    Returns:
        A row per account, the index being ``account_id``, with a text column for each of the book's labels, in the
        order of `features.settings.LABELS`; None where the accounts have nothing there.
    """
    shown = [label for label in LABELS if label in book.labels]
    frame = book.connection.execute(f"select {', '.join(['account_id', *shown])} from labels order by account_id").df()
    return frame.astype(object).where(frame.notna(), None).set_index("account_id")


def load_empty(connection: duckdb.DuckDBPyConnection, table: str, facts: Mapping[str, str] | None = None) -> None:
    """Creates a clean table without rows, for a table that is absent or still to be filled."""
    facts = facts or {}
    typed = typed_sql(table, "(select 1 as nothing)", present={}, facts=facts)
    connection.execute(f"create table {table} as {normalised_sql(table, f'({typed} where false)', list(facts))}")


@dataclass(frozen=True)
class _Loaded:
    """What was left out of a table: its bad rows, as in a quarantine, the blanks of others, and how to read them."""

    bad: pd.DataFrame
    blanks: list[Blank]
    hints: list[str] = field(default_factory=list)


def _load(
    connection: duckdb.DuckDBPyConnection, table: str, query: str | None, facts: Mapping[str, str], max_bad_share: float
) -> _Loaded:
    present = _columns(connection, table)
    try:
        loaded = _clean(connection, table, query, present, facts if table == "accounts" else {}, max_bad_share)
    except QuarantineError as refused:
        run = engine.runner(connection)
        asked_on = scales("typed_surveys", run) if table == "surveys" else ()
        other_scales = [scale.sentence for scale in asked_on if scale.likely is not None]
        raise with_hints(refused, [*hints(table, present, run), *other_scales]) from None
    if len(loaded.bad) or loaded.blanks:
        return replace(loaded, hints=hints(table, present, engine.runner(connection)))
    return loaded


def _clean(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    query: str | None,
    present: Mapping[str, str],
    facts: Mapping[str, str],
    max_bad_share: float,
) -> _Loaded:
    connection.execute(f"create view typed_{table} as {typed_sql(table, f'raw_{table}', present, facts)}")
    has_id = IDS.get(table) in present
    unused = "row, id" if table in IDS and not has_id else "row"
    numbered = normalised_sql(table, f"typed_{table}", list(facts), numbered=True)
    _make(connection, table, f"select * exclude ({unused}) from ({numbered})", table, query)
    typed, run = f"typed_{table}", engine.runner(connection)
    total, values = totals(table, typed, present, run)
    require_typed(table, typed, total, values, max_bad_share, run)
    good = int(engine.single(connection, f"select count(*) from {table}"))
    bad = _NONE_BAD if good == total else _bad_rows(connection, table)
    _require_few(table, bad, total, max_bad_share)
    if table == "accounts" and not good:
        raise BookError(where="table accounts", found="no good row", expected="at least one account", mend="add some")
    aside = _set_repeats_aside(connection, table, numbered, has_id)
    faulty = pd.concat([bad, aside[aside["expected"].isin(BAD_REPEATS)]], ignore_index=True)
    _require_few(table, faulty, total, max_bad_share)
    lost = blanks(table, typed, values, run)
    return _Loaded(pd.concat([bad, aside], ignore_index=True), lost)


def _require_few(table: str, bad: pd.DataFrame, total: int, share: float) -> None:
    if len(bad) > share * total:
        raise too_many(table, bad, Counter(zip(bad["field"], bad["expected"], strict=True)), total, share)


def _make(connection: duckdb.DuckDBPyConnection, name: str, select: str, table: str, query: str | None) -> None:
    """Makes a table of a select that reads a raw one, which a query may make."""
    try:
        connection.execute(f"create table {name} as {select}")
    except duckdb.Error as error:
        raise query_error(connection, table, error, query) from None


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a raw table, each with its SQL type."""
    described = connection.execute(f"describe raw_{table}").fetchall()
    present = {str(name): str(type_) for name, type_, *_ in described}
    require_columns(table, present)
    return present


def _bad_rows(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    split = "split_part(problem, ': ', 1) as field, split_part(problem, ': ', 2) as expected"
    query = f"select '{table}' as \"table\", row, {split} from typed_{table} where problem is not null order by row"
    return connection.execute(query).df()


def _set_repeats_aside(connection: duckdb.DuckDBPyConnection, table: str, numbered: str, has_id: bool) -> pd.DataFrame:
    """Leaves one of rows that are the same in a clean table, and gives the others as in a quarantine."""
    columns = [name for name in column_names(connection, table) if not (has_id and name == '"id"')]
    id_ = id_of(table) if has_id or table not in IDS else "null"
    tally = connection.execute(tally_sql(table, table, columns, id_)).fetchall()
    if not any_repeat(tally):
        if has_id:
            connection.execute(f"alter table {table} drop column id")
        return _NONE_BAD
    connection.execute(f"create temp table placed as {placed_sql(table, numbered, columns, copies_of_table(tally))}")
    kept = f"select {', '.join(columns)} from placed where repeated is null"
    connection.execute(f"create or replace table {table} as {kept}")
    aside = connection.execute("select row, repeated from placed where repeated is not null order by row").fetchall()
    connection.execute("drop table placed")
    return pd.DataFrame([(table, row, *repeat_words(table, why)) for row, why in aside], columns=_NONE_BAD.columns)


def column_names(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table, in quotes."""
    return [f'"{row[0]}"' for row in connection.execute(f"describe {table}").fetchall()]


def require_typed(table: str, typed: str, rows: int, totals: Iterable[Total], max_bad_share: float, run: Query) -> None:
    """Raises `QuarantineError` where more values of an optional column than the share are in another notation."""
    for total in totals:
        if total.mistyped > max_bad_share * rows:
            name, expected = total.column.name, EXPECTED[total.column.type]
            ((first,),) = run(f"select min(row) from {typed} where {mistyped(total.column)}")
            bad = pd.DataFrame({"row": [first], "field": [name]})
            raise too_many(table, bad, {(name, expected): total.mistyped}, rows, max_bad_share)


def too_many(
    table: str, bad: pd.DataFrame, reasons: Mapping[tuple[str, str], int], total: int, share: float
) -> QuarantineError:
    """The error of a table with more bad rows than the share.

    Args:
        table: its name.
        bad: bad rows as in a quarantine, at least the first.
        reasons: how many bad rows there are by (field, expected).
        total: rows of the table.
        share: what was allowed.
    """
    counted = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:3]
    worst = "; ".join(f"{rows} rows where {field} is not {expected}" for (field, expected), rows in counted)
    first = bad.iloc[0]
    return QuarantineError(
        where=f"table {table}, first in row {first['row']}, field {first['field']}",
        found=f"{sum(reasons.values())} bad rows of {total} ({worst})",
        expected=f"at most {share:.1%} bad rows",
        mend="correct the export"
        + (", or allow more with --max-bad-share" if 2 * sum(reasons.values()) <= total else ""),
    )


def with_hints(refused: QuarantineError, hinted: Sequence[str]) -> QuarantineError:
    """The error of a table with too many bad rows, with what its values look like where a pattern was seen."""
    mend = "; ".join([refused.mend, *hinted])
    return QuarantineError(where=refused.where, found=refused.found, expected=refused.expected, mend=mend)


def _account_columns(
    connection: duckdb.DuckDBPyConnection,
    query: str | None,
    folder: Path,
    settings: Settings,
    trained: TrainedFacts | None,
) -> AccountColumns:
    columns = _columns(connection, "accounts")
    require_columns_of_accounts(folder, settings, extra_columns(columns))
    try:
        return account_columns(columns, settings, trained, engine.runner(connection))
    except duckdb.Error as error:
        raise query_error(connection, "accounts", error, query) from None
