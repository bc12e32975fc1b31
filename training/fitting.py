"""Fitting: both models on a training set, calibrated where that helps.

Calibration needs outcomes that the calibrated model has not seen: an earlier model is fitted on as-of dates whose
labels were known before the calibration dates, a line is fitted on all of these but the newest, and it is kept only if
it lowers the log loss on the newest. Where the history has no room for that the log-odds are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss

from features.engine import MICROS_PER_DAY
from features.errors import EvidenceError
from models import defection, migration, silence
from models.boosting import Setting
from models.calibration import Calibration, fit_calibration
from models.defection import FEWEST_OF_EACH, DefectionModel, fewest
from models.encoding import Encoding
from models.migration import DEFECTED, MigrationModel
from training.dataset import TrainingSet

CALIBRATION_DATES = 3
FEWEST_QUADRANTS = 100
"""The fewest accounts with a quadrant at the horizon that migration is fitted on."""


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
    encoding = data.encoding
    model = defection.fit(data.frame, data.left, encoding, setting, facts)
    if not model.blends:
        raise EvidenceError(
            found=f"fewer than {FEWEST_OF_EACH} accounts that left, or that stayed, with an outcome known by then",
            expected=f"at least {FEWEST_OF_EACH} of each at one horizon",
            mend="give a longer history, or a shorter quiet period with --quiet",
        )
    lines = {h: line for h in model.blends if (line := _calibration(data, h, setting, encoding, delay_days))}
    share = None if data.silent is None else silence.fit(data.frame, data.silent, encoding)
    return Models(replace(model, calibrations=lines, silence=share), _migration(data, setting, encoding, facts))


def _migration(
    data: TrainingSet, setting: Setting, encoding: Encoding, facts: Mapping[str, object]
) -> MigrationModel | None:
    if data.state is None or int((data.state < DEFECTED).sum()) < FEWEST_QUADRANTS:
        return None
    return migration.fit(data.frame, data.state, encoding, setting, facts)


def _calibration(
    data: TrainingSet, horizon: int, setting: Setting, encoding: Encoding, delay_days: int
) -> Calibration | None:
    left = data.left[horizon].dropna()
    as_of = data.frame.loc[left.index, "as_of_us"]
    slices = np.sort(as_of.unique())[-CALIBRATION_DATES:]
    earlier = as_of + (horizon + delay_days) * MICROS_PER_DAY <= slices[0]
    model = defection.fit(data.frame, left[earlier].to_frame(), encoding, setting, {})
    if not model.blends or len(slices) < 2:
        return None
    raw = pd.Series(model.blends[horizon].raw(encoding.matrix(data.frame.loc[left.index])), left.index)
    old, new = as_of.isin(slices[:-1]), as_of == slices[-1]
    if min(fewest(left[old]), fewest(left[new])) < FEWEST_OF_EACH:
        return None
    line = fit_calibration(raw[old].to_numpy(), left[old].to_numpy())
    before, after = (log_loss(left[new], c.probability(raw[new].to_numpy())) for c in (Calibration(), line))
    refitted = fit_calibration(raw[old | new].to_numpy(), left[old | new].to_numpy())
    return refitted if after < before and refitted.slope > 0 else None
