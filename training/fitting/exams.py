"""Exams: test dates before those that a training reports, on which it makes its own choices.

They lie so far back that their outcomes were known at the first reported test date: so what is reported, and what the
gate decides on, was not chosen by it. A choice is judged by its mean log loss, at the judged horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.fitted.boosting import Setting
from models.score.horizon import risk_column
from training.fitting.design import Design
from training.fitting.models import design_of, fit_models
from training.metrics import Array, log_losses
from training.past.as_of_dates import EXAMS, known_dates
from training.past.enough import FEWEST_OF_EACH, fewest
from training.past.observed import Observed
from training.past.panel import Panel, split_at
from training.past.training_set import TrainingSet


@dataclass(frozen=True)
class Exam:
    """What is learned from, and what is judged on, at one test date.

    Attributes:
        as_of: the test date, in microseconds since 1970.
        horizon: in days, that it is judged at.
        known: what was known at the date; defection alone.
        test: the cohort of the date, with what was known of it by the first reported test date.
    """

    as_of: int
    horizon: int
    known: TrainingSet
    test: TrainingSet

    def losses(self, setting: Setting, design: Design) -> Array:
        """The log loss of each row of the test, of a model fitted on the rows of a design of what was known."""
        models = fit_models(self.known, setting, {}, design)
        risks = models.defection.risks(self.test.frame)
        risk = risks[risk_column(self.horizon)].to_numpy()
        left = self.test.left[self.horizon].to_numpy(dtype=np.int64)
        return log_losses(np.column_stack([1.0 - risk, risk]), left)

    def faded(self, half_life_days: int | None, setting: Setting) -> Design:
        """The design of what was known, the older rows counting less."""
        return design_of(self.known.faded(half_life_days), setting)


def exam_dates(observed: Observed) -> list[int]:
    """The newest dates whose outcomes are known, oldest first, in microseconds since 1970."""
    horizon, delay = observed.meaning.judged_horizon, observed.meaning.delay_days
    return known_dates(observed.book, observed.until, horizon, delay)[-EXAMS:]


def exams(observed: Observed, panel: Panel) -> list[Exam]:
    """The exams that have enough leavers and stayers to learn from, and anybody to judge on.

    Args:
        observed: a book until the moment at which outcomes must be known.
        panel: with the exam dates among those tested, and the dates before them among those learned from.
    """
    taken = (_exam(observed, panel, date) for date in exam_dates(observed))
    return [exam for exam in taken if exam is not None]


def _exam(observed: Observed, panel: Panel, date: int) -> Exam | None:
    horizon = observed.meaning.judged_horizon
    known, test = split_at(observed.at(date), panel, observed.until, [horizon])
    judged = test.known()
    learned = fewest(known.frame["account_id"], known.left[horizon])
    if judged.frame.empty or learned < FEWEST_OF_EACH:
        return None
    return Exam(date, horizon, replace(known, state=None), judged)


def accounts_of(taken: Sequence[Exam]) -> Array:
    """Whose row each row of the tests is, one test after the other."""
    accounts = [exam.test.frame["account_id"] for exam in taken]
    return np.concatenate([[], *accounts])


def gain_of(gains: Array, accounts: Array) -> tuple[float, float]:
    """The mean gain of rows, and its standard error, as rows of one account are not independent.

    Example:
        >>> mean, error = gain_of(np.array([1.0, 1.0, 3.0, 3.0]), np.array(["a", "a", "b", "b"]))
        >>> mean, round(error, 6)
        (2.0, 1.0)
    """
    codes, names = pd.factorize(accounts)
    mean, many = gains.mean(), len(names)
    of_accounts = np.bincount(codes, weights=gains - mean)
    squares = (of_accounts**2).sum()
    spread = np.sqrt(squares * many / max(many - 1, 1))
    return float(mean), float(spread / len(gains))
