"""Active days and channels: on which days, and by which ways, an account gave a sign of life."""

import numpy as np

from features.engine import MICROS_PER_DAY
from features.past.row_sources import (
    days_before,
    sign_rows,
    signs,
)
from features.timeline.expression import ALL, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Asked, Timeline
from features.timeline.rows import Flags, Floats, Rows, starts
from features.timeline.things import ThingRows, Things, group


class _ActiveDays(Timeline):
    """Days with a sign of life, each as its first sign shows it.

    Args:
        signs: all signs of life.
        first: whether a sign is the first of its day.
        rows: the first signs.
    """

    def __init__(self, signs: Timeline, first: Flags, rows: Rows) -> None:
        super().__init__(rows, signs.edges, signs)
        self._signs = signs
        self._first = first

    def count(self, asked: Asked) -> Floats:
        """How many days; a day that began before the window and has a sign within it is one of them."""
        low, high = self._signs.span(ALL, None, asked.window)
        some = high > low
        began_before = np.zeros(len(low))
        began_before[some] = ~self._first[low[some]]
        return super().count(asked) + began_before


def _first_signs(histories: Histories) -> tuple[Flags, Rows]:
    """Which signs are the first of their day, and these."""
    signs = histories.once(sign_rows)
    day = signs.when // MICROS_PER_DAY
    first = starts(signs.history, day)
    kept = np.flatnonzero(first)
    history, days = signs.history[kept], day[kept].astype(np.float64)
    gap = np.where(starts(history), np.nan, np.diff(days, prepend=np.nan))
    return first, Rows(
        history,
        signs.when[kept],
        {"day": days, "gap": gap},
        signs.histories,
        kept,
        signs,
    )


def _active_days(past: Past) -> _ActiveDays:
    first, rows = past.histories.once(_first_signs)
    return _ActiveDays(past.once(signs), first, rows)


ACTIVE_DAY = Source("active_day", _active_days)
"""A day with a sign of life; ``gap`` is the days since the one before, missing for the first."""


def _channel_rows(histories: Histories) -> ThingRows:
    return group(
        histories.interactions, of.sign_of_life & (of.channel >= 0), "channel", ()
    )


def _channels(past: Past) -> Things:
    used = past.histories.once(_channel_rows)
    seen = used.at(past.edges)
    age = days_before(past.as_of[seen.pair], used.rows.when[seen.last])
    return Things(seen.pair, {"age": age}, len(past.edges))


CHANNEL = Source("channel_used", _channels)
"""A channel with a sign of life; ``age`` is that of the last."""
