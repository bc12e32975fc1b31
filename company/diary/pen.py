"""The pen: the weeks that are written down, with what every part of the diary needs to tell when and how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from company.arrays import Flags, Floats, Ints, select
from company.calendar import Calendar
from company.rows import Rows
from company.traits import Traits
from company.week import Week

MATTER_KINDS = (
    "question",
    "request",
    "complaint",
    "failure",
    "promise_made",
    "invoice",
)
"""What is numbered as a matter."""


@dataclass(frozen=True)
class Pen:
    """What is written down.

    Attributes:
        weeks: stacked (first axis: week).
        traits: of the accounts.
        first_account: number of the first account in the whole company.
        rng: gives what the weeks lived leave open, such as the hour.
    """

    weeks: Week
    traits: Traits
    calendar: Calendar
    first_account: int
    rng: np.random.Generator

    def when(self, happened: Flags) -> tuple[Ints, Ints, Ints]:
        """Week, account and a moment of ordinary hours of all that happened."""
        week, account = np.nonzero(happened)
        return week, account, self.at(week, self.business_days(len(week)))

    def at(self, week: Ints, days: Floats) -> Ints:
        """Instants so many days after the start of the weeks."""
        return self.calendar.instants(week, days)

    def later(self, time: Ints, days: Floats) -> Ints:
        """Instants so many days after others."""
        return np.asarray(time + np.round(days * 86_400).astype(np.int64) * 1_000_000)

    def business_days(self, size: int) -> Floats:
        """Days into a week, each at an hour at which people work."""
        draw = self.rng.random((2, size))
        return np.asarray(np.floor(7 * draw[0]) + 0.33 + 0.45 * draw[1])

    def normal(self, like: Ints) -> Floats:
        """Standard normal numbers, as many as there are rows."""
        return self.rng.standard_normal(len(like))

    def minutes(self, like: Ints, usual: float) -> Floats:
        """Minutes that something took."""
        return np.round(usual * np.exp(0.6 * self.normal(like)), 1)

    def choose(self, channels: tuple[int, ...], like: Ints) -> Ints:
        """A channel for each row."""
        return self.rng.choice(np.array(channels), len(like))

    def tone(self, week: Ints, account: Ints) -> Floats:
        """Sentiment of what was said, where anybody noted it."""
        noted = self.rng.random(len(week)) < 0.6
        felt = np.clip(self.weeks.tone[week, account] + 0.2 * self.normal(week), -1, 1)
        return np.where(noted, np.round(felt, 2), np.nan)

    def matter(self, kind: str, week: Ints, account: Ints) -> Ints:
        """Numbers of matters, one per kind, account and week."""
        numbered = (self.first_account + account) * 1000 + week
        return np.asarray(numbered * len(MATTER_KINDS) + MATTER_KINDS.index(kind))


def some(written: Rows, wanted: Flags) -> Rows:
    """The rows that are wanted."""
    return select(written, np.flatnonzero(wanted))
