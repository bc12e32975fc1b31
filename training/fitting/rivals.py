"""Rivals: learners of risks beside the one that a training registers, judged on the same rows like baselines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from features.errors import ModelError
from models.fitted.boosting import Setting
from models.fitted.defection import DefectionModel
from models.fitted.learner import OURS
from training.fitting.baselines import NAMES
from training.fitting.defection import fit_defection
from training.fitting.design import Design
from training.fitting.learner import Learner
from training.past.training_set import TrainingSet

MODEL = "pinch"
"""The name of the model that is registered in a table of figures; the others are baselines and rivals."""


@dataclass(frozen=True)
class Learners:
    """Who fits the risks.

    Attributes:
        model: those of the model; ours where left out.
        beside: others, which are judged like baselines. Where the model is not by ours, ours is one of them.

    Raises:
        ModelError: two have one name, or one has that of a baseline.
    """

    model: Learner | None = None
    beside: tuple[Learner, ...] = ()

    def __post_init__(self) -> None:
        """Sees that a name in a table means one thing."""
        names = [
            learner.name
            for learner in (self.model, *self.beside)
            if learner is not None
        ]
        taken = {
            MODEL,
            OURS,
            *NAMES,
            *(name for name in names if names.count(name) > 1),
        }
        if clashing := sorted(taken.intersection(names)):
            raise ModelError(
                found=f"learners called {', '.join(clashing)}",
                expected=f"a name each, none of them {', '.join(sorted({MODEL, OURS, *NAMES}))}",
                mend="rename them",
            )


def fit_rivals(
    learners: Learners, data: TrainingSet, design: Design, setting: Setting
) -> Mapping[str, DefectionModel]:
    """The models of all rivals by their names, fitted on a training set.

    Args:
        learners: who is beside the model.
        data: the training set.
        design: its rows as models read them.
        setting: how boosters of ours are grown.
    """
    ours = (
        {}
        if learners.model is None
        else {OURS: fit_defection(design, data.left, setting, {})}
    )
    beside = {
        one.name: fit_defection(design, data.left, setting, {}, one)
        for one in learners.beside
    }
    return ours | beside
