"""Loading: the tables of a book, read and cleaned into a database, with what is left out of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from features import engine
from features.book.quarantine import require_typed, too_many, with_hints
from features.book.raw import column_names, columns_of, explained
from features.cleaning.blanks import Blank, blanks, totals
from features.cleaning.enumerations import (
    NAMES,
    names_sql,
    number_names,
    numbered_sql,
)
from features.cleaning.hints import hints
from features.cleaning.normalised import clean_columns, normalised_sql
from features.cleaning.repeats import (
    BAD_REPEATS,
    IDS,
    any_repeat,
    copies_of_table,
    id_of,
    placed_sql,
    repeat_words,
    tally_sql,
    tied_sql,
)
from features.cleaning.rows import typed_sql
from features.cleaning.scales import scales
from features.errors import BookError, QuarantineError

NONE_BAD = pd.DataFrame(columns=["table", "row", "field", "expected"])


def load_empty(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Creates a clean table without rows, for a table that is absent or still to be filled."""
    facts = facts or {}
    typed = typed_sql(table, "(select 1 as nothing)", present={}, facts=facts)
    connection.execute(
        f"create table {table} as {normalised_sql(table, f'({typed} where false)', list(facts))}"
    )


def load_absent(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Creates the clean table of one that the book does not have."""
    load_empty(connection, table)
    if table in NAMES:
        number_names(connection, table, [None] * len(NAMES[table]))
        _keep(connection, table, f"select * from {table}", clean_columns(table))


@dataclass(frozen=True)
class Loaded:
    """What was left out of a table: its bad rows, as in a quarantine, the blanks of others, and how to read them."""

    bad: pd.DataFrame
    blanks: list[Blank]
    hints: list[str] = field(default_factory=list)


def load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    query: str | None,
    facts: Mapping[str, str],
    max_bad_share: float,
) -> Loaded:
    """Reads and cleans a table.

    Args:
        connection: has the view ``raw_{table}``; gets ``typed_{table}`` and the clean ``{table}``.
        table: a name of the contract.
        query: what makes it, if one does.
        facts: of accounts, each ``"number"`` or ``"text"``.
        max_bad_share: the share of bad rows beyond which it is refused.

    Raises:
        BookError: the table cannot be read, or has no account.
        QuarantineError: it has more bad rows than the share.
    """
    present = columns_of(connection, table)
    try:
        loaded = _clean(
            connection,
            table,
            query,
            present,
            facts if table == "accounts" else {},
            max_bad_share,
        )
    except QuarantineError as refused:
        run = engine.runner(connection)
        asked_on = scales("typed_surveys", run) if table == "surveys" else ()
        other_scales = [
            scale.sentence for scale in asked_on if scale.likely is not None
        ]
        raise with_hints(
            refused, [*hints(table, present, run), *other_scales]
        ) from None
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
) -> Loaded:
    typed, run = f"typed_{table}", engine.runner(connection)
    view_typed(connection, table, facts)
    with explained(connection, table, query):
        total, values, names = totals(table, typed, present, run, names_sql(table))
        require_typed(table, typed, total, values, max_bad_share, run)
        if table in NAMES:
            number_names(connection, table, names)
        has_id = IDS.get(table) in present
        numbered = normalised_sql(table, typed, list(facts), numbered=True)
        unused = "row, id" if table in IDS and not has_id else "row"
        kept = clean_columns(table, list(facts))
        rows = f"select * exclude ({unused}) from ({numbered})"
        _keep(connection, table, rows, ["id", *kept] if has_id else kept)
    good = int(engine.single(connection, f"select count(*) from {table}"))
    bad = NONE_BAD if good == total else _bad_rows(connection, table)
    _require_few(table, bad, total, max_bad_share)
    if table == "accounts" and not good:
        raise BookError(
            where="table accounts",
            found="no good row",
            expected="at least one account",
            mend="add some",
        )
    aside = _set_repeats_aside(connection, table, numbered, has_id)
    faulty = pd.concat(
        [bad, aside[aside["expected"].isin(BAD_REPEATS)]], ignore_index=True
    )
    _require_few(table, faulty, total, max_bad_share)
    lost = blanks(table, typed, values, run)
    return Loaded(pd.concat([bad, aside], ignore_index=True), lost)


def view_typed(
    connection: duckdb.DuckDBPyConnection, table: str, facts: Mapping[str, str] = {}
) -> None:
    """Makes the view ``typed_{table}`` of ``raw_{table}``."""
    present = columns_of(connection, table)
    typed = typed_sql(table, f"raw_{table}", present, facts)
    connection.execute(f"create view typed_{table} as {typed}")


def _require_few(table: str, bad: pd.DataFrame, total: int, share: float) -> None:
    if len(bad) > share * total:
        raise too_many(
            table,
            bad,
            Counter(zip(bad["field"], bad["expected"], strict=True)),
            total,
            share,
        )


def _keep(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: str,
    columns: Sequence[str],
) -> None:
    """Makes a clean table of clean rows, in the form of `features.cleaning.enumerations` where it has one."""
    if table in NAMES:
        rows = numbered_sql(table, rows, columns)
    connection.execute(f"create or replace table {table} as {rows}")


def _bad_rows(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    split = "split_part(problem, ': ', 1) as field, split_part(problem, ': ', 2) as expected"
    query = f"select '{table}' as \"table\", row, {split} from typed_{table} where problem is not null order by row"
    return connection.execute(query).df()


def _set_repeats_aside(
    connection: duckdb.DuckDBPyConnection, table: str, numbered: str, has_id: bool
) -> pd.DataFrame:
    """Leaves one of rows that are the same in a clean table, and gives the others as in a quarantine."""
    columns = [
        name
        for name in column_names(connection, table)
        if name != '"account"' and not (has_id and name == '"id"')
    ]
    told_apart = (
        table in NAMES and not has_id and not engine.single(connection, tied_sql(table))
    )
    if told_apart:
        return NONE_BAD
    id_ = id_of(table) if has_id or table not in IDS else "null"
    tally = connection.execute(tally_sql(table, table, columns, id_)).fetchall()
    if not any_repeat(tally):
        if has_id:
            connection.execute(f"alter table {table} drop column id")
        return NONE_BAD
    connection.execute(
        f"create temp table placed as {placed_sql(table, numbered, columns, copies_of_table(tally))}"
    )
    _keep(
        connection,
        table,
        f"select {', '.join(columns)} from placed where repeated is null",
        [name.strip('"') for name in columns],
    )
    aside = connection.execute(
        "select row, repeated from placed where repeated is not null order by row"
    ).fetchall()
    connection.execute("drop table placed")
    return pd.DataFrame(
        [(table, row, *repeat_words(table, why)) for row, why in aside],
        columns=NONE_BAD.columns,
    )
