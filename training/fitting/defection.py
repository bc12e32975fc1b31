"""Fits the risk of defection, see `models.fitted.defection`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from models.fitted.boosting import Setting
from models.fitted.defection import DefectionModel
from models.fitted.learner import OURS, Fitted
from training.fitting.blend import fit_blend
from training.fitting.design import Design
from training.fitting.learner import Learner, fit_by
from training.past.enough import FEWEST_OF_EACH, fewest


def fit_defection(
    design: Design,
    left: pd.DataFrame,
    setting: Setting,
    facts: Mapping[str, object],
    learner: Learner | None = None,
) -> DefectionModel:
    """Fits a blend, or what another learner fits, for each horizon that has enough leavers and stayers.

    Args:
        design: the rows of the training set.
        left: a column for each horizon in days: 1 has left, 0 stays, missing where that is not known; its rows are some
            of the design's or all of them.
        setting: how boosters are grown.
        facts: for the record.
        learner: who fits; ours where left out.

    Raises:
        ModelError: what another learner fitted is not what it should be.
    """
    accounts = design.frame["account_id"]
    known = {int(horizon): left[horizon].dropna() for horizon in sorted(left.columns)}
    leavers = {horizon: fewest(accounts, outcome) for horizon, outcome in known.items()}
    enough = [horizon for horizon, fewer in leavers.items() if fewer >= FEWEST_OF_EACH]

    def fitted(horizon: int) -> Fitted:
        rows = design.places(known[horizon].index)
        outcome = known[horizon].to_numpy(dtype=np.float64)
        if learner is None:
            return fit_blend(design, rows, outcome, setting, leavers[horizon])
        weight, categorical = design.weights(rows), design.encoding.text_positions
        return fit_by(learner, design.matrix[rows], outcome, weight, categorical)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        blends = dict(zip(enough, pool.map(fitted, enough), strict=True))
    return DefectionModel(
        design.encoding,
        blends,
        facts=facts,
        learner=OURS if learner is None else learner.name,
        typical=_medians(design),
    )


def _medians(design: Design) -> dict[str, float]:
    """The median of each column that is a number, of the rows that know it."""
    text = design.encoding.text_positions
    medians = {}
    for place, column in enumerate(design.encoding.columns):
        known = design.matrix[~np.isnan(design.matrix[:, place]), place]
        if len(known) and place not in text:
            medians[column] = float(np.median(known))
    return medians
