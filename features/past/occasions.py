"""Occasions: the scores that an account gave at one moment, on an axis, and the levels that follow (S1, S2, S10, S28).

The *score of an occasion* is the mean of an axis's items answered in one response, or in several that were complete at
one instant. The *level* of an axis is the mean of its last three occasions. Means are weighed, see
`features.past.survey_weights`. The *settled level* passes over levels in the band around the cut, see
`features.quadrants`.
"""

from __future__ import annotations

from typing import get_args

import numpy as np

from features.past.responses import answer_rows
from features.past.survey_weights import RunningMeans, WeighedScores, mean_scores
from features.quadrants import in_band
from features.timeline.expression import Expression, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import (
    Floats,
    Ints,
    Rows,
    first_of_group,
    in_order,
    starts,
)
from features.vocabulary.items import CODES, ITEMS, Axis, axis_codes, item_code

OCCASIONS_IN_LEVEL = 3

AXES = ("product", "people", "recommend", "effort")
"""What an occasion speaks of, by its code: the two axes, and the items that are kept apart from both."""

_OTHER = -1
_AXIS_OF_ITEM = np.full(CODES, _OTHER)
for _item in ITEMS.values():
    _AXIS_OF_ITEM[item_code(_item.name)] = AXES.index(_item.axis or _item.name)
for _axis in get_args(Axis):
    _AXIS_OF_ITEM[list(axis_codes(_axis))] = AXES.index(_axis)


def on(axis: str) -> Expression:
    """Condition: the occasion is on this axis."""
    return of.axis.equals(AXES.index(axis)).named(f"axis is {axis}")


def of_item(name: str) -> Expression:
    """Condition: the score is of this item."""
    return of.item.equals(item_code(name)).named(f"item is {name}")


def occasion_rows(histories: Histories) -> Rows:
    """A row for each moment and axis."""
    answers = histories.once(answer_rows)
    found = mean_scores(answers, _AXIS_OF_ITEM[answers.columns["item"]])
    columns = {
        "axis": found.subject,
        "score": found.score,
        "weight": found.weight,
        **_levels(found),
    }
    return Rows(found.history, found.when, columns, answers.histories)


def _occasions(past: Past) -> Timeline:
    return Timeline(past.histories.once(occasion_rows), past.edges)


OCCASION = Source("occasion", _occasions)
"""A row for each moment and axis: its ``score``, the ``level`` from then on, the one before, the ``settled`` one."""


def _item_rows(histories: Histories) -> Rows:
    answers = histories.once(answer_rows)
    found = mean_scores(answers, answers.columns["item"].astype(np.int64))
    return Rows(
        found.history,
        found.when,
        {"item": found.subject, "score": found.score, "answer": found.answer},
        answers.histories,
    )


def _item_scores(past: Past) -> Timeline:
    return Timeline(past.histories.once(_item_rows), past.edges)


ITEM_SCORE = Source("item_score", _item_scores)
"""A row for each moment and item."""


def _levels(found: WeighedScores) -> dict[str, Floats]:
    """The levels along each axis, for each occasion."""
    order = in_order(found.history, found.subject)  # time stays in order
    first = first_of_group(starts(found.history[order], found.subject[order]))
    means = RunningMeans(found.score[order], found.weight[order])
    place = np.arange(len(order))
    oldest = np.maximum(place + 1 - OCCASIONS_IN_LEVEL, first)
    level = means.between(oldest, place + 1)
    oldest_before = np.maximum(place - OCCASIONS_IN_LEVEL, first)
    before = means.between(oldest_before, place)
    levels = {"level": level, "level_before": before, "settled": _settled(level, first)}
    back = np.argsort(order)
    return {name: values[back] for name, values in levels.items()}


def _settled(level: Floats, first: Ints) -> Floats:
    """Of each level of an axis in order of time the newest so far outside the band, else itself."""
    place = np.arange(len(level))
    last = np.maximum.accumulate(np.where(in_band(level), -1, place))
    return level[np.where(last >= first, last, place)]
