"""How a training goes about it: who fits, with which setting, what is searched, and how much is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from models.fitted.boosting import Setting
from training.fitting.rivals import Learners
from training.fitting.tuning import Budget
from training.past.panel import Bounds


@dataclass(frozen=True)
class Configuration:
    """The configuration of a training.

    Attributes:
        setting: how boosters are grown.
        learners: who fits the risks, and who is judged beside. How much the old past counts, and what a search chooses,
            is told by ours.
        budget: of a search for a better setting; there is none where left out.
        bounds: how much of a large book is looked at.
    """

    setting: Setting = Setting()
    learners: Learners = Learners()
    budget: Budget | None = None
    bounds: Bounds = Bounds()
