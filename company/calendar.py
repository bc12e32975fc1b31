"""The calendar: weeks of the simulation as instants, counted in microseconds since 1970 (UTC)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from company.arrays import Floats, Ints

DAY = 86_400_000_000
WEEK = 7 * DAY
EPOCH = dt.date(1970, 1, 1)
DAYS_PER_MONTH = 365.25 / 12
END = dt.date(2026, 11, 21)
"""The day the sample's data stops, unless told otherwise."""


@dataclass(frozen=True)
class Calendar:
    """When the records run.

    Attributes:
        end: the day the data stops: nothing after midnight at its start is known.
        weeks: whole weeks before it.
    """

    end: dt.date
    weeks: int

    @property
    def stop(self) -> int:
        """The instant at which the data stops."""
        return (self.end - EPOCH).days * DAY

    @property
    def start(self) -> int:
        """The instant at which the records begin."""
        return self.stop - self.weeks * WEEK

    def instants(self, weeks: Ints, days: Floats) -> Ints:
        """Instants so many days after the start of the weeks, to the second."""
        return (
            self.start
            + weeks * WEEK
            + np.round(days * 86_400).astype(np.int64) * 1_000_000
        )

    def week_of(self, day: dt.date) -> int:
        """The week that has begun by midnight at the start of a day."""
        return ((day - EPOCH).days * DAY - self.start) // WEEK


def calendar(months: int, end: dt.date) -> Calendar:
    """The calendar of so many months before the end."""
    return Calendar(end, max(1, round(months * DAYS_PER_MONTH / 7)))
