"""Words: numbers as people write them, in the sayings of features."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from features.past.saying import FORMATS

WEEK, MONTH, YEAR = 7, 365.25 / 12, 365.25
"""In days."""


def days(value: float) -> str:
    """A span of days.

    Example:
        >>> [days(value) for value in (1, 12, 21, 53, 92, 365, 800)]
        ['1 day', '12 days', '3 weeks', '53 days', '3 months', 'a year', '2 years']
    """
    whole = round(value)
    if whole >= 2 * YEAR - 15:
        return f"{round(whole / YEAR)} years"
    months = round(whole / MONTH)
    if months == 12:
        return "a year"
    if whole >= 60:
        return f"{months} months"
    if whole >= 2 * WEEK and whole % WEEK == 0:
        return f"{whole // WEEK} weeks"
    return _counted(whole, "day")


def every(value: float) -> str:
    """How often something comes, by the days between.

    Example:
        >>> every(0.4), every(12), every(7)
        ('every day', 'every 12 days', 'every week')
    """
    whole = max(round(value), 1)
    single = {1: "every day", WEEK: "every week"}
    return single.get(whole, f"every {days(whole)}").replace(
        "every a year", "every year"
    )


def ago(value: float) -> str:
    """How long ago something was, in days.

    Example:
        >>> ago(0), ago(1), ago(12)
        ('today', 'yesterday', '12 days ago')
    """
    whole = round(value)
    near = {0: "today", 1: "yesterday"}
    return near.get(whole, f"{days(whole)} ago")


def times(value: float) -> str:
    """How often.

    Example:
        >>> times(1), times(2), times(1250)
        ('once', 'twice', '1,250 times')
    """
    whole = round(value)
    few = {1: "once", 2: "twice"}
    return few.get(whole, f"{whole:,} times")


def money(value: float) -> str:
    """An amount, without cents from 10 on.

    Example:
        >>> money(1250.4), money(2.5)
        ('1,250', '2.50')
    """
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.2f}"


def percent(value: float) -> str:
    """A share.

    Example:
        >>> percent(0.123), percent(0.002), percent(1.0)
        ('12%', 'less than 1%', '100%')
    """
    return "less than 1%" if 0 < value < 0.005 else f"{value:.0%}"


def points(value: float) -> str:
    """A score, or how many on average, to one decimal.

    Example:
        >>> points(4.0), points(3.25), points(-1.5)
        ('4', '3.2', '-1.5')
    """
    return f"{value:.1f}".removesuffix(".0")


def minutes(value: float) -> str:
    """A duration in minutes.

    Example:
        >>> minutes(1), minutes(45), minutes(150)
        ('1 minute', '45 minutes', '2.5 hours')
    """
    return hours(value / 60) if value >= 90 else _counted(round(value), "minute")


def hours(value: float) -> str:
    """A duration in hours.

    Example:
        >>> hours(0.5), hours(1), hours(5.5), hours(72)
        ('30 minutes', '1 hour', '5.5 hours', '3 days')
    """
    if value < 0.75:
        return _counted(round(value * 60), "minute")
    if value >= 48:
        return days(value / 24)
    number = points(value) if value < 10 else f"{value:.0f}"
    return f"{number} hour" if number == "1" else f"{number} hours"


def size(value: float) -> str:
    """A number of points without its sign.

    Example:
        >>> size(-1.5)
        '1.5'
    """
    return points(abs(value))


_WORDED: Mapping[str, Callable[[float], str]] = dict(
    zip(
        FORMATS,
        (days, every, ago, times, money, percent, points, minutes, hours, size),
        strict=True,
    )
)


def worded(value: Any, spec: str) -> str:
    """A value in one of the formats."""
    return _WORDED[spec](value) if spec in _WORDED else format(value, spec)


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return worded(value, format_spec)


_formatter = _Formatter()


def told(words: str, named: Mapping[str, Any]) -> str:
    """Words with what they name, one thing in the singular.

    Example:
        >>> told("{value:.0f} promises are overdue, the oldest by {longest:days}", {"value": 1.0, "longest": 21.0})
        '1 promise is overdue, the oldest by 3 weeks'
    """
    return of_one(_formatter.vformat(words, (), named))


_ONE = re.compile(
    r"(?<![\d.,+-])1 (?P<which>active |small |other )?(?P<noun>[a-z]+s|people)\b"
    r"(?P<of> of \d+ days)?(?P<verb> (are|were|wait|have|lean)\b)?"
)
_SINGULAR = {
    "people": "person",
    "entries": "entry",
    " are": " is",
    " were": " was",
    " wait": " waits",
    " have": " has",
    " lean": " leans",
    "": "",
}


def of_one(said: str) -> str:
    """A sentence with the noun behind each 1, and the noun's verb, in the singular.

    Example:
        >>> of_one("1 promises are overdue"), of_one("21 promises are overdue")
        ('1 promise is overdue', '21 promises are overdue')
    """

    def singular(found: re.Match[str]) -> str:
        noun = _SINGULAR.get(found["noun"], found["noun"][:-1])
        verb = _SINGULAR[found["verb"] or ""]
        return f"1 {found['which'] or ''}{noun}{found['of'] or ''}{verb}"

    return _ONE.sub(singular, said)


def _counted(whole: int, noun: str) -> str:
    return f"{whole:,} {noun}" if whole == 1 else f"{whole:,} {noun}s"
