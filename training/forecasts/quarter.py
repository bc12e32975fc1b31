"""A quarter: the accounts at its beginning, what was said of each, and, of one that is over, what happened.

A quarter is the 90 days of the migration horizon, from any day: it is what the models give chances of, and every day of
the history can begin one, so that the newest past quarter ends just before the coming one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engine import day_of
from features.quadrants import KNOWN, Quadrant
from features.timeline.rows import Floats, Ints
from models.score.horizon import MIGRATION_HORIZON, risk_column, state_column
from models.score.states import DEFECTED, STATES

RISK = risk_column(MIGRATION_HORIZON)
PLACES = (*(str(quadrant) for quadrant in KNOWN), str(Quadrant.UNKNOWN))
"""Where an account may stand at the beginning, by code."""

SURE = 1e-9
"""The least chance to be here that is divided by."""


@dataclass(frozen=True)
class Quarter:
    """The cohort of a day and its next 90 days; arrays have a row for each account.

    Attributes:
        as_of: the day it begins with, in microseconds since 1970.
        accounts: their ids.
        today: code of the quadrant at the beginning, 4 for unknown.
        risk: the chance to leave within the quarter; missing where it was not told.
        chances: those of the states at its end, shape (rows, 5); missing where the book has no surveys.
        value: what each account is worth a year; missing where nothing tells.
        left: 1 has left, 0 has stayed, missing where that is not known; empty of a quarter that is to come.
        state: code of the state at the end, 4 for left, missing where it is not known; empty likewise.
    """

    as_of: int
    accounts: npt.NDArray[np.object_]
    today: Ints
    risk: Floats
    chances: Floats
    value: Floats
    left: Floats = field(default_factory=lambda: np.empty(0))
    state: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def stayed(self) -> npt.NDArray[np.bool_]:
        """Which accounts are known to be here at the end, and in which quadrant."""
        return self.state < DEFECTED

    @property
    def if_here(self) -> Floats:
        """The chances of the quadrants at the end given that the account is still here, shape (rows, 4)."""
        here = 1.0 - self.chances[:, DEFECTED:]
        chances: Floats = self.chances[:, :DEFECTED] / np.maximum(here, SURE)
        return chances

    @property
    def day(self) -> str:
        """The day it begins with, as ISO 8601."""
        return str(day_of(self.as_of))


def coming(scores: pd.DataFrame, as_of: int) -> Quarter:
    """The quarter that begins with a night.

    Args:
        scores: of all accounts, see `models.score.columns`.
        as_of: the moment that they look from, in microseconds since 1970.
    """
    codes = {name: code for code, name in enumerate(PLACES)}
    today = [codes[name] for name in scores["quadrant"]]
    columns = [state_column(state) for state in STATES]
    return Quarter(
        as_of,
        accounts=scores["account_id"].to_numpy(dtype=object),
        today=np.array(today, dtype=np.int64),
        risk=scores[RISK].to_numpy(dtype=np.float64),
        chances=scores[columns].to_numpy(dtype=np.float64),
        value=scores["value"].to_numpy(dtype=np.float64),
    )
