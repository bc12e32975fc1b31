"""Pictures of a training: calibration and lift, the model beside its baselines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.evaluation import gains, reliability
from training.walk_forward import MODEL, Outcome

COLOURS = {MODEL: "#c0392b"}
OTHERS = ("#7f8c8d", "#b2bec3", "#d4a373", "#34495e")


def draw_calibration(outcomes: Sequence[Outcome], horizon: int, file: Path) -> Path:
    """Risk against frequency, in bins of equally many accounts."""
    figure, axes = _square(f"Calibration at {horizon} days", "risk", "share that left")
    highest = 0.0
    for name, colour, left, risk in _curves(outcomes, horizon):
        risks, rates, _ = reliability(left, risk)
        axes.plot(risks, rates, "o-", color=colour, label=name, markersize=4, zorder=3 if name == MODEL else 2)
        highest = max(highest, float(risks.max()), float(rates.max()))
    limit = min(highest * 1.1, 1.0)
    axes.plot([0, limit], [0, limit], ":", color="#555555", linewidth=1)
    axes.set(xlim=(0, limit), ylim=(0, limit))
    return _save(figure, axes, file)


def draw_lift(outcomes: Sequence[Outcome], horizon: int, file: Path) -> Path:
    """The share of leavers found by working a share of the accounts."""
    figure, axes = _square(f"Lift at {horizon} days", "share of accounts, highest risk first", "share of leavers found")
    for name, colour, left, risk in _curves(outcomes, horizon):
        looked_at, found = gains(left, risk)
        axes.plot(looked_at, found, color=colour, label=name, zorder=3 if name == MODEL else 2)
    axes.plot([0, 1], [0, 1], ":", color="#555555", linewidth=1)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return _save(figure, axes, file)


def _curves(outcomes: Sequence[Outcome], horizon: int) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Name, colour, outcomes and risks of each model, the test dates put together."""
    names = list(dict.fromkeys(o.model for o in outcomes if o.horizon == horizon))
    colours = dict(zip([name for name in names if name != MODEL], OTHERS, strict=False)) | COLOURS
    curves = []
    for name in names:
        mine = [o for o in outcomes if o.model == name and o.horizon == horizon]
        left, risk = np.concatenate([o.left for o in mine]), np.concatenate([o.risk for o in mine])
        curves.append((name, colours[name], left, risk))
    return curves


def _square(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5.5, 5.5), layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, axes: Axes, file: Path) -> Path:
    axes.legend(frameon=False)
    figure.savefig(file, dpi=120)
    return file
