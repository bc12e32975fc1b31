"""Planned events, as they were known at a date: no signs of life, and nothing that has happened."""

from __future__ import annotations

import numpy as np

from features.past.row_sources import days_before
from features.past.versions import in_order_of_id, rank_of_id, roots, things_of
from features.timeline.histories import Histories, Past, Source
from features.timeline.things import ThingRows, Things

_COLUMNS = ("scheduled_us", "cancelled")


def planned_rows(histories: Histories) -> ThingRows:
    """A row for each version of each planned event."""
    rows = in_order_of_id(histories.scheduled, "event", _COLUMNS)
    rank = rank_of_id(rows, "event")
    changed = np.arange(len(rows)) - np.minimum(rank, 1)
    return things_of(rows, roots(changed), _COLUMNS)


def _planned(past: Past) -> Things:
    state, pair = past.histories.once(planned_rows).states(past.edges)
    ahead = days_before(state["scheduled_us"], past.as_of[pair])
    kept = np.flatnonzero((ahead >= 0) & ~state["cancelled"])
    return Things(pair[kept], {"ahead": ahead[kept]}, len(past.edges))


PLANNED = Source("planned", _planned)
"""A row per event that is planned and not over or called off: ``ahead`` is in days."""
