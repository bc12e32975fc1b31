"""Fitting: both models on a training set, calibrated where that helps.

Calibration needs outcomes that the calibrated model has not seen: an earlier model is fitted on as-of dates whose
labels were known before the calibration dates, a line is fitted on all of these but the newest, and it is kept only if
it lowers the log loss on the newest. Where the history has no room for that the log-odds are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from sklearn.metrics import log_loss

from features.engine import MICROS_PER_DAY
from features.errors import EvidenceError
from models import defection, migration
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
    return Models(replace(model, calibrations=lines), _migration(data, setting, encoding, facts))


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
    earlier, slices = part(as_of, horizon + delay_days)
    model = defection.fit(data.frame, left[earlier].to_frame(), encoding, setting, {})
    if not model.blends:
        return None
    raw = pd.Series(model.blends[horizon].raw(encoding.matrix(data.frame.loc[left.index])), left.index)
    return line_that_helps(raw, left, as_of, slices)


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


def line_that_helps(log_odds: pd.Series, left: pd.Series, as_of: pd.Series, slices: list[int]) -> Calibration | None:
    """The line of all calibration dates, if one fitted on all but the newest lowers the log loss on the newest.

    Args:
        log_odds: by a model that has not seen the calibration dates.
        left: 1 has left, 0 stayed; rows as in log_odds.
        as_of: of each row, in microseconds since 1970.
        slices: the calibration dates.
    """
    old, new = as_of.isin(slices[:-1]), as_of == slices[-1]
    if min(fewest(left[old]), fewest(left[new])) < FEWEST_OF_EACH:
        return None
    line = fit_calibration(log_odds[old].to_numpy(), left[old].to_numpy())
    before, after = (log_loss(left[new], c.probability(log_odds[new].to_numpy())) for c in (Calibration(), line))
    refitted = fit_calibration(log_odds[old | new].to_numpy(), left[old | new].to_numpy())
    return refitted if after < before and refitted.slope > 0 else None
