"""Fading: whether the old past counts less than the new, as it should where the world drifts.

All dates count the same unless a half-life has the lower log loss on the exams, by more than a standard error.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.engine import MICROS_PER_DAY
from models.fitted.boosting import Setting
from training.fitting.exams import Exam, accounts_of, gain_of
from training.metrics import Array

HALF_LIVES = (720, 240)
"""Days after which a row counts half as much: what is tried."""
YEAR_DAYS = 365
"""The fewest days from the oldest to the newest date learned from for any of them to matter."""


def half_life_days(taken: Sequence[Exam], setting: Setting) -> int | None:
    """The half-life to learn by, in days; None where all dates count the same.

    Args:
        taken: the exams; without any, all dates count the same.
        setting: how boosters are grown.
    """
    taken = [exam for exam in taken if _reach_days(exam) >= YEAR_DAYS]
    if not taken:
        return None
    losses = {
        half_life: _losses(taken, half_life, setting)
        for half_life in (None, *HALF_LIVES)
    }
    best = min(losses, key=lambda half_life: losses[half_life].mean())
    gain, error = gain_of(losses[None] - losses[best], accounts_of(taken))
    return best if gain > error else None


def _reach_days(exam: Exam) -> float:
    as_of = exam.known.frame["as_of_us"]
    return float(as_of.max() - as_of.min()) / MICROS_PER_DAY


def _losses(taken: Sequence[Exam], half_life: int | None, setting: Setting) -> Array:
    return np.concatenate(
        [exam.losses(setting, exam.faded(half_life, setting)) for exam in taken]
    )
