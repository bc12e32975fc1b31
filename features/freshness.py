"""How old a book is at an as-of date, table by table, and whether that is older than it may be.

A table is as old as the days from its last day to the as-of date: 1 on the night after it. It may be one day older than
its usual lag, or as old as a setting says. A night refuses a book whose interactions are older. Of the other tables one
that usually has rows every week must be no older either; one that comes more rarely, such as a survey a quarter, is
only told: it says little about the feed that nothing came yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError
from features.recorded import Recorded, RecordedTable

STEADY_DAYS = 7
"""The longest usual lag of a table whose age, beside that of interactions, may stop a night."""


@dataclass(frozen=True)
class Age:
    """How old a table is.

    Attributes:
        table: its name.
        last_day: its own last day, by which it is as old as it is.
        days: from that day to the as-of date.
        allowed: as old as it may be, in days.
        binding: whether a night stops where it is older.
    """

    table: str
    last_day: date
    days: int
    allowed: int
    binding: bool

    @property
    def stale(self) -> bool:
        """Whether it is older than it may be."""
        return self.days > self.allowed

    @property
    def sentence(self) -> str:
        """How old the table is, and how old it may be."""
        return f"{self.table} end on {self.last_day}, {self.days:,} days before, where {self.allowed:,} are usual"


def ages(found: Recorded, as_of: int, max_age: int | None = None) -> list[Age]:
    """How old each table is at an as-of date.

    Args:
        found: how the tables are recorded.
        as_of: in microseconds since 1970.
        max_age: as old as a table that binds may be, in days; one more than its usual lag where left out.
    """
    return [_age(table, day_of(as_of), max_age) for table in found.tables]


def _age(table: RecordedTable, as_of: date, max_age: int | None) -> Age:
    lag = 1 if table.usual_lag is None else table.usual_lag
    steady = table.usual_lag is not None and lag <= STEADY_DAYS
    binding = table.table == "interactions" or steady
    allowed = max_age if binding and max_age is not None else lag + 1
    return Age(table.table, table.last_day, (as_of - table.last_day).days, allowed, binding)


def require_fresh(told: Sequence[Age], as_of: int, beginning: int, stale_ok: bool) -> list[str]:
    """Refuses an as-of date before the book begins, and a book that is too old at it.

    Args:
        told: how old each table is.
        as_of: in microseconds since 1970.
        beginning: of the book, in microseconds since 1970.
        stale_ok: whether the age is only told.

    Returns:
        A sentence for each table that is older than it may be.

    Raises:
        EvidenceError: the as-of date is before the first interaction, or a table that binds is too old.
    """
    if as_of <= beginning:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found=f"data from {day_of(beginning)} on",
            expected=f"a date from {day_of(beginning + MICROS_PER_DAY)} on, when something is known",
            mend="give a later date",
        )
    stale = [age for age in told if age.stale]
    stopping = [age.sentence for age in stale if age.binding]
    if stopping and not stale_ok:
        raise EvidenceError(
            where=f"as-of date {day_of(as_of)}",
            found="; ".join(stopping),
            expected="tables as new as they usually are",
            mend="bring the export up to date, or leave --as-of out to look from the end of the data; "
            "--stale-ok scores all the same, --max-age DAYS allows more",
        )
    return [f"{age.sentence}." for age in stale]
