"""Means of scores by the weights of their sources."""

import numpy as np
import pytest

from features.past.survey_weights import RunningMeans, mean_scores
from features.timeline.rows import Rows


def rows(*scores):
    """Rows of one history, of moment, score and weight."""
    when, score, weight = (np.array(values) for values in zip(*scores, strict=True))
    columns = {"score": score, "answer": score, "weight": weight}
    return Rows(np.zeros(len(when), dtype=np.int64), when, columns, 1)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([(1, 8.0, 1.0), (1, 4.0, 3.0)], [5.0]),  # (8 + 3 * 4) / 4
        ([(1, 8.0, 2.0), (2, 4.0, 3.0)], [8.0, 4.0]),
        ([(1, 9.0, 0.1), (1, 9.0, 0.7)], [9.0]),
    ],
    ids=["a heavier source counts more", "moments stand apart", "a 9 stays a 9"],
)
def test_the_scores_of_a_moment_are_averaged_by_weight(scores, expected):
    found = mean_scores(rows(*scores), np.zeros(len(scores), dtype=np.int64))
    assert found.score.tolist() == expected


def test_a_score_of_another_subject_is_left_out():
    found = mean_scores(rows((1, 8.0, 1.0), (1, 4.0, 1.0)), np.array([0, -1]))
    assert (found.score.tolist(), found.weight.tolist()) == ([8.0], [1.0])


def test_a_running_mean_is_that_of_the_scores_between_two_places():
    means = RunningMeans(np.array([8.0, 4.0, 6.0]), np.array([1.0, 3.0, 1.0]))
    low, high = np.array([0, 1, 2]), np.array([2, 3, 2])
    assert means.between(low, high)[:2].tolist() == [5.0, 4.5]  # 4.5 = (3 * 4 + 6) / 4
    assert np.isnan(means.between(low, high)[2])
