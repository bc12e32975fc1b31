"""The charts of the page of a training, as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import PercentFormatter

from pages.colours import ACCENT, BESIDE, INK, PALE, SECOND, SOFT
from pages.drawing import as_image, drawing
from pages.training.pooled import pooled
from training.evaluation.outcomes import Outcome
from training.fitting.rivals import MODEL
from training.metrics import gains, reliability


@as_image
def reliability_at(outcomes: Sequence[Outcome], horizon: int) -> Drawing:
    """Risk against the share that left, the test dates put together; a small chart.

    Args:
        outcomes: of one model at a horizon in days, a test date each.
        horizon: that horizon.
    """
    drawn = drawing(2.2, width=2.2)
    axes = drawn.add_subplot()
    left, risk = pooled(outcomes)
    risks, rates, sizes = reliability(left, risk)
    limit = 1.15 * max(float(risks.max()), float(rates.max()), 0.01)
    spread = 1.96 * np.sqrt(np.clip(risks * (1 - risks), 0, None) / sizes)
    axes.fill_between(
        risks, risks - spread, risks + spread, color=PALE, alpha=0.5, linewidth=0
    )
    axes.plot([0, limit], [0, limit], ":", color=SOFT, linewidth=1)
    axes.plot(risks, rates, "o-", color=ACCENT, markersize=3.5, linewidth=1.2)
    axes.set(xlim=(0, limit), ylim=(0, limit))
    axes.set_title(f"{horizon} days", loc="left", fontsize=10, color=INK)
    axes.locator_params(nbins=4)
    _percents(axes)
    return drawn


@as_image
def gain_curves(said: Mapping[str, Sequence[Outcome]], share: float) -> Drawing:
    """The share of leavers found by working a share of the accounts.

    Args:
        said: of each model at one horizon, a test date each.
        share: of the accounts that the team works, which is marked.
    """
    drawn = drawing(3.6)
    axes = drawn.add_subplot()
    for name, look in _looks(said).items():
        looked_at, found = gains(*pooled(said[name]))
        axes.plot(looked_at, found, **look, zorder=3 if name == MODEL else 2)
    axes.plot([0, 1], [0, 1], ":", color=SOFT, linewidth=1)
    axes.axvline(share, color=INK, linewidth=0.8, linestyle="--")
    axes.text(share + 0.01, 0.02, "capacity", fontsize=9, color=INK)
    axes.set(xlim=(0, 1), ylim=(0, 1.01))
    axes.set_xlabel("accounts, highest risk first")
    axes.set_ylabel("leavers found")
    axes.legend(frameon=False, loc="lower right", fontsize=9.5)
    _percents(axes)
    return drawn


@as_image
def bars(values: pd.Series) -> Drawing:
    """Horizontal bars, the first above, as shares of their sum."""
    drawn = drawing(0.5 + 0.3 * len(values))
    axes = drawn.add_subplot()
    shares = (values / values.sum()).iloc[::-1]
    axes.barh(range(len(shares)), shares.to_numpy(), height=0.62, color=SECOND)
    for place, share in enumerate(shares):
        axes.text(share + 0.005, place, f"{share:.0%}", va="center", fontsize=9)
    axes.set_yticks(range(len(shares)), list(shares.index), color=INK)
    axes.set_xlim(0, 1.12 * float(shares.max()))
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return drawn


@as_image
def by_date(values: Mapping[str, pd.Series], label: str) -> Drawing:
    """A figure at each test date, a line for each model."""
    drawn = drawing(3.0)
    axes = drawn.add_subplot()
    for name, look in _looks(values).items():
        axes.plot(values[name].index, values[name], "o-", markersize=4, **look)
    axes.set_ylabel(label)
    axes.legend(
        frameon=False,
        fontsize=9.5,
        ncols=3,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
    )
    axes.margins(x=0.08, y=0.12)
    return drawn


def _looks(models: Iterable[str]) -> dict[str, dict[str, Any]]:
    """How the line of each model looks: ours stands out."""
    colours, looks = cycle(BESIDE), {}
    for name in models:
        ours = name == MODEL
        colour = ACCENT if ours else next(colours)
        looks[name] = {"color": colour, "label": name, "linewidth": 2 if ours else 1}
    return looks


def _percents(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.tick_params(labelsize=8.5)
