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

from features.quadrants import KNOWN
from models.fitted.calibration import sigmoid, softmax
from models.fitted.encoding import Encoding, Matrix
from models.fitted.linear import Linear
from models.fitted.migration import quadrant_codes
from models.score.states import DEFECTED, STATES
from training.fitting.design import Design
from training.fitting.migration import markov_matrix

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Risk = Callable[[pd.DataFrame], Array]

SINGLE_COLUMNS: Mapping[str, str] = {
    "recency": "days_silent",
    "rhythm": "silence_chance",
}
"""Baselines of one column, by name."""
QUADRANT = "quadrant"
"""The baseline of the quadrant of today: the share of it that leaves."""
NAMES = (*SINGLE_COLUMNS, QUADRANT, "logistic")
"""The names of the baselines of defection."""
READ = (*SINGLE_COLUMNS.values(), QUADRANT)
"""The columns that baselines of defection are fitted on, save the logistic regression."""


def defection_baselines(
    frame: pd.DataFrame,
    left: pd.Series,
    weight: Array,
    encoding: Encoding,
    linear: Linear,
) -> dict[str, Risk]:
    """Fitted baselines of defection, by name: recency, rhythm, quadrant (where there is one), logistic.

    Args:
        frame: snapshots; of their columns only `READ` matter.
        left: 1 has left, 0 stays; rows as in frame.
        weight: for how many rows each counts.
        encoding: the columns that the logistic regression reads.
        linear: the logistic regression on all of them, fitted on the same rows.
    """
    outcome = left.to_numpy(dtype=np.float64)
    fitted = {
        name: _of_column(frame, outcome, weight, column)
        for name, column in SINGLE_COLUMNS.items()
    }
    if frame["quadrant"].notna().any():
        fitted[QUADRANT] = _of_quadrant(frame, outcome, weight)
    fitted["logistic"] = lambda rows: sigmoid(linear.raw(encoding.matrix(rows)))
    return fitted


def migration_baselines(
    design: Design, state: pd.Series
) -> dict[str, Callable[[pd.DataFrame], Matrix]]:
    """Fitted baselines of migration, by name: stay_put, empirical_markov, logistic; each gives chances of all states.

    Args:
        design: the rows of a training set.
        state: code of the state at the horizon; its rows are some of the design's or all of them.
    """
    today = quadrant_codes(design.frame.loc[state.index, ["quadrant"]])
    codes = state.to_numpy(dtype=np.int64)
    places = design.places(state.index)
    weight = design.weights(places)
    return {
        "stay_put": _stay_put(today, codes, weight),
        "empirical_markov": _empirical_markov(today, codes, weight, len(STATES)),
        "logistic": _logistic(design, places, codes, weight),
    }


def answer_baselines(
    design: Design, answer: pd.Series
) -> dict[str, Callable[[pd.DataFrame], Matrix]]:
    """The fitted baseline of the next answer: what usually follows the quadrant of today, of four quadrants.

    Args:
        design: the rows of a training set.
        answer: code of the quadrant of the next answer; its rows are some of the design's or all of them.
    """
    today = quadrant_codes(design.frame.loc[answer.index, ["quadrant"]])
    codes = answer.to_numpy(dtype=np.int64)
    weight = design.weights(design.places(answer.index))
    return {"empirical_markov": _empirical_markov(today, codes, weight, len(KNOWN))}


def _of_column(frame: pd.DataFrame, outcome: Array, weight: Array, column: str) -> Risk:
    logarithm = FunctionTransformer(np.log1p)
    model = make_pipeline(
        SimpleImputer(), logarithm, StandardScaler(), LogisticRegression()
    )
    model.fit(
        frame[[column]].to_numpy(), outcome, logisticregression__sample_weight=weight
    )
    return lambda rows: model.predict_proba(rows[[column]].to_numpy())[:, 1]


def _of_quadrant(frame: pd.DataFrame, outcome: Array, weight: Array) -> Risk:
    today = quadrant_codes(frame)
    sizes = np.bincount(today, weights=weight, minlength=len(KNOWN) + 1)
    leavers = np.bincount(today, weights=weight * outcome, minlength=len(KNOWN) + 1)
    rates = (leavers + np.average(outcome, weights=weight)) / (sizes + 1.0)
    return lambda rows: np.asarray(rates[quadrant_codes(rows)])


def _stay_put(
    today: Codes, state: Codes, weight: Array
) -> Callable[[pd.DataFrame], Matrix]:
    """Everybody stays where they are; the moves that are seen all the same are spread as the states are."""
    counts = np.bincount(state, weights=weight, minlength=len(STATES)) + 1.0
    shares = counts / (weight.sum() + len(STATES))
    known, stayed = today < DEFECTED, 0.0
    if known.any():
        same = state[known] == today[known]
        stayed = float(np.average(same, weights=weight[known]))
    chances = np.tile(shares, (len(KNOWN) + 1, 1))
    for quadrant in range(len(KNOWN)):
        chances[quadrant, quadrant] = 0.0
        moved = chances[quadrant] / chances[quadrant].sum()
        chances[quadrant] = (1.0 - stayed) * moved
        chances[quadrant, quadrant] = stayed
    return lambda rows: np.asarray(chances[quadrant_codes(rows)])


def _empirical_markov(
    today: Codes, state: Codes, weight: Array, states: int
) -> Callable[[pd.DataFrame], Matrix]:
    chances = markov_matrix(today, state, weight, states)
    return lambda rows: np.asarray(chances[quadrant_codes(rows)])


def _logistic(
    design: Design, places: Codes, state: Codes, weight: Array
) -> Callable[[pd.DataFrame], Matrix]:
    seen = np.unique(state)
    if len(seen) == 1:
        return lambda rows: np.tile(np.eye(len(STATES))[seen[0]], (len(rows), 1))
    model = design.standardised.fit(places, state.astype(np.float64), weight)

    def chances(rows: pd.DataFrame) -> Matrix:
        raw = model.raw(design.encoding.matrix(rows))
        everything = np.zeros((len(rows), len(STATES)))
        if raw.ndim == 1:
            raw = np.column_stack([np.zeros(len(raw)), raw])
        everything[:, seen] = softmax(raw)
        return everything

    return chances
