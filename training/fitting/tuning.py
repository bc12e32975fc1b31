"""Tuning: a bounded, seeded search for how boosters are grown.

A setting is judged by its mean log loss over the exams of `training.fitting.exams`. The default stays unless another
setting is better by more than a standard error.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
from sklearn.model_selection import ParameterSampler

from features.engine import day_of
from models.fitted.boosting import Setting
from training.fitting.exams import Exam, accounts_of, gain_of
from training.metrics import Array
from training.progress import Progress

SPACE: Mapping[str, Sequence[float]] = {
    "trees": (60, 120, 240, 480),
    "leaves": (3, 5, 7, 15, 31),
    "learning_rate": (0.02, 0.05, 0.1),
    "rows_per_leaf": (10, 20, 40, 80, 160),
    "l2": (1.0, 5.0, 20.0, 80.0),
    "columns_per_tree": (0.2, 0.4, 0.7, 1.0),
}
"""What is tried of each value of a setting."""
MOST_TRIALS = 1000
"""The most settings that are ever tried, whatever the time."""


@dataclass(frozen=True)
class Budget:
    """When a search ends: at whichever comes first.

    Attributes:
        trials: how many settings are tried, the default among them.
        seconds: after which none is begun, save the default; None for no limit. With a limit the same search may reach
            less on a slower machine.
    """

    trials: int = MOST_TRIALS
    seconds: float | None = None


@dataclass(frozen=True)
class Trial:
    """What a setting has shown on the test dates of a search.

    Attributes:
        setting: how boosters were grown.
        loss: mean log loss over all rows.
        gain: by how much that is below the default's.
        error: the standard error of the gain, rows of one account not being independent.
    """

    setting: Setting
    loss: float
    gain: float = 0.0
    error: float = 0.0


@dataclass(frozen=True)
class Tuning:
    """A search.

    Attributes:
        default: what stays unless something is better.
        horizon: at which it was judged, in days.
        dates: its test dates, in microseconds since 1970; none where too little was known.
        trials: the default first; none without dates.
        budget: when it was to end.
    """

    default: Setting
    horizon: int
    dates: tuple[int, ...]
    trials: tuple[Trial, ...]
    budget: Budget

    @property
    def chosen(self) -> Setting:
        """The setting to train with."""
        return choose(self.trials).setting if self.trials else self.default

    @property
    def sentence(self) -> str:
        """What was tried, and what came of it."""
        if not self.trials:
            return "too little was known before the reported test dates to search; the default stays"
        best = min(self.trials, key=lambda trial: trial.loss)
        early = (
            "" if len(self.trials) == self.budget.trials else ", when the time was over"
        )
        days = ", ".join(str(day_of(date)) for date in self.dates)
        settings = "setting" if len(self.trials) == 1 else "settings"
        tried = f"{len(self.trials)} {settings} tried{early}, on {days}, at {self.horizon} days"
        gained = (
            f"log loss {best.loss:.4f} against {self.trials[0].loss:.4f} of the default"
        )
        if best is self.trials[0]:
            return f"{tried}: none is better than the default, which stays"
        apart = f"{gained}, better by {best.gain:.4f}, standard error {best.error:.4f}"
        return f"{tried}: {apart}; {'the default stays' if self.chosen == self.default else 'the best is taken'}"

    def table(self) -> pd.DataFrame:
        """A row for each trial, in the order tried: its setting, ``loss``, ``gain``, ``error``, ``chosen``."""
        return pd.DataFrame(
            {
                **trial.setting.facts(),
                "loss": trial.loss,
                "gain": trial.gain,
                "error": trial.error,
                "chosen": trial.setting == self.chosen,
            }
            for trial in self.trials
        )


def choose(trials: Sequence[Trial]) -> Trial:
    """The trial of the lowest loss, or the first, which is the default, unless the gain is above its standard error.

    Example:
        >>> default, other = Trial(Setting(), 0.5), Trial(Setting(trees=60), 0.4, gain=0.1, error=0.2)
        >>> choose([default, other]) is default
        True
    """
    best = min(trials, key=lambda trial: trial.loss)
    return best if best.gain > best.error else trials[0]


def candidates(default: Setting) -> Iterator[Setting]:
    """The settings in the order in which they are tried: the default, then draws from `SPACE` by its seed."""
    yield default
    for drawn in ParameterSampler(SPACE, MOST_TRIALS - 1, random_state=default.seed):
        yield default.changed(**drawn)


def tune(
    taken: Sequence[Exam],
    horizon: int,
    default: Setting = Setting(),
    budget: Budget = Budget(),
    progress: Progress = lambda said: None,
) -> Tuning:
    """Searches for a setting, on what was known at the first test date that a training reports.

    Args:
        taken: the exams.
        horizon: that they are judged at, in days.
        default: what others must be better than; its seed is that of the search.
        budget: when the search ends.
        progress: told of each setting.
    """
    began = time.monotonic()
    designs = [exam.faded(None, default) for exam in taken]
    tried: list[tuple[Setting, Array]] = []
    for setting in islice(candidates(default), budget.trials if taken else 0):
        if (
            tried
            and budget.seconds is not None
            and time.monotonic() - began >= budget.seconds
        ):
            break
        progress(f"setting {len(tried) + 1}")
        losses = [
            exam.losses(setting, design)
            for exam, design in zip(taken, designs, strict=True)
        ]
        tried.append((setting, np.concatenate(losses)))
    accounts = accounts_of(taken)
    trials = [
        Trial(s, float(losses.mean()), *gain_of(tried[0][1] - losses, accounts))
        for s, losses in tried
    ]
    return Tuning(
        default, horizon, tuple(exam.as_of for exam in taken), tuple(trials), budget
    )
