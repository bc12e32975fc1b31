"""The charts of the page with what stands beside them: title, what they say, and the same in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from features.engine import day_of
from pages.training import charts
from pages.training.pooled import pooled, worked_share
from training.evaluation.outcomes import horizons_said, models_said, said
from training.evaluation.theme_effects import theme_importance
from training.fitting.rivals import MODEL
from training.metrics import lift
from training.trained import Training

Chart = dict[str, Any]
"""``title``, ``says``, ``images`` (each its words and its address) and ``beside``, as the template shows them."""


def charted(training: Training, horizon: int, capacity: int) -> list[Chart]:
    """The charts of what moves the risks, who is found, and each test date, as far as there are any."""
    drawn = _importance(training)
    if said(training.evaluations, MODEL, horizon):
        drawn += [_gain(training, horizon, capacity), _by_date(training, horizon)]
    return drawn


def _chart(title: str, says: str, *images: tuple[str, str]) -> Chart:
    return {"title": title, "says": says, "images": images, "beside": ""}


def _importance(training: Training) -> list[Chart]:
    """The chart of the themes; none of a model that explains nothing."""
    frame = training.data.frame
    newest = frame[frame["as_of_us"] == frame["as_of_us"].max()]
    effects = theme_importance(training.models.defection, newest)
    if not effects.any():
        return []
    shares = (effects / effects.sum()).items()
    words = ", ".join(f"{title} {share:.0%}" for title, share in shares)
    chart = _chart(
        "What moves the risks",
        f"Mean absolute effect of each theme on the log-odds of leaving, of {len(newest):,} accounts at the newest "
        "as-of date. It says what the models look at, not what causes what.",
        (f"Shares by theme: {words}.", charts.bars(effects)),
    )
    return [chart]


def _gain(training: Training, horizon: int, capacity: int) -> Chart:
    dates = training.evaluations
    models = {name: said(dates, name, horizon) for name in models_said(dates, horizon)}
    share = worked_share(models[MODEL], capacity)
    left, risk = pooled(models[MODEL])
    found = lift(left, risk, share) * share
    says = f"A list of {capacity:,} is {share:.1%} of the accounts of a date, and holds {found:.0%} of its leavers."
    image = charts.gain_curves(models, share)
    return _chart(f"Who is found, at {horizon} days", says, (says, image))


def _by_date(training: Training, horizon: int) -> Chart:
    told = _log_losses(training, horizon)
    lines = told.pivot(index="date", columns="model", values="log_loss")
    order = list(dict.fromkeys(told["model"]))
    ours = ", ".join(f"{day} {value:.4f}" for day, value in lines[MODEL].items())
    image = charts.by_date({model: lines[model] for model in order}, "log loss")
    return _chart(
        f"Log loss at each test date, at {horizon} days",
        "Lower is better. Dates differ in how many left, so lines are compared at a date, not along it.",
        (f"Ours: {ours}.", image),
    )


def _log_losses(training: Training, horizon: int) -> pd.DataFrame:
    """The log loss of each model at each test date: ``date``, ``model``, ``log_loss``."""
    told = []
    for evaluation in training.evaluations:
        rows = pd.DataFrame(evaluation.defection)
        rows = rows[rows["horizon"] == horizon]
        told.append(rows.assign(date=str(day_of(evaluation.as_of))))
    return pd.concat(told)[["date", "model", "log_loss"]]


def reliability(training: Training, defection: pd.DataFrame) -> Chart | None:
    """The charts of calibration, a small one for each horizon.

    Args:
        training: whose models.
        defection: its figures of defection.
    """
    images = []
    for horizon in sorted(horizons_said(training.evaluations)):
        ours = said(training.evaluations, MODEL, horizon)
        words = f"Risk beside the share that left, at {horizon} days."
        images.append((words, charts.reliability_at(ours, horizon)))
    if not images:
        return None
    return _chart(
        "Calibration at each horizon",
        "Mean risk of bins of equally many accounts, against the share of them that left. Nearly all points of a "
        f"perfectly calibrated model lie in the grey band. Error: {_errors(defection)}.",
        *images,
    )


def _errors(defection: pd.DataFrame) -> str:
    errors = []
    for row in defection[defection["model"] == MODEL].itertuples():
        error, floor = f"{row.calibration_error:.4f}", f"{row.calibration_floor:.4f}"
        errors.append(f"{row.horizon} days {error}, floor {floor}")
    return "; ".join(errors)
