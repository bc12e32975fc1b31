"""Repeats: which rows of a table are the same, as SQL for a book, on Spark and of a request alike (docs/adr/0015).

A row with an id is told by it: of rows with one id the latest known stays. Without an id, rows that say the same in
every column are one where they carry a time of day. Where they carry a date only, which is midnight in UTC, each is one
for itself: two purchases of one amount on one day are two. The exception is a table that is there several times over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd

from features.engine import DUCKDB, MICROS_PER_DAY, Dialect, indented

KEYS = {
    "accounts": "account_id",
    "reps": "rep_id",
    "labels": "account_id",
    "facts": "known_at",
    "merges": "from_id",
}
"""Of the tables that have a row for each of something, or for each moment of it: the field that tells a repeat."""

_CHANGES = "concat(account_id, '\x1f', name, '\x1f', cast(known_us as {text}))"
"""A change of a fact: of two values of one moment nothing tells which holds."""

IDS = {
    "interactions": "interaction_id",
    "surveys": "survey_id",
    "departures": "departure_id",
    "outcomes": "outcome_id",
}
"""The optional ids of the tables of what happened."""

DIFFERENT_ROWS = 10
"""So many different rows that are all there equally often are a table twice over, and no chance."""


_AGAIN, _WHOLE, _SAME = "each id once", "each file once", "each row once"
ONE_OF_AN_ID = "one row for each id"
"""What was expected of a row that says something else than another one of its id."""

BAD_REPEATS = (ONE_OF_AN_ID, _SAME)
"""What was expected of repeats with which something may be lost: they count towards the share of bad rows."""


def repeat_words(table: str, repeated: str) -> tuple[str, str]:
    """The field of a row that is set aside, and what was expected of it, as in a quarantine."""
    by_id = repeated in (_AGAIN, ONE_OF_AN_ID)
    return (KEYS.get(table) or IDS[table]) if by_id else "row", repeated


def id_of(table: str, dialect: Dialect = DUCKDB) -> str:
    """What tells repeats of a table, as SQL over clean rows that have their ``id`` beside them."""
    if table == "facts":
        return _CHANGES.format(text=dialect.text)
    return KEYS.get(table) or (
        "id" if table in IDS else f"cast(null as {dialect.text})"
    )


def tally_sql(
    table: str, rows: str, columns: Sequence[str], id_: str, dialect: Dialect = DUCKDB
) -> str:
    """SQL that counts how often rows are there: ``told`` by id, time or date, ``copies``, and ``different`` rows.

    Args:
        table: a name of the contract.
        rows: the relation of clean rows.
        columns: the columns by which rows without an id are compared.
        id_: what tells repeats, as SQL.
        dialect: of the engine.
    """
    return f"""\
select
    told,
    copies,
    count(*) as different
from (
    select
        told,
        count(*) as copies
    from (
        select
            case
                when {id_} is not null then 'id'
                when {_dated(table)} then 'date'
                else 'time'
            end as told,
            case
                when {id_} is not null then {dialect.hash([id_])}
                else {dialect.hash(columns)}
            end as same
        from {rows}
    ) as hashed
    group by told, same
) as counted
group by told, copies"""


def tied_sql(rows: str) -> str:
    """SQL that counts the rows of a relation in order of account and moment that have both of the row before."""
    return f"""\
select count(*)
from (
    select
        account_id,
        occurred_us,
        lag(account_id) over () as account_before,
        lag(occurred_us) over () as occurred_before
    from {rows}
) as paired
where account_id = account_before and occurred_us = occurred_before"""


def copies_of_table(tally: Iterable[tuple[str, int, int]]) -> int:
    """How many times over a table is there, by what `tally_sql` counts of it: 1 unless all rows without an id tell."""
    without_id = [
        (copies, different) for told, copies, different in tally if told != "id"
    ]
    if sum(different for _, different in without_id) < DIFFERENT_ROWS:
        return 1
    return gcd(*(copies for copies, _ in without_id))


def any_repeat(tally: Iterable[tuple[str, int, int]]) -> bool:
    """Whether any row is to be set aside, by what `tally_sql` counts of a table."""
    tally = list(tally)
    return copies_of_table(tally) > 1 or any(
        copies > 1 for told, copies, _ in tally if told != "date"
    )


def placed_sql(
    table: str,
    numbered: str,
    columns: Sequence[str],
    copies: int = 1,
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL giving clean rows with why they are ``repeated``: what was expected, null for those that stay.

    Args:
        table: a name of the contract.
        numbered: the clean rows with their ``row`` and ``id``, see `features.cleaning.normalised.normalised_sql`.
        columns: the columns by which rows without an id are compared.
        copies: how many times over the table is there.
        dialect: of the engine.
    """
    id_, dated = id_of(table, dialect), _dated(table)
    order = ", ".join(f"{column} nulls last" for column in columns)
    latest = f"known_us desc, {order}" if table in (*IDS, "merges") else order
    return f"""\
select
    *,
    case
        when {id_} is not null and nth_of_id > 1 and nth_same > 1 then '{_AGAIN}'
        when {id_} is not null and nth_of_id > 1 then '{ONE_OF_AN_ID}'
        when {id_} is null and (nth_same - 1) % {copies} > 0 then '{_WHOLE}'
        when {id_} is null and nth_same > 1 and not {dated} then '{_SAME}'
    end as repeated
from (
    select
        *,
        row_number() over (
            partition by {id_}, {", ".join(columns)}
            order by row
        ) as nth_same,
        row_number() over (
            partition by {id_}, case when {id_} is null then row end
            order by {latest}, row
        ) as nth_of_id
    from (
        {indented(numbered, 8)}
    ) as numbered
) as counted"""


def _dated(table: str) -> str:
    """Condition: the row carries a date only."""
    return f"(occurred_us % {MICROS_PER_DAY} = 0)" if table in IDS else "false"
