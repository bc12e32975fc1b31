"""Loading on Spark: a table read and cleaned into a view, with what is left out of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.book.quarantine import require_typed, too_many, with_hints
from features.book.spark.rows import rows_of
from features.cleaning.blanks import Blank, blanks, totals
from features.cleaning.hints import hints
from features.cleaning.normalised import normalised_sql
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
from features.cleaning.rows import typed_sql
from features.engine import SPARK
from features.errors import QuarantineError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


BAD_ROWS_KEPT = 1000
"""How many bad rows of a table are named; all are counted."""


@dataclass(frozen=True)
class SparkLoaded:
    """A table that has been made: its good rows, the first bad ones as in a quarantine, the number of all, blanks."""

    rows: int
    bad: pd.DataFrame
    counted: pd.DataFrame
    blanks: list[Blank]


def load_on_spark(
    session: SparkSession,
    table: str,
    source: DataFrame,
    facts: Mapping[str, str],
    max_bad_share: float,
) -> SparkLoaded:
    """Reads and cleans a table into the view of its name.

    Args:
        session: gets ``raw_{table}``, ``typed_{table}`` and the clean ``{table}``.
        table: a name of the contract.
        source: the table as Spark reads it.
        facts: of accounts, each ``"number"`` or ``"text"``.
        max_bad_share: the share of bad rows beyond which it is refused.

    Raises:
        QuarantineError: it has more bad rows than the share.
    """
    try:
        return _clean(session, table, source, facts, max_bad_share)
    except QuarantineError as refused:
        seen = hints(
            table,
            dict(source.dtypes),
            functools.partial(rows_of, session, table),
            SPARK,
        )
        raise with_hints(refused, seen) from None


def _clean(
    session: SparkSession,
    table: str,
    source: DataFrame,
    facts: Mapping[str, str],
    max_bad_share: float,
) -> SparkLoaded:
    """Makes a clean table: of good rows, one of those that say the same or have the same key."""
    source.createOrReplaceTempView(f"raw_{table}")
    typed = typed_sql(table, f"raw_{table}", dict(source.dtypes), facts, SPARK)
    session.sql(typed).createOrReplaceTempView(f"typed_{table}")
    run = functools.partial(rows_of, session, table)
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
    return SparkLoaded(
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
        (*problem.split(": ", 1), n) for problem, n in rows_of(session, table, of_bad)
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
    tally = rows_of(
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
        rows_of(session, table, f"select repeated, count(*) {others} group by repeated")
    )
    numbered.unpersist()
    return (
        [(row, *repeat_words(table, why)) for row, why in first],
        [(*repeat_words(table, why), n) for why, n in counted],
    )


def _first(session: SparkSession, table: str, query: str) -> list[tuple[Any, ...]]:
    return rows_of(session, table, f"{query} order by row limit {BAD_ROWS_KEPT}")
