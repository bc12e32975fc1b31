"""Fitting: both models on a training set, that of migration calibrated where that helps.

Calibration needs outcomes that the calibrated model has not seen: an earlier model is fitted on as-of dates whose
labels were known before the calibration dates, a line is fitted on all of these but the newest, and it is kept only if
it lowers the log loss on the newest. Where the history has no room for that the chances are left as they are, and so
are those of defection: a line of an earlier, weaker model did harm there (docs/adr/0022).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from features.engine import MICROS_PER_DAY
from features.errors import BY_RULES, EvidenceError
from models.fitted.boosting import Setting
from models.fitted.calibration import StateCalibration
from models.fitted.defection import DefectionModel
from models.fitted.encoding import Matrix
from models.fitted.migration import MigrationModel, quadrant_codes
from models.score.horizon import MIGRATION_HORIZON
from models.score.states import DEFECTED
from training.fitting.baselines import Codes
from training.fitting.calibration import fit_state_calibration
from training.fitting.defection import fit_defection
from training.fitting.design import Design, make_design
from training.fitting.encoding import encoding_of
from training.fitting.learner import Learner
from training.fitting.migration import fit_migration
from training.fitting.silence import fit_silence
from training.metrics import Array, log_losses
from training.past.enough import FEWEST_OF_EACH, FEWEST_QUADRANTS, fewest
from training.past.training_set import TrainingSet

ONE = 1
"""Threads of the algebra below: models are fitted side by side, and more would only wait for each other."""
CALIBRATION_DATES = 3


@dataclass(frozen=True)
class Models:
    """The models of one book; without surveys there is no migration."""

    defection: DefectionModel
    migration: MigrationModel | None


def fit_models(
    data: TrainingSet,
    setting: Setting,
    facts: Mapping[str, object],
    design: Design | None = None,
    learner: Learner | None = None,
) -> Models:
    """Fits both models.

    Args:
        data: the training set.
        setting: how boosters of defection are grown; a tree of migration has twice the columns.
        facts: for the record, kept with the models.
        design: of the training set, with the bins of the setting; made where left out.
        learner: who fits the risks; ours where left out.

    Raises:
        EvidenceError: too few accounts have left, or stayed, for any horizon.
    """
    _require_leavers(data)
    with threadpool_limits(ONE):
        return _fit(
            data,
            design or design_of(data, setting),
            setting,
            facts,
            learner,
        )


def _require_leavers(data: TrainingSet) -> None:
    """Raises `EvidenceError` where no horizon has enough leavers and stayers to fit a model on."""
    most = max(
        fewest(data.frame["account_id"], data.left[horizon].dropna())
        for horizon in data.left
    )
    if most < FEWEST_OF_EACH:
        raise EvidenceError(
            found=f"only {most} accounts that left, or that stayed, with an outcome known by then",
            expected=f"at least {FEWEST_OF_EACH} of each at one horizon",
            mend=f"give a longer history, or a shorter quiet period with --quiet; until then {BY_RULES}",
        )


def design_of(data: TrainingSet, setting: Setting) -> Design:
    """The rows of a training set as models read them."""
    return make_design(
        data.frame, encoding_of(data), setting.bins, data.weight.to_numpy()
    )


def _fit(
    data: TrainingSet,
    design: Design,
    setting: Setting,
    facts: Mapping[str, object],
    learner: Learner | None,
) -> Models:
    model = fit_defection(design, data.left, setting, facts, learner)
    share = (
        None
        if data.silent is None
        else fit_silence(data.frame, data.silent, design.encoding)
    )
    model = replace(model, silence=share)
    moving = _migration(data, design, setting.wider, facts)
    if moving is not None:
        moving = replace(moving, answer=_answer(data, design, setting, facts))
    return Models(model, moving)


def _migration(
    data: TrainingSet,
    design: Design,
    setting: Setting,
    facts: Mapping[str, object],
) -> MigrationModel | None:
    if data.state is None or int((data.state < DEFECTED).sum()) < FEWEST_QUADRANTS:
        return None
    model = fit_migration(design, data.state, setting, facts)
    stayed = data.state[data.state < DEFECTED]
    line = _state_calibration(design, stayed, setting, data.delay_days)
    return model if line is None else replace(model, calibration=line)


def _answer(
    data: TrainingSet, design: Design, setting: Setting, facts: Mapping[str, object]
) -> MigrationModel | None:
    """The model of the next answer, of those who answered; neither calibrated nor of wider trees (docs/adr/0023)."""
    if data.answer is None or data.answer.notna().sum() < FEWEST_QUADRANTS:
        return None
    return fit_migration(design, data.answer, setting, facts)


@dataclass(frozen=True)
class _Said:
    """What an earlier model said of rows that it has not seen, and what happened to them."""

    log_chances: Matrix
    today: Codes
    later: Codes
    weight: Array

    def of(self, rows: pd.Series) -> _Said:
        """That of some of the rows."""
        kept = rows.to_numpy()
        return _Said(*(values[kept] for values in vars(self).values()))

    def line(self) -> StateCalibration:
        """The line that fits it."""
        return fit_state_calibration(
            self.log_chances, self.today, self.later, self.weight
        )

    def losses(self, line: StateCalibration) -> Array:
        """The log loss of each row with a line."""
        return log_losses(line.chances(self.log_chances, self.today), self.later)


def _state_calibration(
    design: Design, state: pd.Series, setting: Setting, delay_days: int
) -> StateCalibration | None:
    stayed = design.frame.loc[state.index, ["as_of_us", "quadrant"]]
    as_of = stayed["as_of_us"]
    earlier, slices = part(as_of, MIGRATION_HORIZON + delay_days)
    old, new = as_of.isin(slices[:-1]), as_of == slices[-1]
    fewest_rows = min(earlier.sum(), old.sum(), new.sum())
    if len(slices) < 2 or fewest_rows < FEWEST_QUADRANTS:
        return None
    model = fit_migration(design, state[earlier], setting, {})
    places = design.places(state.index)
    said = _Said(
        model.log_chances(stayed, design.matrix[places]),
        quadrant_codes(stayed),
        state.to_numpy(dtype=np.int64),
        design.weights(places),
    )
    newest, line = said.of(new), said.of(old).line()
    if not helps(newest.losses(line), newest.losses(StateCalibration())):
        return None
    return said.of(old | new).line()


def part(as_of: pd.Series, gap_days: int) -> tuple[pd.Series, list[int]]:
    """Parts rows for calibration: which of them an earlier model is fitted on, and the dates of the others.

    Args:
        as_of: of each row, in microseconds since 1970.
        gap_days: from an as-of date until its outcome is known.

    Returns:
        A boolean for each row, true where its outcome was known at the first of the calibration dates; and these, the
        last ``CALIBRATION_DATES`` of the rows, oldest first.
    """
    slices = sorted(as_of.unique())[-CALIBRATION_DATES:]
    return as_of + gap_days * MICROS_PER_DAY <= slices[0], slices


def helps(after: Array, before: Array, errors: float = 0.0) -> bool:
    """Whether losses fell by more than so many standard errors of their mean difference."""
    gained = before - after
    return bool(gained.mean() > errors * gained.std() / np.sqrt(len(gained)))
