"""What times, numbers and ids look like that cannot be read, and the SQL that reads them.

Nothing is guessed: 03/04/2024 may be a day in March or in April. What was seen is told as a pattern, without a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from features.cleaning.rows import EARLIEST_YEAR, LATEST_YEAR, text_sql
from features.engine import DUCKDB, Dialect
from features.vocabulary.contract import TABLES, Column
from features.vocabulary.names import Query

LOOKED_AT = 5000
"""Different values of a column that are looked at."""
MOST = 0.9
"""The share of them that a pattern must fit."""

_CLOCK = r"(?P<clock>[ T]\d{1,2}:\d\d(?P<seconds>:\d\d)?(?P<half> ?[AaPp][Mm])?)?"
_DAYS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)"
    + _CLOCK
)
_NAMED_MONTH = re.compile(
    r"\d{1,2}(?P<mark>[ -])(?P<month>[A-Za-z]{3,9})(?P=mark)(?P<year>\d{4}|\d\d)"
    + _CLOCK
)
_MONTH_FIRST = re.compile(r"(?P<month>[A-Za-z]{3,9}) \d{1,2}, (?P<year>\d{4})" + _CLOCK)
_ISO_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:?\d\d")
_ISO_BUT_FOR_HALVES = re.compile(
    r"\d{4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{1,2}" + _CLOCK
)
_OF_DIGITS = (
    (
        r"(19|20)\d\d(0[1-9]|1[0-2])[0-3]\d",
        "YYYYMMDD",
        "strptime(cast({0} as varchar), '%Y%m%d')",
    ),
    (
        r"(19|20)\d\d(0[1-9]|1[0-2])[0-3]\dT\d{6}Z?",
        "YYYYMMDDThhmmss",
        "strptime(rtrim({0}, 'Z'), '%Y%m%dT%H%M%S')",
    ),
    (r"\d{9,10}(\.0*)?", "seconds since 1970", "to_timestamp(cast({0} as bigint))"),
    (r"\d{9,10}(\.\d+)?", "seconds since 1970", "to_timestamp(cast({0} as double))"),
    (r"\d{12,13}(\.0*)?", "milliseconds since 1970", "epoch_ms(cast({0} as bigint))"),
    (
        r"\d{15,16}(\.0*)?",
        "microseconds since 1970",
        "make_timestamp(cast({0} as bigint))",
    ),
    (
        r"[2-7]\d{4}(\.0*)?",
        "Excel's count of days",
        "date '1899-12-30' + cast({0} as integer)",
    ),
    (
        r"[2-7]\d{4}(\.\d+)?",
        "Excel's count of days",
        "timestamp '1899-12-30' + to_microseconds(cast(cast({0} as double) * 86400000000 as bigint))",
    ),
)
_NUMBERS = (
    (
        r"-?\d{1,3}(\.\d{3})+,\d+",
        "9.999,99",
        "try_cast(replace(replace({0}, '.', ''), ',', '.') as double)",
    ),
    (
        r"-?\d{1,3}(,\d{3})+\.\d+",
        "9,999.99",
        "try_cast(replace({0}, ',', '') as double)",
    ),
    (
        r"-?\d+,\d+",
        "9,99, a decimal comma",
        "try_cast(replace({0}, ',', '.') as double)",
    ),
    (r"-?\d+(\.\d+)?", "9.99", "try_cast({0} as double)"),
)
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")
_AMOUNT = re.compile(r"[^\d.,-]{0,5}[\d.,-]+[^\d.,-]{0,5}")
_MINUS = re.compile(r".*\(.*\d.*\).*|.*\d *-|[\u2212\u2013].*\d.*")
_SIGNS = re.compile(r"[^\d.,-]+")

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
                    (_time if column.type == "time" else _number)(column.name, values)
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
        amounts = _fit(_AMOUNT, (str(value) for (value,) in rows))
        said.append(_number(fact, [amount.group() for amount in amounts]))
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


def _time(column: str, values: list[str]) -> str | None:
    for pattern, shown, sql in _OF_DIGITS:
        if _fit(re.compile(pattern), values):
            return _sentence(column, shown, sql.format(column))
    days = _fit(_DAYS, values)
    if days:
        return _of_days(column, days)
    named = _fit(_NAMED_MONTH, values)
    if named:
        mark, long = named[0]["mark"], any(len(found["month"]) > 3 for found in named)
        form = f"%d{mark}{'%B' if long else '%b'}{mark}{_year(named)}{_clock(named)}"
        shown = f"DD{mark}{'Month' if long else 'Mon'}{mark}{'YYYY' if _year(named) == '%Y' else 'YY'}"
        return _sentence(column, shown, f"strptime({column}, '{form}')")
    month_first = _fit(_MONTH_FIRST, values)
    if month_first:
        long = any(len(found["month"]) > 3 for found in month_first)
        form = f"{'%B' if long else '%b'} %d, %Y{_clock(month_first)}"
        return _sentence(
            column,
            f"{'Month' if long else 'Mon'} DD, YYYY",
            f"strptime({column}, '{form}')",
        )
    if _fit(_ISO_WITH_ZONE, values):
        sql = f"strptime({column}, '%Y-%m-%d %H:%M:%S %z')"
        return _sentence(column, "YYYY-MM-DD hh:mm:ss and a zone after a blank", sql)
    iso = _fit(_ISO_BUT_FOR_HALVES, values)
    if iso and (iso[0]["half"] or iso[0]["mark"] == "."):
        mark = iso[0]["mark"]
        shown = f"YYYY{mark}MM{mark}DD" + (" with am and pm" if iso[0]["half"] else "")
        return _sentence(
            column, shown, f"strptime({column}, '%Y{mark}%m{mark}%d{_clock(iso)}')"
        )
    return None


def _of_days(column: str, found: list[re.Match[str]]) -> str | None:
    mark, year = found[0]["mark"], "YYYY" if _year(found) == "%Y" else "YY"
    day_first, month_first = (
        (
            f"{one}{mark}{two}{mark}{year}",
            f"strptime({column}, '{ones}{mark}{twos}{mark}{_year(found)}{_clock(found)}')",
        )
        for one, two, ones, twos in (("DD", "MM", "%d", "%m"), ("MM", "DD", "%m", "%d"))
    )
    firsts, seconds = (
        max(int(match["first"]) for match in found),
        max(int(match["second"]) for match in found),
    )
    if firsts > 12 and seconds > 12:
        return None
    if firsts > 12 or seconds > 12:
        return _sentence(column, *(day_first if firsts > 12 else month_first))
    return (
        f"{column} looks like {day_first[0]} or {month_first[0]}, which its values do not tell apart: "
        f"write {day_first[1]} or {month_first[1]} in a query of book.toml"
    )


def _number(column: str, values: list[str]) -> str | None:
    minus = [value for value in values if _MINUS.fullmatch(value)]
    if minus:
        return f"{column} has numbers below zero as (9.99), 9.99- or with another dash: write them as -9.99"
    bare = [_SIGNS.sub("", value) for value in values]
    source = (
        column if bare == values else f"regexp_replace({column}, '[^0-9.,-]', '', 'g')"
    )
    beside = "" if bare == values else " beside signs that are no digits"
    if _fit(_THOUSANDS, bare):
        thousands, decimals = (
            f"try_cast(replace({source}, ',', '{by}') as double)" for by in ("", ".")
        )
        return (
            f"{column} looks like 9,999{beside}, of which the comma may part thousands or decimals: "
            f"write {thousands} or {decimals} in a query of book.toml"
        )
    for pattern, shown, sql in _NUMBERS:
        if _fit(re.compile(pattern), bare):
            return _sentence(column, shown + beside, sql.format(source))
    return None


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


def _fit(pattern: re.Pattern[str], values: Iterable[str]) -> list[re.Match[str]]:
    """The values as a pattern has them, if it fits most of them."""
    values = list(values)
    found = [match for match in map(pattern.fullmatch, values) if match]
    return found if values and len(found) >= MOST * len(values) else []


def _year(found: list[re.Match[str]]) -> str:
    return "%Y" if len(found[0]["year"]) == 4 else "%y"


def _clock(found: list[re.Match[str]]) -> str:
    first = found[0]
    if first["clock"] is None:
        return ""
    hours = "%I" if first["half"] else "%H"
    half = f"{first['half'][:-2]}%p" if first["half"] else ""
    return f"{first['clock'][0]}{hours}:%M{':%S' if first['seconds'] else ''}{half}"


def _sentence(column: str, shown: str, sql: str) -> str:
    return f"{column} looks like {shown}: write {sql} in a query of book.toml"
