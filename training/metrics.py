"""How good probabilities are: ranking, sharpness and calibration, each beside what it should be compared with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

Array = npt.NDArray[np.float64]

COMPARED = (
    *("auc", "pr_auc", "log_loss", "brier_skill", "base_rate", "mean_risk"),
    *("calibration_error", "calibration_floor", "lift_top_decile"),
)
"""The figures that are compared, kept and shown."""
BINS = 15
TOP = 0.1
FLOOR_DRAWS = 200
SURE = 1e-6


def defection_figures(left: Array, risk: Array) -> dict[str, float | int | None]:
    """The figures of a set of risks.

    Args:
        left: 1 has left, 0 stayed, shape (rows,).
        risk: probabilities, shape (rows,).

    Returns:
        n, positives, base_rate with the mean_risk that was expected, auc, pr_auc (average precision; a useless model
        has the base rate), log_loss, brier_skill (1 is perfect, 0 is as good as the base rate), calibration_error with
        its calibration_floor, lift_top_decile with its lift_maximum. None where a figure needs both leavers and
        stayers.
    """
    base = float(left.mean())
    both = 0.0 < base < 1.0
    brier = float(np.mean((risk - left) ** 2))
    return {
        "n": len(left),
        "positives": int(left.sum()),
        "base_rate": base,
        "mean_risk": float(risk.mean()),
        "auc": float(roc_auc_score(left, risk)) if both else None,
        "pr_auc": float(average_precision_score(left, risk)) if both else None,
        "log_loss": float(log_loss(left, np.clip(risk, SURE, 1 - SURE), labels=[0, 1])),
        "brier_skill": 1.0 - brier / (base * (1.0 - base)) if both else None,
        "calibration_error": calibration_error(left, risk),
        "calibration_floor": calibration_floor(risk),
        "lift_top_decile": lift(left, risk) if both else None,
        "lift_maximum": lift(left, left) if both else None,
    }


def migration_figures(
    state: Array, chances: Array, today: Array
) -> dict[str, float | int | None]:
    """The figures of a set of chances of the states.

    Args:
        state: code of the state at the horizon, shape (rows,).
        chances: shape (rows, states); rows sum to 1.
        today: code of the quadrant at the as-of date, missing for unknown.

    Returns:
        n, positives (those known to be in another state than today), base_rate, log_loss, brier_skill over all states
        against their shares, calibration_error (the mean over the states) with its calibration_floor; the other
        figures of `defection_figures` speak of two outcomes only, and are None.
    """
    happened = np.eye(chances.shape[1])[state.astype(np.int64)]
    usual = float(np.sum((happened.mean(axis=0) - happened) ** 2))
    moved = (state != today) & ~np.isnan(today)
    said = np.clip((chances * happened).sum(axis=1), SURE, 1.0)
    errors, floors = [], []
    for column in range(chances.shape[1]):
        errors.append(calibration_error(happened[:, column], chances[:, column]))
        floors.append(calibration_floor(chances[:, column]))
    skill = None
    if usual > 0:
        skill = float(1.0 - np.sum((chances - happened) ** 2) / usual)
    return {
        "n": len(state),
        "positives": int(moved.sum()),
        "base_rate": float(moved.mean()),
        "mean_risk": None,
        "auc": None,
        "pr_auc": None,
        "log_loss": float(-np.mean(np.log(said))),
        "brier_skill": skill,
        "calibration_error": float(np.mean(errors)),
        "calibration_floor": float(np.mean(floors)),
        "lift_top_decile": None,
        "lift_maximum": None,
    }


def transitions(
    today: npt.NDArray[np.int64], state: npt.NDArray[np.int64], chances: Array
) -> pd.DataFrame:
    """Moves between states, seen beside expected.

    Args:
        today: code of the quadrant at the as-of date, 4 for unknown, shape (rows,).
        state: code of the state at the horizon, shape (rows,).
        chances: shape (rows, states); rows sum to 1.

    Returns:
        A row for each ``today`` that there is and each ``state``: ``seen``, ``expected`` (the sum of the chances), and
        ``variance``, of their difference if the chances are perfectly calibrated.

    Example:
        >>> moves = transitions(np.array([0, 0]), np.array([1, 1]), np.array([[0.5, 0.5], [0.5, 0.5]]))
        >>> moves.to_numpy().tolist()
        [[0.0, 0.0, 0.0, 1.0, 0.5], [0.0, 1.0, 2.0, 1.0, 0.5]]
    """
    told = []
    for quadrant in np.unique(today):
        mine = today == quadrant
        for code in range(chances.shape[1]):
            chance, seen = chances[mine, code], int((state[mine] == code).sum())
            expected, variance = chance.sum(), (chance * (1.0 - chance)).sum()
            told.append((int(quadrant), code, seen, float(expected), float(variance)))
    return pd.DataFrame(
        told, columns=["today", "state", "seen", "expected", "variance"]
    )


def log_losses(chances: Array, happened: npt.NDArray[np.int64]) -> Array:
    """The log loss of each row.

    Args:
        chances: shape (rows, outcomes).
        happened: the outcome of each row, from 0.

    Example:
        >>> log_losses(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([0, 1])).round(4).tolist()
        [0.6931, 0.0]
    """
    said = chances[np.arange(len(happened)), happened]
    return np.asarray(-np.log(np.clip(said, SURE, 1 - SURE)))


def calibration_error(left: Array, risk: Array) -> float:
    """Mean distance between risk and frequency, over bins of equally many rows, ordered by risk.

    Example:
        >>> calibration_error(np.array([0.0, 1.0]), np.array([0.25, 0.75]))
        0.25
    """
    risks, rates, sizes = reliability(left, risk)
    return float(np.sum(sizes * np.abs(risks - rates)) / np.sum(sizes))


def calibration_floor(risk: Array) -> float:
    """The calibration error that a perfectly calibrated model would show with these risks, by simulation."""
    ordered = np.sort(risk)
    sizes = [len(part) for part in np.array_split(ordered, BINS) if len(part)]
    starts = np.cumsum([0, *sizes])[:-1]
    draws = np.random.default_rng(0)
    surplus = []
    for _ in range(FLOOR_DRAWS):
        left = draws.random(len(ordered)) < ordered
        surplus.append(np.add.reduceat(left - ordered, starts))
    return float(np.mean(np.abs(surplus).sum(axis=1)) / len(ordered))


def reliability(left: Array, risk: Array) -> tuple[Array, Array, Array]:
    """Mean risk, frequency and size of each bin of equally many rows, ordered by risk."""
    order = np.argsort(risk, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    means = [[risk[part].mean(), left[part].mean(), len(part)] for part in bins]
    risks, rates, sizes = np.array(means).T
    return risks, rates, sizes


def lift(left: Array, risk: Array, top: float = TOP) -> float:
    """How many times the base rate is found among the accounts of the highest risk.

    Ties are shared out: an account on the edge counts by the share of its equals that fit in.

    Example:
        >>> lift(np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 1.0]), np.array([0.9, *[0.1] * 9]))
        5.0
    """
    places = max(int(np.ceil(top * len(risk))), 1)
    edge = np.sort(risk)[-places]
    above, at_edge = risk > edge, risk == edge
    found = left[above].sum() + left[at_edge].mean() * (places - above.sum())
    return float(found / places / left.mean())


def gains(left: Array, risk: Array) -> tuple[Array, Array]:
    """The share of leavers found by looking at a share of the accounts, highest risk first."""
    found = np.cumsum(left[np.argsort(-risk, kind="stable")])
    looked_at = np.arange(1, len(left) + 1) / len(left)
    return looked_at, found / max(found[-1], 1.0)
