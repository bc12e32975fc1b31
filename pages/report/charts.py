"""The charts of the report, as SVG for the page: each draws figures that `pages.report.report` has worked out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator, PercentFormatter

from pages.drawing import ACCENT, INK, ON_COLOUR, PALE, SECOND, SOFT, as_image, drawing
from pages.report.ratios import FIGURES
from pages.report.report import SEED_MIX

COLOURS = {
    "exceptional": "#2a7f62",
    "people_carried": "#7fb3a2",
    "product_carried": "#8fb0cf",
    "poor": "#c8553d",
    "surprises": "#2a7f62",
    "expectations": "#8fb0cf",
    "recovery": "#c8553d",
    "unknown": "#d5d9de",
}
"""The colour of each quadrant and zone, in the order in which they are stacked from below."""

OPERATIONS = (
    "hours_to_answer",
    "days_to_resolution",
    "first_contact_resolution",
    "still_open",
    "minutes_on_hold",
)


def plain(name: str) -> str:
    """A name in code as people read it: ``people_carried`` is people-carried."""
    return name.replace("_", "-")


@as_image
def churn_lines(count: pd.Series, revenue: pd.Series) -> Drawing:
    """Lines of churn by count and by revenue, both by the quarter's title; missing values leave a gap."""
    drawn = drawing(2.7)
    axes = drawn.add_subplot()
    for values, label, colour, marker in (
        (count, "by count", ACCENT, "o"),
        (revenue, "by revenue", SECOND, "s"),
    ):
        if values.notna().any():
            axes.plot(
                values.index,
                values,
                color=colour,
                marker=marker,
                markersize=4,
                linewidth=2,
                label=label,
            )
    axes.set_xlim(-0.3, len(count) - 0.7)
    axes.set_ylim(
        bottom=0,
        top=max(0.01, 1.25 * float(pd.concat([count, revenue]).fillna(0.0).max())),
    )
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
    axes.legend(frameon=False, ncols=2, loc="upper left", borderaxespad=0)
    _quarters(axes, count.index)
    return drawn


@as_image
def stacked(shares: pd.DataFrame) -> Drawing:
    """Shares that add up to one, a bar per quarter: the columns are quadrants or zones, the index the quarters."""
    drawn = drawing(3.1)
    axes = drawn.add_subplot()
    bottom = np.zeros(len(shares))
    for state in (state for state in COLOURS if state in shares):
        values = shares[state].fillna(0).to_numpy(dtype=np.float64)
        axes.bar(
            shares.index,
            values,
            bottom=bottom,
            color=COLOURS[state],
            width=0.82,
            label=plain(state),
        )
        for place, (value, low) in enumerate(zip(values, bottom, strict=True)):
            if value >= 0.055:
                ink = (
                    "white"
                    if state in ("exceptional", "surprises", "poor", "recovery")
                    else ON_COLOUR
                )
                axes.text(
                    place,
                    low + value / 2,
                    f"{value:.0%}",
                    ha="center",
                    va="center",
                    color=ink,
                    fontsize=8.5,
                )
        bottom += values
    axes.set_ylim(0, 1)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    drawn.legend(
        frameon=False, ncols=3, loc="outside upper left", fontsize=9.5, handlelength=1.2
    )
    _quarters(axes, shares.index)
    return drawn


@as_image
def reasons_beside_the_rule_of_thumb(shares: pd.Series) -> Drawing:
    """Shares of the reasons of leaving beside those of the rule of thumb; those that it does not have stand alone."""
    shown = [
        *sorted(SEED_MIX, key=SEED_MIX.__getitem__),
        *(name for name in shares.index if name not in SEED_MIX),
    ]
    drawn = drawing(0.5 + 0.46 * len(shown))
    axes = drawn.add_subplot()
    places = np.arange(len(shown))
    pairs = (
        (0.2, [float(shares.get(name, 0.0)) for name in shown], ACCENT, "this book"),
        (-0.2, [SEED_MIX.get(name, np.nan) for name in shown], PALE, "rule of thumb"),
    )
    for shift, values, colour, label in pairs:
        axes.barh(places + shift, values, height=0.38, color=colour, label=label)
        for place, value in zip(places, values, strict=True):
            if value == value:
                axes.text(
                    value + 0.008,
                    place + shift,
                    f"{value:.0%}",
                    va="center",
                    fontsize=9,
                )
    axes.set_yticks(places, [name.replace("_", " ") for name in shown], color=INK)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.legend(frameon=False, loc="lower right", fontsize=9.5)
    return drawn


@as_image
def operations(values: pd.DataFrame) -> Drawing:
    """Operational figures, a small line chart for each: the columns are figures, the index the quarters."""
    shown = [
        figure
        for figure in FIGURES
        if figure.name in values and values[figure.name].notna().any()
    ]
    height = 1.45 * ((len(shown) + 1) // 2)
    drawn = drawing(height)
    for place, figure in enumerate(shown):
        axes = drawn.add_subplot((len(shown) + 1) // 2, 2, place + 1)
        its = values[figure.name]
        axes.plot(
            range(len(its)), its, color=SECOND, marker="o", markersize=3, linewidth=1.8
        )
        axes.set_ylim(bottom=0, top=max(1.3 * its.max(), 0.01))
        axes.set_title(figure.title, loc="left", fontsize=10, color=INK)
        axes.yaxis.set_major_locator(MaxNLocator(3))
        if figure.unit == "share":
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        else:
            axes.set_ylabel(figure.unit, fontsize=9, color=SOFT)
        ends = [0, len(its) - 1] if len(its) > 1 else [0]
        axes.set_xticks(ends, [its.index[end] for end in ends], fontsize=8.5)
    return drawn


def _quarters(axes: Any, titles: pd.Index) -> None:
    """Names the quarters below, the year on a line of its own."""
    axes.set_xticks(
        range(len(titles)), [title.replace(" ", "\n") for title in titles], fontsize=9
    )
    axes.tick_params(axis="x", length=0)
