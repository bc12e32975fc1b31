"""The tables of the page of a training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from features.engine import day_of
from models.score.states import DEFECTED, STATES
from pages.colours import ACCENT, ON_DARK, SECOND, shade
from training.evaluation.comparison import compare_said
from training.evaluation.outcomes import states_said
from training.fitting.rivals import MODEL
from training.metrics import transitions
from training.trained import Training

Table = dict[str, Any]
"""``columns`` and ``lines``, each line with its ``name`` and ``cells``, as the template shows them."""

OFF = 2.0
"""Standard deviations between seen and expected moves from which a cell is coloured."""

_DASH = "\N{EN DASH}"
_TODAY = (*STATES[:DEFECTED], "unknown")
_DEFECTION = {
    "auc": "AUC",
    "pr_auc": "av. precision",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
    "calibration_floor": "floor",
    "lift_top_decile": "lift, top tenth",
}
_STATES = {
    "log_loss": "log loss",
    "brier_skill": "Brier skill",
    "calibration_error": "calibration error",
    "calibration_floor": "floor",
}


def number(value: float | None) -> str:
    """A figure to three digits, or a dash where it is not known."""
    return _DASH if value is None or pd.isna(value) else f"{value:.3f}"


def defection(training: Training, figures: pd.DataFrame) -> Table:
    """A line for each horizon and model, with ours less its log loss.

    Args:
        training: whose models.
        figures: its figures of defection.
    """
    lines = []
    for row in figures.to_dict("records"):
        model, horizon = str(row["model"]), int(row["horizon"])
        cells = [number(row[name]) for name in _DEFECTION]
        if not pd.isna(row["auc_low"]):
            low, high = number(row["auc_low"]), number(row["auc_high"])
            cells[0] += f" ({low} to {high})"
        ours, compared = model == MODEL, ""
        if not ours:
            compared = compare_said(training.evaluations, model, horizon).short
        name = f"{horizon} days, {model}"
        lines.append({"name": name, "cells": [*cells, compared], "strong": ours})
    shown = _DEFECTION.values()
    return {
        "columns": ["horizon and model", *shown, "ours less its log loss"],
        "lines": lines,
    }


def states(figures: pd.DataFrame, prediction: str) -> Table | None:
    """A line for each model of a prediction of states; None where there is none."""
    rows = figures[figures["prediction"] == prediction]
    if rows.empty:
        return None
    lines = []
    for row in rows.to_dict("records"):
        cells = [number(row[name]) for name in _STATES]
        model = row["model"]
        lines.append({"name": model, "cells": cells, "strong": model == MODEL})
    return {"columns": [prediction, *_STATES.values()], "lines": lines}


def segments(found: pd.DataFrame) -> Table:
    """A line for each segment, of `training.evaluation.segments.by_segment`."""
    lines = []
    for row in found.to_dict("records"):
        counts = [f"{row['n']:,}", f"{row['left']:,}", f"{row['expected']:,.1f}"]
        errors = [number(row["calibration_error"]), number(row["calibration_floor"])]
        segment = str(row["segment"]).replace("_", "-")
        name = f"{row['fact']}: {segment}"
        lines.append({"name": name, "cells": [*counts, *errors]})
    columns = ["rows", "left", "expected", "calibration error", "floor"]
    return {"columns": ["segment", *columns], "lines": lines}


def matrix(training: Training) -> Table | None:
    """Moves between quadrants over all test dates, seen beside expected, as a heat table."""
    ours = states_said(training.evaluations, MODEL)
    if not ours:
        return None
    moves = [transitions(each.today, each.state, each.chances) for each in ours]
    sums = pd.concat(moves).groupby(["today", "state"]).sum()
    lines = []
    for today, its in sums.reset_index().groupby("today"):
        cells = [_move(row) for row in its.itertuples()]
        seen, quadrant = its["seen"].sum(), _TODAY[int(str(today))]
        line = {"name": _plain(quadrant), "cells": cells, "n": f"{seen:,.0f}"}
        lines.append(line)
    return {"columns": [_plain(state) for state in STATES], "lines": lines}


def _move(row: Any) -> dict[str, Any]:
    """A cell of the matrix, in colour where more or fewer moved than chance explains."""
    spread = np.sqrt(row.variance)
    surplus = row.seen - row.expected
    off = surplus / spread if spread > 0 else 0.0
    strength = min(abs(off) / 5, 1.0) if abs(off) > OFF else 0.0
    colour = ACCENT if off > 0 else SECOND
    return {
        "count": f"{row.seen:,.0f}",
        "share": f"expected {row.expected:,.1f}",
        "colour": shade(colour, 0.7 * strength),
        "ink": ON_DARK if strength > 0.8 else "inherit",
        "stayed": row.state == row.today != DEFECTED,
    }


def _plain(state: str) -> str:
    return state.replace("_", "-")


def training_data(training: Training) -> Table:
    """A line for each as-of date: its accounts, and how many had left by each horizon."""
    left, as_of = training.data.left, training.data.frame["as_of_us"]
    lines = []
    for date, rows in left.groupby(as_of):
        shares = [_left_by(rows[horizon].dropna()) for horizon in left]
        name, accounts = str(day_of(int(str(date)))), f"{len(rows):,}"
        lines.append({"name": name, "cells": [accounts, *shares]})
    horizons = [f"left by {horizon} days" for horizon in left]
    return {"columns": ["as-of date", "accounts", *horizons], "lines": lines}


def _left_by(known: pd.Series) -> str:
    if known.empty:
        return _DASH
    return f"{int(known.sum()):,} ({known.mean():.1%})"
