"""The charts of the page of a training, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import PercentFormatter

from pages.drawing import ACCENT, INK, PALE, SECOND, SOFT, as_image, drawing
from training.evaluation.outcomes import Outcome
from training.fitting.rivals import MODEL
from training.metrics import Array, gains, reliability

OTHERS = (SECOND, "#8fb0cf", "#d4a373", "#7f8c8d", PALE)


@as_image
def reliability_at(outcomes: Sequence[Outcome], horizon: int) -> Drawing:
    """Risk against the share that left at a horizon, the test dates put together; a small chart."""
    drawn = drawing(2.2, width=2.2)
    axes = drawn.add_subplot()
    left, risk = together(outcomes, MODEL, horizon)
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
def gain_curves(outcomes: Sequence[Outcome], horizon: int, share: float) -> Drawing:
    """The share of leavers found by working a share of the accounts, with the team's capacity marked."""
    drawn = drawing(3.6)
    axes = drawn.add_subplot()
    names = list(dict.fromkeys(o.model for o in outcomes if o.horizon == horizon))
    colours = dict(
        zip([name for name in names if name != MODEL], cycle(OTHERS), strict=False)
    ) | {MODEL: ACCENT}
    for name in names:
        looked_at, found = gains(*together(outcomes, name, horizon))
        ours = name == MODEL
        axes.plot(
            looked_at,
            found,
            color=colours[name],
            label=name,
            zorder=3 if ours else 2,
            linewidth=2 if ours else 1,
        )
    axes.plot([0, 1], [0, 1], ":", color=SOFT, linewidth=1)
    axes.axvline(share, color=INK, linewidth=0.8, linestyle="--")
    axes.text(share + 0.01, 0.02, "capacity", fontsize=9, color=INK)
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1.01),
        xlabel="accounts, highest risk first",
        ylabel="leavers found",
    )
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
    colours = dict(
        zip([name for name in values if name != MODEL], cycle(OTHERS), strict=False)
    ) | {MODEL: ACCENT}
    for name, series in values.items():
        ours = name == MODEL
        axes.plot(
            series.index,
            series,
            "o-",
            color=colours[name],
            label=name,
            markersize=4,
            linewidth=2 if ours else 1,
        )
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


def together(
    outcomes: Sequence[Outcome], model: str, horizon: int
) -> tuple[Array, Array]:
    """What happened and what a model said, the test dates put together."""
    mine = [
        outcome
        for outcome in outcomes
        if (outcome.model, outcome.horizon) == (model, horizon)
    ]
    return np.concatenate([o.left for o in mine]), np.concatenate(
        [o.risk for o in mine]
    )


def _percents(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.tick_params(labelsize=8.5)
