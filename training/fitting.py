"""Fitting: both models on a training set, calibrated where that helps.

Calibration needs outcomes that the calibrated model has not seen: an earlier model is fitted on as-of dates whose
labels were known before the calibration dates, a line is fitted on all of these but the newest, and it is kept only if
it surely lowers the log loss on the newest. Where the history has no room for that, or too few left for a line to be
more than chance, the log-odds are left as they are. Migration has more to calibrate on: there a lower loss is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from features.engine import MICROS_PER_DAY
from features.errors import BY_RULES, EvidenceError
from models import defection, migration, silence
from models.boosting import Setting
from models.calibration import Calibration, StateCalibration, fit_calibration, fit_state_calibration
from models.defection import DefectionModel, fewest
from models.encoding import Encoding
from models.enough import FEWEST_OF_EACH, FEWEST_QUADRANTS
from models.horizon import MIGRATION_HORIZON
from models.migration import MigrationModel, quadrant_codes
from models.states import DEFECTED
from training.dataset import TrainingSet
from training.evaluation import Array, log_losses

ONE = 1
"""Threads of the algebra below: models are fitted side by side, and more would only wait for each other."""
CALIBRATION_DATES = 3
FEWEST_TO_CALIBRATE = 30
"""The fewest accounts that left, and that stayed, on either side of a calibration (docs/adr/0011)."""
DEFECTION_EVIDENCE, MIGRATION_EVIDENCE = 3.0, 0.0
"""By how many standard errors a calibration must lower the loss on the newest of its dates (docs/adr/0012)."""


@dataclass(frozen=True)
class Models:
    """The models of one book; without surveys there is no migration."""

    defection: DefectionModel
    migration: MigrationModel | None


def fit_models(data: TrainingSet, setting: Setting, delay_days: int, facts: Mapping[str, object]) -> Models:
    """Fits both models.

    Args:
        data: the training set.
        setting: how boosters are grown.
        delay_days: how long labels take to become known after their horizon.
        facts: for the record, kept with the models.

    Raises:
        EvidenceError: too few accounts have left, or stayed, for any horizon.
    """
    with threadpool_limits(ONE):
        return _fit(data, setting, delay_days, facts)


def _fit(data: TrainingSet, setting: Setting, delay_days: int, facts: Mapping[str, object]) -> Models:
    encoding = data.encoding
    model = defection.fit(data.frame, data.left, encoding, setting, facts)
    if not model.blends:
        most = max(fewest(data.frame["account_id"], data.left[horizon]) for horizon in data.left)
        raise EvidenceError(
            found=f"only {most} accounts that left, or that stayed, with an outcome known by then",
            expected=f"at least {FEWEST_OF_EACH} of each at one horizon",
            mend=f"give a longer history, or a shorter quiet period with --quiet; until then {BY_RULES}",
        )
    lines = {h: line for h in model.blends if (line := _calibration(data, h, setting, encoding, delay_days))}
    share = None if data.silent is None else silence.fit(data.frame, data.silent, encoding)
    model = replace(model, calibrations=lines, silence=share)
    return Models(model, _migration(data, setting, encoding, delay_days, facts))


def _migration(
    data: TrainingSet, setting: Setting, encoding: Encoding, delay_days: int, facts: Mapping[str, object]
) -> MigrationModel | None:
    if data.state is None or int((data.state < DEFECTED).sum()) < FEWEST_QUADRANTS:
        return None
    model = migration.fit(data.frame, data.state, encoding, setting, facts)
    line = _state_calibration(data.frame, data.state[data.state < DEFECTED], setting, encoding, delay_days)
    return model if line is None else replace(model, calibration=line)


def _state_calibration(
    frame: pd.DataFrame, state: pd.Series, setting: Setting, encoding: Encoding, delay_days: int
) -> StateCalibration | None:
    stayed = frame.loc[state.index]
    earlier, slices = part(stayed["as_of_us"], MIGRATION_HORIZON + delay_days)
    old, new = stayed["as_of_us"].isin(slices[:-1]), stayed["as_of_us"] == slices[-1]
    if len(slices) < 2 or min(earlier.sum(), old.sum(), new.sum()) < FEWEST_QUADRANTS:
        return None
    model = migration.fit(frame, state[earlier], encoding, setting, {})
    log_chances, today = model.log_chances(stayed), quadrant_codes(stayed)
    later = state.to_numpy(dtype=np.int64)

    def fitted(on: pd.Series) -> StateCalibration:
        return fit_state_calibration(log_chances[on], today[on], later[on])

    def losses(line: StateCalibration) -> Array:
        return log_losses(line.chances(log_chances[new], today[new]), later[new])

    return fitted(old | new) if _helps(losses(fitted(old)), losses(StateCalibration()), MIGRATION_EVIDENCE) else None


def _calibration(
    data: TrainingSet, horizon: int, setting: Setting, encoding: Encoding, delay_days: int
) -> Calibration | None:
    left = data.left[horizon].dropna()
    rows = data.frame.loc[left.index]
    earlier, slices = part(rows["as_of_us"], horizon + delay_days)
    model = defection.fit(data.frame, left[earlier].to_frame(), encoding, setting, {})
    if not model.blends:
        return None
    raw = pd.Series(model.blends[horizon].raw(encoding.matrix(rows)), left.index)
    return line_that_helps(raw, left, rows, slices)


def part(as_of: pd.Series, gap_days: int) -> tuple[pd.Series, list[int]]:
    """Parts rows for calibration: which of them an earlier model is fitted on, and the dates of the others.

    Args:
        as_of: of each row, in microseconds since 1970.
        gap_days: from an as-of date until its outcome is known.

    Returns:
        A boolean for each row, true where its outcome was known at the first of the calibration dates; and these, the
        last `CALIBRATION_DATES` of the rows, oldest first.
    """
    slices = sorted(as_of.unique())[-CALIBRATION_DATES:]
    return as_of + gap_days * MICROS_PER_DAY <= slices[0], slices


def line_that_helps(log_odds: pd.Series, left: pd.Series, frame: pd.DataFrame, slices: list[int]) -> Calibration | None:
    """The line of all calibration dates, if one fitted on all but the newest helps on the newest.

    Args:
        log_odds: by a model that has not seen the calibration dates.
        left: 1 has left, 0 stayed; rows as in log_odds.
        frame: ``account_id`` and ``as_of_us`` of the rows.
        slices: the calibration dates.
    """
    old, new = frame["as_of_us"].isin(slices[:-1]), frame["as_of_us"] == slices[-1]
    accounts = frame["account_id"]
    if min(fewest(accounts, left[old]), fewest(accounts, left[new])) < FEWEST_TO_CALIBRATE:
        return None
    happened = left[new].to_numpy(dtype=np.int64)

    def losses(line: Calibration) -> Array:
        risk = line.probability(log_odds[new].to_numpy())
        return log_losses(np.column_stack([1.0 - risk, risk]), happened)

    line = fit_calibration(log_odds[old].to_numpy(), left[old].to_numpy())
    refitted = fit_calibration(log_odds[old | new].to_numpy(), left[old | new].to_numpy())
    return refitted if _helps(losses(line), losses(Calibration()), DEFECTION_EVIDENCE) and refitted.slope > 0 else None


def _helps(after: Array, before: Array, errors: float) -> bool:
    """Whether losses fell by more than so many standard errors of their mean difference."""
    gained = before - after
    return bool(gained.mean() > errors * gained.std() / np.sqrt(len(gained)))
