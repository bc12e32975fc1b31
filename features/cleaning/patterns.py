"""What times, numbers and ids look like that cannot be read, and the SQL that reads them.

Nothing is guessed: 03/04/2024 may be a day in March or in April. What was seen is told as a pattern, without a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
AMOUNT = re.compile(r"[^\d.,-]{0,5}[\d.,-]+[^\d.,-]{0,5}")
_MINUS = re.compile(r".*\(.*\d.*\).*|.*\d *-|[\u2212\u2013].*\d.*")
_SIGNS = re.compile(r"[^\d.,-]+")


def time_pattern(column: str, values: list[str]) -> str | None:
    """How a column's times are written and the SQL that reads them, as a sentence; None where no pattern fits."""
    for pattern, shown, sql in _OF_DIGITS:
        if fit(re.compile(pattern), values):
            return _sentence(column, shown, sql.format(column))
    days = fit(_DAYS, values)
    if days:
        return _of_days(column, days)
    named = fit(_NAMED_MONTH, values)
    if named:
        mark, long = named[0]["mark"], any(len(found["month"]) > 3 for found in named)
        form = f"%d{mark}{'%B' if long else '%b'}{mark}{_year(named)}{_clock(named)}"
        shown = f"DD{mark}{'Month' if long else 'Mon'}{mark}{'YYYY' if _year(named) == '%Y' else 'YY'}"
        return _sentence(column, shown, f"strptime({column}, '{form}')")
    month_first = fit(_MONTH_FIRST, values)
    if month_first:
        long = any(len(found["month"]) > 3 for found in month_first)
        form = f"{'%B' if long else '%b'} %d, %Y{_clock(month_first)}"
        return _sentence(
            column,
            f"{'Month' if long else 'Mon'} DD, YYYY",
            f"strptime({column}, '{form}')",
        )
    if fit(_ISO_WITH_ZONE, values):
        sql = f"strptime({column}, '%Y-%m-%d %H:%M:%S %z')"
        return _sentence(column, "YYYY-MM-DD hh:mm:ss and a zone after a blank", sql)
    iso = fit(_ISO_BUT_FOR_HALVES, values)
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


def number_pattern(column: str, values: list[str]) -> str | None:
    """As `time_pattern`, of numbers."""
    minus = [value for value in values if _MINUS.fullmatch(value)]
    if minus:
        return f"{column} has numbers below zero as (9.99), 9.99- or with another dash: write them as -9.99"
    bare = [_SIGNS.sub("", value) for value in values]
    source = (
        column if bare == values else f"regexp_replace({column}, '[^0-9.,-]', '', 'g')"
    )
    beside = "" if bare == values else " beside signs that are no digits"
    if fit(_THOUSANDS, bare):
        thousands, decimals = (
            f"try_cast(replace({source}, ',', '{by}') as double)" for by in ("", ".")
        )
        return (
            f"{column} looks like 9,999{beside}, of which the comma may part thousands or decimals: "
            f"write {thousands} or {decimals} in a query of book.toml"
        )
    for pattern, shown, sql in _NUMBERS:
        if fit(re.compile(pattern), bare):
            return _sentence(column, shown + beside, sql.format(source))
    return None


def fit(pattern: re.Pattern[str], values: Iterable[str]) -> list[re.Match[str]]:
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
