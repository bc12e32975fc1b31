"""Responses: which survey scores were given together, as one answer to one survey (S11; docs/adr/0015).

Scores with one ``response_id`` are one response. Without it the scores of an account from one source are, that follow
each other within less than a day; what would last longer than a day begins anew each day after its first score.
"""

from __future__ import annotations

import numpy as np

from features.engine import MICROS_PER_DAY
from features.timeline.expression import Array, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import Flags, Ints, Rows, first_of_group, in_order, starts

NOT_THEIRS = ("mystery_shopping", "focus_group")
"""Sources of scores that answer no survey of ours."""

THEIRS = of.theirs
"""Condition: the response answers a survey that we sent."""


def response_starts(
    history: Ints, when: Ints, thread: Ints, has_id: Flags
) -> tuple[Ints, Flags]:
    """Where each response begins.

    Args:
        history: of each score, not falling.
        when: its moment, not falling within a history.
        thread: a number for each response that has an id, and for each source.
        has_id: whether the thread is a response.

    Returns:
        The scores in order of history, thread and moment, and whether each of them is the first of its response.
    """
    order = in_order(history, thread)  # time stays in order
    when = when[order]
    new_thread = starts(history[order], thread[order])
    follows = np.diff(when, prepend=when[:1]) < MICROS_PER_DAY
    first_us = when[first_of_group(new_thread | ~follows)]
    day = (when - first_us) // MICROS_PER_DAY
    return order, new_thread | (starts(first_us, day) & ~has_id[order])


def completed_us(history: Ints, when: Ints, thread: Ints, has_id: Flags) -> Ints:
    """When the response of each score was complete: at its last score, of those that are given."""
    order, new = response_starts(history, when, thread, has_id)
    completed = np.empty_like(when)
    if len(order):
        ends = np.append(np.flatnonzero(new)[1:], len(order)) - 1
        completed[order] = np.repeat(
            when[order][ends], np.diff(np.append(np.flatnonzero(new), len(order)))
        )
    return completed


def answer_rows(histories: Histories) -> Rows:
    """Survey scores at the moment when their response was complete, in order of history, moment and item."""
    scores = histories.surveys
    columns = {
        name: scores.columns[name] for name in ("item", "score", "answer", "weight")
    }
    answered_us = completed_us(*_threads(scores))
    if np.array_equal(answered_us, scores.when):
        return Rows(scores.history, answered_us, columns, scores.histories)
    order = np.lexsort((columns["item"], answered_us, scores.history))
    taken = {name: values[order] for name, values in columns.items()}
    return Rows(scores.history[order], answered_us[order], taken, scores.histories)


def _response_rows(histories: Histories) -> Rows:
    scores = histories.surveys
    order, new = response_starts(*_threads(scores))
    first = np.flatnonzero(new)
    if not len(first):
        return Rows(
            scores.history,
            scores.when,
            {"theirs": scores.columns["theirs"]},
            scores.histories,
        )
    history = scores.history[order][first]
    answered_us = scores.when[order][np.append(first[1:], len(order)) - 1]
    theirs = np.logical_and.reduceat(scores.columns["theirs"][order], first)
    by_time = np.lexsort((answered_us, history))
    return Rows(
        history[by_time],
        answered_us[by_time],
        {"theirs": theirs[by_time]},
        scores.histories,
    )


def _responses(past: Past) -> Timeline:
    return Timeline(past.histories.once(_response_rows), past.edges)


RESPONSE = Source("response", _responses)
"""A row per response; whether it is ``theirs``: none of its scores is from mystery shopping or a focus group."""


def _threads(scores: Rows) -> tuple[Ints, Ints, Array, Array]:
    return (
        scores.history,
        scores.when,
        scores.columns["thread"],
        scores.columns["has_id"],
    )
