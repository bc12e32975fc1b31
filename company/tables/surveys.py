"""The table of answers to surveys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from company.arrays import Floats, Ints
from company.branch import Branch
from company.diary.pen import Pen
from company.tables.columns import (
    TIME,
    numbered,
    rep_names,
    words,
)

PRODUCT_ITEMS = ("better", "faster", "different", "cost_effective", "process")
PEOPLE_ITEMS = ("attitude", "skills", "knowledge")
SOURCES = ("satisfaction_survey", "focus_group", "mystery_shopping", "after_contact")


def surveys_table(pen: Pen, ids: pa.Array, branch: Branch) -> pa.Table:
    """Answers to surveys: a row per item, on scales that differ by item."""
    w, rng = pen.weeks, pen.rng
    week, account = np.nonzero(w.answered & w.asked)
    quarter = week // 13 + account
    items = [
        ("product", w.product_items[week, account, 0], (0, 10)),
        (PRODUCT_ITEMS, w.product_items[week, account, 1], (1, 7)),
        ("people", w.people_items[week, account, 0], (0, 10)),
        (PEOPLE_ITEMS, w.people_items[week, account, 1], (1, 5)),
        ("recommend", w.recommend[week, account], (0, 10)),
    ]
    time = pen.at(week, 1.5 + 5 * rng.random(len(week)))
    source = rng.choice(3, len(week), p=(0.96, 0.025, 0.015))
    parts = [
        _scores(pen, branch, ids, (week, account, time, source, quarter), *item)
        for item in items
    ]
    week, account = np.nonzero(w.answered & w.asked_after)
    occasion = (
        week,
        account,
        pen.at(week, 1.5 + 5 * rng.random(len(week))),
        np.full(len(week), 3),
        week,
    )
    parts.append(
        _scores(
            pen,
            branch,
            ids,
            occasion,
            "attitude",
            w.people_items[week, account, 1],
            (1, 5),
        )
    )
    effort = 10 * (w.effort[week, account] - 1) / 6
    parts.append(_scores(pen, branch, ids, occasion, "effort", effort, (1, 7)))
    return (
        pa.concat_tables(parts)
        .combine_chunks()
        .sort_by([("occurred_at", "ascending"), ("account_id", "ascending")])
    )


def _scores(
    pen: Pen,
    branch: Branch,
    ids: pa.Array,
    occasion: tuple[Ints, Ints, Ints, Ints, Ints],
    item: str | Sequence[str],
    score: Floats,
    scale: tuple[int, int],
) -> pa.Table:
    week, account, time, source, quarter = occasion
    its = (item,) if isinstance(item, str) else item
    size, (low, high) = len(week), scale
    desk = pen.traits.desk[account]
    rep = pen.weeks.rep_generation[week, desk] * branch.desks + desk
    return pa.table(
        {
            "account_id": ids.take(pa.array(account)),
            "occurred_at": pa.array(time, TIME),
            "known_at": pa.array(time, TIME),
            "item": words(quarter % len(its), its),
            "score": pa.array(np.round(low + score * (high - low) / 10)),
            "scale_min": pa.array(np.full(size, float(low))),
            "scale_max": pa.array(np.full(size, float(high))),
            "higher_is_better": pa.array(np.full(size, item != "effort")),
            "source": words(source, SOURCES),
            "rep_id": numbered(rep_names(branch), rep),
        }
    )
