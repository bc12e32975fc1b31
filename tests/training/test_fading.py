"""Fading: the old past counts less only where that has helped on older test dates."""

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY
from features.themes.dictionary import FEATURES
from models.fitted.boosting import Setting
from training.fitting.exams import Exam
from training.fitting.fading import half_life_days
from training.past.training_set import TrainingSet

DAYS = np.arange(0, 1500, 30)
ACCOUNTS = 60
SETTING = Setting(trees=5)


def exam(turned: bool) -> Exam:
    """A book whose accounts leave by how silent they are; if it turned, the other way round in its first years."""
    draws = np.random.default_rng(3)
    as_of = np.repeat(DAYS, ACCOUNTS)
    silent = draws.normal(size=len(as_of))
    way = np.where(turned & (as_of < 1100), -1.0, 1.0)
    left = (draws.random(len(as_of)) < 1 / (1 + np.exp(-2 * way * silent))).astype(
        float
    )
    frame = pd.DataFrame(0.0, index=range(len(as_of)), columns=list(FEATURES)).assign(
        account_id=[f"account {place}" for place in range(len(as_of))],
        as_of_us=as_of * MICROS_PER_DAY,
        days_silent=silent,
    )
    newest = as_of == DAYS[-1]

    def part(rows):
        return TrainingSet(
            frame[rows],
            pd.DataFrame({90: left[rows]}, index=frame.index[rows]),
            None,
            {},
        )

    return Exam(int(DAYS[-1]) * MICROS_PER_DAY, 90, part(~newest), part(newest))


@pytest.mark.parametrize(
    ("turned", "expected"),
    [(True, 240), (False, None)],
    ids=["a world that turned", "a still one"],
)
def test_the_old_past_counts_less_where_the_world_turned(turned, expected):
    assert half_life_days([exam(turned)], SETTING) == expected


def test_without_an_exam_all_dates_count_the_same():
    assert half_life_days([], SETTING) is None


def test_a_row_a_half_life_before_the_newest_counts_half():
    frame = pd.DataFrame({"as_of_us": np.array([0, 240, 480]) * MICROS_PER_DAY})
    data = TrainingSet(
        frame,
        pd.DataFrame(index=frame.index),
        None,
        {},
        given_weight=pd.Series([1.0, 2.0, 1.0]),
    )
    assert data.faded(240).weight.tolist() == [0.25, 1.0, 1.0]
    assert data.faded(None) is data
