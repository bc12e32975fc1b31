"""A fold: one test date, with what was fitted on what was known by then, and what that said beside every baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from models.fitted.boosting import Setting
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Matrix
from models.fitted.learner import OURS
from models.fitted.migration import MigrationModel, quadrant_codes, states
from models.score.horizon import MIGRATION_HORIZON, risk_column
from training.evaluation.outcomes import Outcome, Row, StateOutcome
from training.fitting.baselines import (
    READ,
    Risk,
    answer_baselines,
    defection_baselines,
    migration_baselines,
)
from training.fitting.design import Design
from training.fitting.models import ONE, Models, design_of, fit_models
from training.fitting.rivals import MODEL, Learners, fit_rivals
from training.metrics import defection_figures, migration_figures
from training.past.training_set import TrainingSet

CONSTANT = "constant"
"""The baseline of the silent share: that of all leavers."""


@dataclass(frozen=True)
class Fold:
    """What was fitted at a test date, and the rows that it is tested on.

    Attributes:
        known: what was known at the date.
        test: the cohort of the date, with what happened to it since.
        design: the rows of what was known, as models read them.
        models: fitted on them.
        rivals: models by other learners, by their names.
        matrix: the cohort, encoded.
        said: the risks of the cohort, by the model and by each rival.
    """

    known: TrainingSet
    test: TrainingSet
    design: Design
    models: Models
    rivals: Mapping[str, DefectionModel]
    matrix: Matrix
    said: Mapping[str, pd.DataFrame]

    @property
    def risks(self) -> pd.DataFrame:
        """What the model says of the cohort."""
        return self.said[MODEL]

    def outcomes(self, horizons: Sequence[int]) -> list[Outcome]:
        """What the model, the baselines and the rivals said, at each horizon that the model knows."""
        found = []
        for horizon in horizons:
            if risk_column(horizon) in self.risks:
                found += self._outcomes(horizon)
        return found

    def migration(self) -> tuple[list[Row], list[StateOutcome]]:
        """Figures of migration and what each model said; none without surveys."""
        model = self.models.migration
        if model is None or self.known.state is None or self.test.state is None:
            return [], []
        happened = self.test.state.dropna()
        column = risk_column(MIGRATION_HORIZON)
        if not len(happened) or column not in self.risks:
            return [], []
        risk = self.risks.loc[happened.index, column].to_numpy()
        ours = states(self._quadrants(model, happened.index), risk).to_numpy()
        baselines = migration_baselines(self.design, self.known.state.dropna())
        return self._described(ours, baselines, happened)

    def answers(self) -> tuple[list[Row], list[StateOutcome]]:
        """Figures of the next answer and what each model said, of those who answered."""
        model = self.models.migration
        if model is None or model.answer is None:
            return [], []
        if self.known.answer is None or self.test.answer is None:
            return [], []
        happened = self.test.answer.dropna()
        if happened.empty:
            return [], []
        ours = self._quadrants(model.answer, happened.index)
        baselines = answer_baselines(self.design, self.known.answer.dropna())
        return self._described(ours, baselines, happened)

    def silent(self) -> list[Row]:
        """Figures of the silent share beside the constant one, on those who left."""
        share = self.models.defection.silence
        left = self.test.left.get(MIGRATION_HORIZON)
        if share is None or left is None or self.test.silent is None:
            return []
        happened = self.test.silent[left == 1].dropna()
        if happened.empty:
            return []
        silent = happened.to_numpy(dtype=np.float64)
        ours = share.shares(self.matrix[self._places(happened.index)])
        shares = {MODEL: ours, CONSTANT: np.full(len(silent), share.constant)}
        return [
            {
                "model": name,
                "horizon": MIGRATION_HORIZON,
                **defection_figures(silent, share),
            }
            for name, share in shares.items()
        ]

    def _outcomes(self, horizon: int) -> list[Outcome]:
        happened = self.test.left[horizon].dropna()
        if happened.empty:
            return []
        frame = self.test.frame.loc[happened.index]
        accounts = frame["account_id"].to_numpy(dtype=object)
        column = risk_column(horizon)
        said = {MODEL: self.risks.loc[happened.index, column].to_numpy()}
        for name, baseline in self._baselines(horizon).items():
            said[name] = baseline(frame)
        for name in self.rivals:
            said[name] = self.said[name].loc[happened.index, column].to_numpy()
        left = happened.to_numpy()
        return [Outcome(n, horizon, left, risk, accounts) for n, risk in said.items()]

    def _baselines(self, horizon: int) -> Mapping[str, Risk]:
        learned = self.known.left[horizon].dropna()
        read = self.known.frame.loc[learned.index, list(READ)]
        weight = self.known.weight[learned.index].to_numpy()
        ours = self.rivals.get(OURS, self.models.defection)
        linear = ours.blend(horizon).linear
        return defection_baselines(read, learned, weight, ours.encoding, linear)

    def _quadrants(self, model: MigrationModel, index: pd.Index) -> Matrix:
        matrix = self.matrix[self._places(index)]
        return model.quadrants(self.test.frame.loc[index], matrix)

    def _places(self, index: pd.Index) -> npt.NDArray[np.intp]:
        return self.test.frame.index.get_indexer(index)

    def _described(
        self, ours: Matrix, baselines: Mapping[str, Risk], happened: pd.Series
    ) -> tuple[list[Row], list[StateOutcome]]:
        """What each model said of some rows and what happened, in figures and row by row."""
        frame = self.test.frame.loc[happened.index]
        today, state = frame["quadrant"].to_numpy(np.float64), happened.to_numpy()
        accounts = frame["account_id"].to_numpy(dtype=object)
        codes, later = quadrant_codes(frame), state.astype(np.int64)
        said = {MODEL: ours}
        for name, baseline in baselines.items():
            said[name] = baseline(frame)
        rows: list[Row] = []
        outcomes = []
        for name, chances in said.items():
            figures = migration_figures(state, chances, today)
            rows.append({"model": name, "horizon": MIGRATION_HORIZON, **figures})
            outcomes.append(StateOutcome(name, codes, later, chances, accounts))
        return rows, outcomes


def fit_fold(
    known: TrainingSet, test: TrainingSet, setting: Setting, learners: Learners
) -> Fold:
    """Fits the models and their rivals at a test date.

    Args:
        known: what was known at the date.
        test: the cohort of the date.
        setting: how boosters are grown.
        learners: who fits the risks.

    Raises:
        EvidenceError: too few accounts have left, or stayed, for any horizon.
    """
    design = design_of(known, setting)
    models = fit_models(known, setting, {}, design, learners.model)
    matrix = design.encoding.matrix(test.frame)
    said = {MODEL: models.defection.risks(test.frame, matrix)}
    with threadpool_limits(ONE):
        rivals = fit_rivals(learners, known, design, setting)
        for name, rival in rivals.items():
            said[name] = rival.risks(test.frame, matrix)
    return Fold(known, test, design, models, rivals, matrix, said)
