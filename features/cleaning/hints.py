"""Hints: what values that cannot be read look like, and how they can be read, told of the columns of a raw table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from features.cleaning.patterns import AMOUNT, fit, number_pattern, time_pattern
from features.cleaning.values import EARLIEST_YEAR, LATEST_YEAR, text_sql
from features.engine import DUCKDB, Dialect, Query
from features.vocabulary.contract import TABLES, Column

LOOKED_AT = 5000
"""Different values of a column that are looked at."""


_SAME_ID = {
    "end in .0": (
        "regexp_replace({}, '[.]0+$', '')",
        "cast(try_cast({} as double) as bigint)",
    ),
    "have zeros in front": ("ltrim({}, '0')", "ltrim({}, '0')"),
    "are in other letters, upper or lower": ("lower({})", "lower({})"),
}


def hints(
    table: str, present: Mapping[str, str], run: Query, dialect: Dialect = DUCKDB
) -> list[str]:
    """A sentence for each column of a raw table of which a pattern was seen among the values that cannot be read.

    Args:
        table: a name of the contract, whose raw rows are in the relation ``raw_{table}``.
        present: the columns that it has, each with its SQL type.
        run: gives the rows of a query.
        dialect: of the engine.
    """
    said = []
    for column in TABLES[table].columns:
        if column.name in present and column.type in ("time", "number"):
            values = [
                str(value)
                for (value,) in run(
                    _unread(table, column, present[column.name], dialect)
                )
            ]
            said += [
                pattern
                for pattern in [
                    (time_pattern if column.type == "time" else number_pattern)(
                        column.name, values
                    )
                ]
                if pattern
            ]
    if table != "accounts" and "account_id" in present:
        said += _ids(table, run, dialect)
    return said


def fact_hints(
    facts: Sequence[str], run: Query, dialect: Dialect = DUCKDB
) -> list[str]:
    """A sentence for each fact of the accounts of which nearly all values are numbers written with commas.

    Args:
        facts: those that were not read as numbers; the raw accounts are in the relation ``raw_accounts``.
        run: gives the rows of a query.
        dialect: of the engine.
    """
    if not facts:
        return []
    commas = ", ".join(
        f"max(cast({dialect.quoted(fact)} as {dialect.text}) like '%,%')"
        for fact in facts
    )
    ((*has_comma,),) = run(f"select {commas} from raw_accounts")
    said = []
    for fact in (fact for fact, has in zip(facts, has_comma, strict=True) if has):
        text = text_sql(dialect.quoted(fact), dialect)
        rows = run(
            f"select distinct {text} from raw_accounts where {text} is not null limit {LOOKED_AT}"
        )
        amounts = fit(AMOUNT, (str(value) for (value,) in rows))
        said.append(number_pattern(fact, [amount.group() for amount in amounts]))
    return [sentence for sentence in said if sentence]


def _unread(table: str, column: Column, type_: str, dialect: Dialect) -> str:
    name = dialect.quoted(column.name)
    if column.type == "number":
        unread = f"{dialect.number(name, type_)} is null"
    else:
        moment = dialect.utc(name, type_)
        unread = f"{moment} is null or year({moment}) not between {EARLIEST_YEAR} and {LATEST_YEAR}"
    text = text_sql(name, dialect)
    return f"select distinct {text} as v from raw_{table} where {text} is not null and ({unread}) limit {LOOKED_AT}"


def _ids(table: str, run: Query, dialect: Dialect) -> list[str]:
    mine, said = text_sql("account_id", dialect), []
    strangers = f"""
        select id from (select {mine} as id from raw_{table}) as raw left join accounts on account_id = id
        where account_id is null"""
    for how, (same, mend) in _SAME_ID.items():
        accounts = f"select {same.format('account_id')} from accounts"
        query = f"select count(*) from ({strangers}) as strangers where {same.format('id')} in ({accounts})"
        ((alike,),) = run(query)
        if alike:
            said.append(
                f"account_id: {alike:,} ids are those of accounts but that one or the other {how}: "
                f"write {mend.format('account_id')} in queries of book.toml, for accounts and {table} alike"
            )
    return said
