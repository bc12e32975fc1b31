"""What one would use instead: simple predictions that the models are always printed beside.

Each is fitted on the same training set as the models. A baseline of one column is a logistic regression on it, so that
it ranks accounts as the column does and still gives probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from features.index import KNOWN
from models.calibration import sigmoid, softmax
from models.encoding import Encoding, Matrix
from models.linear import Linear, fit_linear
from models.migration import markov_matrix, quadrant_codes
from models.states import DEFECTED, STATES

Array = npt.NDArray[np.float64]
Risk = Callable[[pd.DataFrame], Array]

SINGLE_COLUMNS: Mapping[str, str] = {"recency": "days_silent", "rhythm": "silence_chance"}
"""Baselines of one column, by name."""
QUADRANT = "quadrant"
"""The baseline of the quadrant of today: the share of it that leaves."""


def defection_baselines(frame: pd.DataFrame, left: pd.Series, encoding: Encoding, linear: Linear) -> dict[str, Risk]:
    """Fitted baselines of defection, by name: recency, rhythm, quadrant (where there is one), logistic.

    Args:
        frame: snapshots.
        left: 1 has left, 0 stays; rows as in frame.
        encoding: the columns that the logistic regression reads.
        linear: the logistic regression on all of them, fitted on the same rows.
    """
    outcome = left.to_numpy(dtype=np.float64)
    fitted = {name: _of_column(frame, outcome, column) for name, column in SINGLE_COLUMNS.items()}
    if frame["quadrant"].notna().any():
        fitted[QUADRANT] = _of_quadrant(frame, outcome)
    fitted["logistic"] = lambda rows: sigmoid(linear.raw(encoding.matrix(rows)))
    return fitted


def migration_baselines(
    frame: pd.DataFrame, state: pd.Series, encoding: Encoding
) -> dict[str, Callable[[pd.DataFrame], Matrix]]:
    """Fitted baselines of migration, by name: stay_put, empirical_markov, logistic; each gives chances of all states.

    Args:
        frame: snapshots.
        state: code of the state at the horizon; rows as in frame.
        encoding: the columns that the logistic regression reads.
    """
    codes = state.to_numpy(dtype=np.int64)
    return {
        "stay_put": _stay_put(frame, codes),
        "empirical_markov": _empirical_markov(frame, codes),
        "logistic": _logistic(frame, codes, encoding),
    }


def _of_column(frame: pd.DataFrame, outcome: Array, column: str) -> Risk:
    logarithm = FunctionTransformer(np.log1p)
    model = make_pipeline(SimpleImputer(), logarithm, StandardScaler(), LogisticRegression())
    model.fit(frame[[column]].to_numpy(), outcome)
    return lambda rows: model.predict_proba(rows[[column]].to_numpy())[:, 1]


def _of_quadrant(frame: pd.DataFrame, outcome: Array) -> Risk:
    today = quadrant_codes(frame)
    sizes = np.bincount(today, minlength=len(KNOWN) + 1)
    leavers = np.bincount(today, weights=outcome, minlength=len(KNOWN) + 1)
    rates = (leavers + outcome.mean()) / (sizes + 1.0)
    return lambda rows: np.asarray(rates[quadrant_codes(rows)])


def _stay_put(frame: pd.DataFrame, state: npt.NDArray[np.int64]) -> Callable[[pd.DataFrame], Matrix]:
    """Everybody stays where they are; the moves that are seen all the same are spread as the states are."""
    shares = (np.bincount(state, minlength=len(STATES)) + 1.0) / (len(state) + len(STATES))
    today = quadrant_codes(frame)
    stayed = float(np.mean(state[today < DEFECTED] == today[today < DEFECTED])) if (today < DEFECTED).any() else 0.0
    chances = np.tile(shares, (len(KNOWN) + 1, 1))
    for quadrant in range(len(KNOWN)):
        elsewhere = np.where(np.arange(len(STATES)) == quadrant, 0.0, shares)
        chances[quadrant] = (1.0 - stayed) * elsewhere / elsewhere.sum()
        chances[quadrant, quadrant] = stayed
    return lambda rows: np.asarray(chances[quadrant_codes(rows)])


def _empirical_markov(frame: pd.DataFrame, state: npt.NDArray[np.int64]) -> Callable[[pd.DataFrame], Matrix]:
    chances = markov_matrix(quadrant_codes(frame), state, len(STATES))
    return lambda rows: np.asarray(chances[quadrant_codes(rows)])


def _logistic(
    frame: pd.DataFrame, state: npt.NDArray[np.int64], encoding: Encoding
) -> Callable[[pd.DataFrame], Matrix]:
    seen = np.unique(state)
    if len(seen) == 1:
        return lambda rows: np.tile(np.eye(len(STATES))[seen[0]], (len(rows), 1))
    model = fit_linear(encoding.matrix(frame), state.astype(np.float64), encoding.text_positions)

    def chances(rows: pd.DataFrame) -> Matrix:
        raw = model.raw(encoding.matrix(rows))
        everything = np.zeros((len(rows), len(STATES)))
        everything[:, seen] = softmax(raw if raw.ndim == 2 else np.column_stack([np.zeros(len(raw)), raw]))
        return everything

    return chances
