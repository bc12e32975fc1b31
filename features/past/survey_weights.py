"""Weights of survey sources: scores are averaged by the ``weight`` of their row, so that sources can differ (S10).

Which weights a book may give is bounded in `features.vocabulary.contract`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.timeline.rows import (
    MILLIONTHS,
    Floats,
    Ints,
    Rows,
    millionths,
    running,
    starts,
)


@dataclass(frozen=True)
class WeighedScores:
    """The weighted mean of the scores of each moment and subject, in order of history, moment and subject."""

    history: Ints
    when: Ints
    subject: Ints
    score: Floats
    answer: Floats
    weight: Floats


def mean_scores(rows: Rows, subject: Ints) -> WeighedScores:
    """The mean scores by moment and subject, a number that rises with the item; those below 0 are left out."""
    told = np.flatnonzero(subject >= 0)
    history, when, subject = rows.history[told], rows.when[told], subject[told]
    weight = rows.columns["weight"][told]
    new = np.flatnonzero(starts(history, when, subject))
    if not len(new):
        return WeighedScores(history, when, subject, weight, weight, weight)
    weights = np.add.reduceat(millionths(weight), new)
    rows_each = np.diff(np.append(new, len(told)))

    def mean(values: Floats) -> Floats:
        return _weighed_mean(
            np.add.reduceat(millionths(values) * millionths(weight), new), weights
        )

    score = mean(rows.columns["score"][told])
    answer = mean(rows.columns["answer"][told])
    return WeighedScores(
        history[new],
        when[new],
        subject[new],
        score,
        answer,
        weights / rows_each / MILLIONTHS,
    )


class RunningMeans:
    """Weighed means of scores that follow each other.

    Args:
        score: shape (scores,).
        weight: of each.
    """

    def __init__(self, score: Floats, weight: Floats) -> None:
        self._weighed = running(millionths(score) * millionths(weight))
        self._weights = running(millionths(weight))

    def between(self, low: Ints, high: Ints) -> Floats:
        """The means of the scores from some places to others."""
        weighed = self._weighed[high] - self._weighed[low]
        return _weighed_mean(weighed, self._weights[high] - self._weights[low])


def _weighed_mean(weighed: Ints, weights: Ints) -> Floats:
    """The mean by weight: of whole numbers, so that a 9 stays a 9 whatever it weighs."""
    return np.floor(weighed / np.where(weights > 0, weights, np.nan) + 0.5) / MILLIONTHS
