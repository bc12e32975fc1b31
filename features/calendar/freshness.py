"""How old a book is at an as-of date, table by table, and whether a night may look from there.

A table is as old as the days from its own last day to the as-of date: 1 on the night after it. It may be one day older
than its usual lag, or as old as a setting says. A night refuses a book whose interactions are older. Of the other
tables one that usually has rows every week must be no older either; one that comes more rarely, such as a survey a
quarter, is only told: that nothing came yet says little of its feed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from features.calendar.recorded import Recorded, RecordedTable
from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError, StaleError

STEADY_DAYS = 7
"""The longest usual lag of a table whose age, beside that of interactions, may stop a night."""


class Aged(Protocol):
    """A book on any engine."""

    @property
    def beginning(self) -> int: ...  # noqa: D102

    @property
    def recorded(self) -> Recorded: ...  # noqa: D102


@dataclass(frozen=True)
class Age:
    """How old a table is.

    Attributes:
        table: its name.
        last_day: its own last day.
        days: from that day to the as-of date.
        allowed: as old as it may be, in days; None where its rhythm is not known.
        binding: whether a night stops where it is older.
    """

    table: str
    last_day: date
    days: int
    allowed: int | None
    binding: bool

    @property
    def stale(self) -> bool:
        """Whether it is older than it may be."""
        return self.allowed is not None and self.days > self.allowed

    @property
    def sentence(self) -> str:
        """How old the table is, and how old it may be.

        Example:
            >>> Age("surveys", date(2024, 5, 1), 31, 8, True).sentence
            'surveys end on 2024-05-01, 31 days before, and 8 are allowed'
        """
        return f"{self.table} end on {self.last_day}, {self.days:,} days before, and {self.allowed} are allowed"

    def facts(self) -> dict[str, object]:
        """The figures, as JSON can hold them."""
        return {**vars(self), "last_day": str(self.last_day), "stale": self.stale}


def ages(found: Recorded, as_of: int, max_age: int | None = None) -> list[Age]:
    """How old each table is at an as-of date.

    Args:
        found: how the tables are recorded.
        as_of: in microseconds since 1970.
        max_age: as old as a table that binds may be, in days; one more than its usual lag where left out.
    """
    return [_age(table, day_of(as_of), max_age) for table in found.tables]


def _age(table: RecordedTable, as_of: date, max_age: int | None) -> Age:
    always = table.table == "interactions"
    lag = table.usual_lag
    binding = always or (lag is not None and lag <= STEADY_DAYS)
    usual = None if lag is None else lag + 1
    allowed = max_age if binding and max_age is not None else usual
    return Age(
        table.table, table.last_day, (as_of - table.last_day).days, allowed, binding
    )


def require_fresh(
    book: Aged, as_of: int, max_age: int | None = None, stale_ok: bool = False
) -> list[Age]:
    """How old each table is, of a book that a night may look at from an as-of date.

    Args:
        book: an opened book.
        as_of: in microseconds since 1970.
        max_age: as of `ages`.
        stale_ok: whether the age is only told.

    Raises:
        EvidenceError: nothing is known yet at the as-of date.
        StaleError: a table that binds is older than it may be.
    """
    require_begun(book.beginning, as_of)
    told = ages(book.recorded, as_of, max_age)
    stopping = [age for age in told if age.stale and age.binding]
    if stopping and not stale_ok:
        raise StaleError(
            where=f"as-of date {day_of(as_of)}",
            found="; ".join(age.sentence for age in stopping),
            expected="tables as new as usual",
            mend=f"bring the export up to date; {_other_mend(stopping)}; or allow more with --max-age DAYS, or any age "
            "with --stale-ok",
            ages=[age.facts() for age in told],
        )
    return told


def _other_mend(stopping: Iterable[Age]) -> str:
    """The end of the data is that of interactions: to look from there makes no other table newer."""
    if any(age.table == "interactions" for age in stopping):
        return "or leave --as-of out, to look from the end of the data"
    return "or leave tables out of the book that nobody fills any more"


def require_begun(beginning: int, as_of: int) -> None:
    """Raises `EvidenceError` where a book begins only after an as-of date; both in microseconds since 1970."""
    if as_of <= beginning:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"a book that begins on {day_of(beginning)}",
            expected=f"a date from {day_of(beginning + MICROS_PER_DAY)} on",
            mend="give a later date",
        )
