"""The tables of reps and of markets."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from company.branch import Branch
from company.diary.pen import Pen
from company.markets import MARKETS
from company.reps import STYLES
from company.rows import NONE
from company.tables.columns import (
    TIME,
    numbered,
    rep_names,
    words,
)


def reps_table(pen: Pen, branch: Branch) -> pa.Table:
    """Reps of a branch; those who served before the records began have an older date of hire."""
    w, desks = pen.weeks, branch.desks
    number = w.rep_generation * desks + np.arange(desks)
    # Who sat at a desk in the first week, then all successors; who left in that very week is in no record.
    week, desk = np.nonzero(w.rep_left[1:])
    week += 1
    first_week = np.concatenate([np.zeros(desks, dtype=np.int64), week])
    desk = np.concatenate([np.arange(desks), desk])
    hired_week = first_week - w.rep_tenure[first_week, desk]
    hired = pen.at(np.zeros(len(desk), dtype=np.int64), 7 * hired_week)
    left = np.full(int(number.max()) + 1, NONE)
    left[number[week, desk[desks:]] - desks] = pen.at(week, np.zeros(len(week)))
    rep = number[first_week, desk]
    return pa.table(
        {
            "rep_id": numbered(rep_names(branch), rep),
            "hired_at": pa.array(hired, TIME),
            "left_at": pa.array(left[rep], TIME, mask=left[rep] == NONE),
            "style": words(
                w.rep_style[first_week, desk], STYLES, pen.rng.random(len(rep)) < 0.15
            ),
        }
    )


def markets_table(pen: Pen) -> pa.Table:
    """What happened in the markets."""
    week, market = np.nonzero(pen.weeks.entered)
    return pa.table(
        {
            "market": words(market, MARKETS),
            "occurred_at": pa.array(pen.at(week, np.full(len(week), 0.1)), TIME),
            "kind": pa.array(["competitor_entered"] * len(week), pa.string()),
        }
    )
