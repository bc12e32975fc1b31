"""Flaws of rows, told as faults of the request: of each flaw no more than can be named, the others counted."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from features.cleaning.arrays.flaws import Flaw
from features.cleaning.arrays.request import ONCE
from serving.endpoint.faults import MOST_PLACES, Faults, Order
from serving.endpoint.gathering import Gathered
from serving.endpoint.invalid import told


def note_flaws(
    faults: Faults, gathered: Gathered, flaws: Iterable[Flaw], part: int = 0
) -> None:
    """Notes the flaws of rows that were gathered, but for those of broken ones.

    Args:
        faults: to which they are added.
        gathered: the rows.
        flaws: theirs.
        part: the order of their table within an account.
    """
    broken = np.fromiter(gathered.broken, dtype=np.int64)
    for flaw in flaws:
        rows = np.setdiff1d(flaw.rows, broken)
        column = gathered.columns[flaw.field]
        for row in rows[:MOST_PLACES].tolist():
            value = gathered.values[flaw.field][row]
            faults.add(
                gathered.place(row, flaw.field),
                **told(column, value, flaw.expected),
                order=gathered.order(row, part),
            )
        faults.count_more(len(rows[MOST_PLACES:]))


def note_repeated(faults: Faults, place: str, order: Order = ()) -> None:
    """Notes that an id stands in the request more than once."""
    faults.add(
        place,
        found="one that stands there more than once",
        expected=ONCE,
        mend="send each once, with all its rows",
        order=order,
    )
