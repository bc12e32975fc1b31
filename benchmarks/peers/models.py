"""Pinch and its peers, as they learn."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd

from benchmarks.peers.buying import bought_again
from benchmarks.peers.exams import Lesson
from benchmarks.peers.libraries import fit_catboost, fit_flaml, fit_lightgbm
from benchmarks.shared.resampling import Array
from models.fitted.boosting import Setting
from models.fitted.encoding import Matrix
from models.score.horizon import risk_column
from training.fitting.baselines import defection_baselines
from training.fitting.bgnbd import fit_bgnbd
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.fitting.regression import fit_linear

Risk = Callable[[pd.DataFrame], Array]
PINCH = "Pinch"
RFV = (
    "days_since_purchase",
    "days_on_record",
    "purchases_90d",
    "purchases_365d",
    "purchases_ever",
    "mean_purchase",
    "spent_365d",
    "spent_ever",
)
"""Recency, frequency and value of the purchases, and how long an account is known."""
Peer = Callable[[Lesson], Risk]


def peers_at_hand(budget: int) -> dict[str, Peer]:
    """Pinch and its peers by name, as far as they are installed.

    Args:
        budget: seconds of each search by FLAML.
    """
    peers: dict[str, Peer] = {
        PINCH: pinch,
        "recency": lambda lesson: _baseline(lesson, "recency"),
        "logistic regression": lambda lesson: _baseline(lesson, "logistic"),
        "BG/NBD": bgnbd,
    }
    fits = {
        "LightGBM": fit_lightgbm,
        "CatBoost": fit_catboost,
        "FLAML": lambda *rows: fit_flaml(*rows, budget),
    }
    for name, fit in fits.items():
        if find_spec(name.lower()) is not None:
            peers[name] = lambda lesson, fit=fit: on_columns(lesson, fit, rfv)  # type: ignore[misc]
            peers[f"{name}, all columns"] = lambda lesson, fit=fit: on_columns(
                lesson, fit, lesson.encoding.matrix
            )  # type: ignore[misc]
    return peers


def pinch(lesson: Lesson) -> Risk:
    """Pinch, in its one setting."""
    design = make_design(lesson.frame, lesson.encoding, Setting().bins)
    model = fit_defection(design, lesson.left.to_frame(), Setting(), {})
    return lambda rows: model.risks(rows)[
        risk_column(int(str(lesson.left.name)))
    ].to_numpy()


def bgnbd(lesson: Lesson) -> Risk:
    """The chance of buying nothing for as long as leaving takes, by what was bought alone."""
    model = fit_bgnbd(bought_again(lesson.buyers))
    return lambda rows: model.quiet(bought_again(rows), lesson.silent_weeks)


def on_columns(
    lesson: Lesson,
    fit: Callable[[Matrix, Array, Array], Callable[[Matrix], Matrix]],
    read: Callable[..., Matrix],
) -> Risk:
    """A classifier of some columns.

    Args:
        lesson: what it learns from.
        fit: gives, of a matrix, outcomes and codes of the accounts, the chances of both outcomes.
        read: gives the matrix of a frame.
    """
    accounts = pd.factorize(lesson.frame["account_id"])[0]
    chances = fit(read(lesson.frame), lesson.left.to_numpy(dtype=np.int64), accounts)
    return lambda rows: np.asarray(chances(read(rows)))[:, 1]


def rfv(frame: pd.DataFrame) -> Matrix:
    """Recency, frequency and value, a column each, see `RFV`."""
    return frame[list(RFV)].to_numpy(dtype=np.float64)


def _baseline(lesson: Lesson, name: str) -> Risk:
    matrix, outcome = (
        lesson.encoding.matrix(lesson.frame),
        lesson.left.to_numpy(dtype=np.float64),
    )
    linear = fit_linear(matrix, outcome, lesson.encoding.text_positions)
    return defection_baselines(
        lesson.frame, lesson.left, np.ones(len(matrix)), lesson.encoding, linear
    )[name]
