"""A training: its plain facts, and the figures that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from models.fitted.boosting import Setting
from training.evaluation.comparison import compare_said, compare_states
from training.evaluation.evidence import INTERVALS, intervals
from training.evaluation.outcomes import (
    NEXT_ANSWER,
    Evaluation,
    answers_said,
    said,
    states_said,
)
from training.evaluation.survey_noise import Moves
from training.fitting.models import Models
from training.fitting.rivals import MODEL
from training.fitting.tuning import Tuning
from training.leakage import Certificate
from training.metrics import COMPARED
from training.past.leaving import Leaving
from training.past.telltale_facts import Suspicion
from training.past.training_set import TrainingSet

_OF_STATES = {"migration": states_said, NEXT_ANSWER: answers_said}
"""How predictions of states are looked up."""


@dataclass(frozen=True)
class Training:
    """The plain facts of a training.

    Attributes:
        until: nothing known later was used, in microseconds since 1970.
        meaning: what leaving means in the book.
        data: what the models were fitted on.
        models: fitted on all of it.
        evaluations: at the test dates of the walk forward, oldest first.
        certificate: of the newest as-of date with something after it.
        setting: how boosters were grown.
        moves: between quadrants after the newest test date, beside those of noise alone; None without surveys.
        tuning: the search that chose it, where there was one.
        suspicions: facts that tell too much of who left.
    """

    until: int
    meaning: Leaving
    data: TrainingSet
    models: Models
    evaluations: list[Evaluation]
    certificate: Certificate
    setting: Setting
    moves: Moves | None = None
    tuning: Tuning | None = None
    suspicions: tuple[Suspicion, ...] = ()

    def figures(self) -> pd.DataFrame:
        """The figures of each prediction, horizon and model, as means over the test dates, with their intervals."""
        return self._figures.copy()

    @cached_property
    def _figures(self) -> pd.DataFrame:
        parts = [
            pd.DataFrame(rows).assign(prediction=prediction)
            for evaluation in self.evaluations
            for prediction, rows in evaluation.predictions().items()
            if rows
        ]
        if not parts:
            return pd.DataFrame(
                columns=["prediction", "horizon", "model", *COMPARED, *INTERVALS]
            )
        keys = ["prediction", "horizon", "model"]
        means = _means(pd.concat(parts, ignore_index=True), keys)
        return means.merge(intervals(self.evaluations), on=keys, how="left")

    def losses(self) -> list[str]:
        """A sentence for each prediction and horizon at which a baseline has a lower log loss, and whether surely."""
        return list(self._losses)

    @cached_property
    def _losses(self) -> list[str]:
        sentences = []
        for (prediction, horizon), rows in self.figures().groupby(
            ["prediction", "horizon"], sort=False
        ):
            best = rows.sort_values("log_loss", kind="stable").iloc[0]
            ours = rows.loc[rows["model"] == MODEL, "log_loss"].iloc[0]
            if best["model"] != MODEL:
                surely = self._surely_worse(
                    str(prediction), int(str(horizon)), str(best["model"])
                )
                which = "better" if surely else "not surely better"
                sentences.append(
                    f"{prediction} at {horizon} days: {best['model']} is {which}, log loss {best['log_loss']:.4f} "
                    f"against {ours:.4f}"
                )
        return sentences

    def _surely_worse(self, prediction: str, horizon: int, baseline: str) -> bool:
        """Whether there is evidence that a baseline is better; none where nothing is kept of what it said of whom."""
        if prediction == "defection" and said(self.evaluations, baseline, horizon):
            return compare_said(self.evaluations, baseline, horizon).worse
        if prediction not in _OF_STATES:
            return False
        ours, theirs = (
            _OF_STATES[prediction](self.evaluations, model)
            for model in (MODEL, baseline)
        )
        return bool(theirs) and compare_states(ours, theirs).worse


def _means(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The means over test dates, each counting as the rows that it has: so a mean loss is that over all rows."""
    figures = rows[list(COMPARED)].astype(float)
    known = figures.notna().mul(rows["n"], axis=0)
    grouped = [rows[key] for key in keys]
    sums = (figures * known).groupby(grouped, sort=False).sum()
    counted = known.groupby(grouped, sort=False).sum()
    sizes = rows.groupby(list(keys), sort=False)[["n", "positives"]].mean()
    return pd.concat([sizes, sums / counted], axis=1).reset_index()
