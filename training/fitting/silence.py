"""Fits which share of the risk is silent, see `models.fitted.silence`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.fitted.encoding import Encoding
from models.fitted.silence import Silence
from training.fitting.regression import fit_linear

FEWEST_ACCOUNTS = 10
"""The fewest accounts that left silently, and the fewest that left overtly, that the regression is fitted on."""


PRIOR = 1.0
"""Accounts of each sort that are assumed before any are seen: every share is as likely as every other."""


def fit_silence(
    frame: pd.DataFrame, silent: pd.Series, encoding: Encoding
) -> Silence | None:
    """Fits the share on leavers.

    The penalty of the regression does not depend on how many leavers there are, so the fewer there are the nearer the
    share of each row is to that of all.

    Args:
        frame: snapshots of the training set.
        silent: 1 left silently, 0 overtly, missing for all others; rows as in frame.
        encoding: which columns are read.

    Returns:
        None where no leaver is known to be of either sort.
    """
    known = silent.dropna()
    if known.empty:
        return None
    leavers = frame.loc[known.index]
    quiet, loud = (
        leavers.loc[known == sort, "account_id"].nunique() for sort in (1.0, 0.0)
    )
    constant = (quiet + PRIOR) / (quiet + loud + 2 * PRIOR)
    if min(quiet, loud) < FEWEST_ACCOUNTS:
        return Silence(constant)
    outcome = known.to_numpy(dtype=np.float64)
    return Silence(
        constant, fit_linear(encoding.matrix(leavers), outcome, encoding.text_positions)
    )
