"""The oracle: true probabilities of the accounts of a simulated company."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from company import World
from company.index import QUADRANTS
from features.engine import day_of

Array = npt.NDArray[np.float64]
Ask = Callable[[int, int], pd.DataFrame]
"""Asks the oracle: horizon and draws."""


def oracle_of(world: World, frame: pd.DataFrame) -> Ask:
    """The oracle's answers for the rows of a snapshot of one date; missing for those that have silently left."""
    as_of = day_of(int(frame["as_of_us"].iloc[0]))

    @cache
    def ask(horizon: int, draws: int) -> pd.DataFrame:
        told = world.oracle(as_of, horizon, draws).set_index("account_id")
        return told.reindex(frame["account_id"]).reset_index(drop=True)

    return ask


def leaving_truth(oracle: pd.DataFrame) -> Array:
    """True probabilities of staying and of leaving."""
    return stay_or_leave(oracle["p_defected"].to_numpy())


def stay_or_leave(risk: Array) -> Array:
    """Chances of staying and of leaving."""
    return np.column_stack([1.0 - risk, risk])


def state_truth(oracle: pd.DataFrame) -> Array:
    """True probabilities of the five states, as surveys will show them; a row lacks what surveys will not show."""
    return oracle[
        [*(f"p_observed_{name}" for name in QUADRANTS), "p_defected"]
    ].to_numpy()


def shares(truth: Array) -> Array:
    """Probabilities given that the outcome will be known: rows sum to 1."""
    return np.asarray(truth / truth.sum(axis=1, keepdims=True))


def one_hot(happened: pd.Series, outcomes: int) -> Array:
    """A 1 in each row for what happened; a row of zeros where that is not known."""
    return (happened.to_numpy(dtype=np.float64)[:, None] == np.arange(outcomes)).astype(
        np.float64
    )
