"""The line that calibrates the log-odds of a peer, kept only if it helps.

An earlier model is fitted on as-of dates whose labels were known before the calibration dates, a line is fitted on all
of these but the newest, and it is kept only if it surely lowers the log loss on the newest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models.fitted.calibration import Calibration
from training.fitting.models import helps
from training.metrics import Array, log_losses
from training.past.enough import fewest

FEWEST_TO_CALIBRATE = 30
"""The fewest accounts that left, and that stayed, on either side of a calibration (docs/adr/0011)."""
EVIDENCE = 3.0
"""By how many standard errors a line must lower the loss on the newest of its dates (docs/adr/0012)."""


def fit_calibration(log_odds: Array, left: Array) -> Calibration:
    """The line that fits outcomes best.

    Args:
        log_odds: raw, shape (rows,).
        left: 1 has left, 0 stays, both at least once.
    """
    model = LogisticRegression(C=1e6)
    model.fit(log_odds[:, None], left)
    (slope,), (intercept,) = model.coef_[0], model.intercept_
    return Calibration(float(slope), float(intercept))


def line_that_helps(
    log_odds: pd.Series, left: pd.Series, frame: pd.DataFrame, slices: list[int]
) -> Calibration | None:
    """The line of all calibration dates, if one fitted on all but the newest helps on the newest.

    Args:
        log_odds: by a model that has not seen the calibration dates.
        left: 1 has left, 0 stayed; rows as in log_odds.
        frame: ``account_id`` and ``as_of_us`` of the rows.
        slices: the calibration dates.
    """
    old, new = frame["as_of_us"].isin(slices[:-1]), frame["as_of_us"] == slices[-1]
    accounts = frame["account_id"]
    if (
        min(fewest(accounts, left[old]), fewest(accounts, left[new]))
        < FEWEST_TO_CALIBRATE
    ):
        return None
    happened = left[new].to_numpy(dtype=np.int64)

    def losses(line: Calibration) -> Array:
        risk = line.probability(log_odds[new].to_numpy())
        return log_losses(np.column_stack([1.0 - risk, risk]), happened)

    line = fit_calibration(log_odds[old].to_numpy(), left[old].to_numpy())
    refitted = fit_calibration(
        log_odds[old | new].to_numpy(), left[old | new].to_numpy()
    )
    return (
        refitted
        if helps(losses(line), losses(Calibration()), EVIDENCE) and refitted.slope > 0
        else None
    )
