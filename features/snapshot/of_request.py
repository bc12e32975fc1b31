"""A live book: the accounts of one request, measured by the same statement as a whole book.

The tables are made once and the statement is prepared once; a request fills them, reads the snapshot, and the next one
empties them. Its rows go through the same cleaning as a book's; a bad one is an error that names its place.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from features import engine
from features.book.loading import load_empty
from features.book.raw import column_names
from features.cleaning.normalised import normalised_sql
from features.cleaning.repeats import may_repeat_sql, placed_sql
from features.cleaning.rows import typed_sql
from features.cleaning.values import blank, blankable, expected_of
from features.errors import RowError
from features.past.declaration import Feature
from features.past.few_accounts import ledger_of
from features.snapshot.measuring import measure
from features.themes.dictionary import FEATURES
from features.vocabulary.contract import TABLES
from features.vocabulary.names import UnknownNames, unknown_names, unknown_sql
from features.vocabulary.vocabularies import VOCABULARIES, Vocabulary

Rows = Sequence[Mapping[str, object]]

ASKED = ("accounts", "interactions", "surveys", "reps", "markets")
"""The tables that a request may hold, the accounts first."""

_TYPES = {
    "text": "varchar",
    "time": "timestamptz",
    "number": "double",
    "flag": "boolean",
}


_AT_ONCE = 1_000
"""Rows handed over in one statement, during which no other thread of Python goes on."""


@dataclass(frozen=True)
class Measured:
    """What was known of the accounts of a request.

    Attributes:
        frame: a row per account, sorted by account, as `features.snapshot.frame.snapshot` gives them.
        unknown: names in the request that no vocabulary has, see `features.vocabulary.names`.
    """

    frame: pd.DataFrame
    unknown: tuple[UnknownNames, ...]


class LiveBook:
    """Measures the accounts of one request at a time; requests of several threads wait for each other.

    Args:
        facts: facts of the accounts that the models read, each ``"number"`` or ``"text"``.
        features: which features.
        vocabularies: in which names are looked up.
    """

    def __init__(
        self,
        facts: Mapping[str, str],
        features: Mapping[str, Feature] = FEATURES,
        vocabularies: Sequence[Vocabulary] = VOCABULARIES,
    ) -> None:
        self._facts = dict(facts)
        self._lock = threading.Lock()
        self._connection = engine.connect(threads=1)
        self._rows = engine.runner(self._connection)
        # A request has few rows: what it takes is set by the number of columns, and most of that was optimising.
        self._connection.execute("pragma disable_optimizer")
        for table in TABLES:
            load_empty(
                self._connection, table, self._facts if table == "accounts" else None
            )
        self._raw = {table: self._make_raw(table) for table in ASKED}
        self._features = features
        self._vocabularies = vocabularies
        self._connection.execute(
            f"prepare unknown_names as {unknown_sql(vocabularies)}"
        )

    def snapshot(self, as_of: int, tables: Mapping[str, Rows]) -> pd.DataFrame:
        """The frame alone of `measure`."""
        return self.measure(as_of, tables).frame

    def measure(self, as_of: int, tables: Mapping[str, Rows]) -> Measured:
        """What was known of the accounts of a request at an as-of date.

        Args:
            as_of: in microseconds since 1970.
            tables: rows by table of `ASKED`, each a mapping from column to value; ``accounts`` with their facts.

        Raises:
            RowError: a row breaks the contract.
        """
        with self._lock:
            self._empty()
            for table in ASKED:
                if tables.get(table):
                    self._fill(table, tables[table])
            _require_once("accounts", tables.get("accounts", ()), "account_id")
            _require_once("reps", tables.get("reps", ()), "rep_id")
            clean = {
                table: self._connection.execute(f"select * from {table}").df()
                for table in ASKED
            }
            unknown = unknown_names(
                "execute unknown_names", self._rows, self._vocabularies
            )
        return Measured(self._frame(as_of, clean), unknown)

    def _frame(self, as_of: int, clean: dict[str, pd.DataFrame]) -> pd.DataFrame:
        accounts = clean["accounts"].sort_values("account_id", ignore_index=True)
        clean["accounts"] = accounts
        count = len(accounts)
        measured = measure(
            ledger_of(clean), np.arange(count), np.full(count, as_of), self._features
        )
        keys = pd.DataFrame({"account_id": accounts["account_id"], "as_of_us": as_of})
        return pd.concat(
            [keys, pd.DataFrame(measured), accounts[list(self._facts)]], axis=1
        )

    def _make_raw(self, table: str) -> dict[str, str]:
        facts = self._facts if table == "accounts" else {}
        types = {column.name: _TYPES[column.type] for column in TABLES[table].columns}
        types |= {name: _TYPES[type_] for name, type_ in facts.items()}
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        self._connection.execute(f"create table raw_{table} ({columns})")
        typed = typed_sql(table, f"raw_{table}", types, facts)
        self._connection.execute(f"create table typed_{table} as {typed}")
        self._connection.execute(
            f"prepare read_{table} as insert into typed_{table} {typed}"
        )
        self._prepare_clean(table, list(facts), types)
        return types

    def _prepare_clean(
        self, table: str, facts: Sequence[str], present: Mapping[str, str]
    ) -> None:
        self._connection.execute(
            f"prepare look_at_{table} as {_look_sql(table, present)}"
        )
        clean = normalised_sql(table, f"typed_{table}", facts)
        self._connection.execute(
            f"prepare clean_{table} as insert into {table} {clean}"
        )
        columns = column_names(self._connection, table)
        placed = placed_sql(
            table,
            normalised_sql(table, f"typed_{table}", facts, numbered=True),
            columns,
        )
        once = f"select {', '.join(columns)} from ({placed}) where repeated is null"
        self._connection.execute(
            f"prepare clean_once_{table} as insert into {table} {once}"
        )

    def _empty(self) -> None:
        for table in ASKED:
            for stage in ("raw_", "typed_", ""):
                self._connection.execute(f"truncate {stage}{table}")

    def _fill(self, table: str, rows: Rows) -> None:
        types = self._raw[table]
        unnested = ", ".join(
            f"unnest(${place}::{type_}[])"
            for place, type_ in enumerate(types.values(), start=1)
        )
        try:
            for first in range(0, len(rows), _AT_ONCE):
                columns = [
                    [row.get(column) for row in rows[first : first + _AT_ONCE]]
                    for column in types
                ]
                self._connection.execute(
                    f"insert into raw_{table} select {unnested}", columns
                )
        except duckdb.Error:
            raise _unreadable(table, types, rows) from None
        self._connection.execute(f"execute read_{table}")
        ((row, problem, may_repeat),) = self._rows(f"execute look_at_{table}")
        if problem is not None:
            field, expected = problem.split(": ", 1)
            raise RowError(table, row, field, expected=expected)
        self._connection.execute(
            f"execute {'clean_once' if may_repeat else 'clean'}_{table}"
        )


def _look_sql(table: str, present: Mapping[str, str]) -> str:
    """The first bad row of a typed table, its problem, and whether rows may be the same; what a book blanks is bad."""
    lost = [
        f"when {blank(c)} then '{c.name}: {expected_of(c)}'"
        for c in blankable(table, present)
    ]
    problem = f"case when problem is not null then problem {' '.join(lost)} end"
    bad = "case when problem is not null then row end"
    return f"""select min({bad}), min_by(problem, {bad}), {may_repeat_sql(table)}
        from (select * replace ({problem} as problem) from typed_{table})"""


def _require_once(table: str, rows: Rows, key: str) -> None:
    seen: set[object] = set()
    for number, row in enumerate(rows, start=1):
        if row[key] in seen:
            raise RowError(table, number, key, expected="each of them once")
        seen.add(row[key])


def _unreadable(table: str, types: Mapping[str, str], rows: Rows) -> RowError:
    """The error of rows of which one holds a value that cannot be read as its column's type."""
    connection = engine.connect(threads=1)
    for number, row in enumerate(rows, start=1):
        for column, type_ in types.items():
            try:
                connection.execute(
                    f"select count($1::{type_})", [row.get(column)]
                ).fetchall()
            except duckdb.Error:
                return RowError(table, number, column, expected=f"a {type_}")
    return RowError(table, 1, "row", expected="values of one type in each column")
