"""The charts of the report, as SVG for the page: each draws figures that `pages.report.report` has worked out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator, PercentFormatter

from pages.colours import ACCENT, INK, OF_STATE, PALE, SECOND, SOFT, letters_on
from pages.drawing import as_image, drawing
from pages.report.figure import Figure
from pages.report.quarterly_figures import FIGURES
from pages.report.reasons import SEED_MIX
from pages.report.texts import plain

Array = npt.NDArray[np.floating[Any]]

ROOM = 0.055
"""The least share that is written into its part of a bar."""

OPERATIONS = (
    "hours_to_answer",
    "days_to_resolution",
    "first_contact_resolution",
    "still_open",
    "minutes_on_hold",
)


@as_image
def churn_lines(count: pd.Series, revenue: pd.Series) -> Drawing:
    """Lines of churn by count and by revenue, both by the quarter's title; missing values leave a gap."""
    drawn = drawing(2.7)
    axes = drawn.add_subplot()
    _line(axes, count, color=ACCENT, marker="o", label="by count")
    _line(axes, revenue, color=SECOND, marker="s", label="by revenue")
    highest = float(pd.concat([count, revenue]).fillna(0.0).max())
    axes.set_xlim(-0.3, len(count) - 0.7)
    axes.set_ylim(bottom=0, top=max(0.01, 1.25 * highest))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
    axes.legend(frameon=False, ncols=2, loc="upper left", borderaxespad=0)
    _quarters(axes, count.index)
    return drawn


def _line(axes: Axes, values: pd.Series, **look: Any) -> None:
    if values.notna().any():
        axes.plot(values.index, values, markersize=4, linewidth=2, **look)


@as_image
def stacked(shares: pd.DataFrame) -> Drawing:
    """Shares that add up to one, a bar per quarter: the columns are quadrants or zones, the index the quarters."""
    drawn = drawing(3.1)
    axes = drawn.add_subplot()
    bottom = np.zeros(len(shares))
    for state, colour in OF_STATE.items():
        if state in shares:
            values = shares[state].fillna(0).to_numpy(dtype=np.float64)
            label = plain(state)
            axes.bar(shares.index, values, 0.82, bottom, color=colour, label=label)
            _shares_inside(axes, values, bottom, letters_on(colour))
            bottom += values
    axes.set_ylim(0, 1)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    drawn.legend(
        frameon=False, ncols=3, loc="outside upper left", fontsize=9.5, handlelength=1.2
    )
    _quarters(axes, shares.index)
    return drawn


def _shares_inside(axes: Axes, values: Array, bottom: Array, ink: str) -> None:
    """Writes each share into its part of a bar, where there is room."""
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.5}
    for place, (value, low) in enumerate(zip(values, bottom, strict=True)):
        if value >= ROOM:
            middle = low + value / 2
            axes.text(place, middle, f"{value:.0%}", color=ink, **centred)


@as_image
def reasons_beside_the_rule_of_thumb(shares: pd.Series) -> Drawing:
    """Shares of the reasons of leaving beside those of the rule of thumb; those that it does not have stand alone."""
    six = sorted(SEED_MIX, key=SEED_MIX.__getitem__)
    shown = [*six, *(name for name in shares.index if name not in SEED_MIX)]
    ours = [float(shares.get(name, 0.0)) for name in shown]
    thumb = [SEED_MIX.get(name, np.nan) for name in shown]
    drawn = drawing(0.5 + 0.46 * len(shown))
    axes = drawn.add_subplot()
    places = np.arange(len(shown))
    _bars(axes, places + 0.2, ours, color=ACCENT, label="this book")
    _bars(axes, places - 0.2, thumb, color=PALE, label="rule of thumb")
    axes.set_yticks(places, [name.replace("_", " ") for name in shown], color=INK)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.legend(frameon=False, loc="lower right", fontsize=9.5)
    return drawn


def _bars(axes: Axes, places: Array, values: list[float], **look: Any) -> None:
    """Horizontal bars with their shares beside them; what is missing has none."""
    axes.barh(places, values, height=0.38, **look)
    for place, value in zip(places, values, strict=True):
        if value == value:
            text = f"{value:.0%}"
            axes.text(value + 0.008, place, text, va="center", fontsize=9)


@as_image
def operations(values: pd.DataFrame) -> Drawing:
    """Operational figures, a small line chart for each: the columns are figures, the index the quarters."""
    known = values.columns[values.notna().any()]
    shown = [figure for figure in FIGURES if figure.name in known]
    rows = (len(shown) + 1) // 2
    drawn = drawing(1.45 * rows)
    for place, figure in enumerate(shown):
        axes = drawn.add_subplot(rows, 2, place + 1)
        _operation(axes, figure, values[figure.name])
    return drawn


def _operation(axes: Axes, figure: Figure, its: pd.Series) -> None:
    """A small line chart of a figure, which names the first and the last quarter."""
    last = len(its) - 1
    look: dict[str, Any] = {
        "color": SECOND,
        "marker": "o",
        "markersize": 3,
        "linewidth": 1.8,
    }
    axes.plot(range(len(its)), its, **look)
    axes.set_ylim(bottom=0, top=max(1.3 * its.max(), 0.01))
    axes.set_title(figure.title, loc="left", fontsize=10, color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    if figure.unit == "share":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    else:
        axes.set_ylabel(figure.unit, fontsize=9, color=SOFT)
    ends = [0, last] if last else [0]
    axes.set_xticks(ends, [its.index[end] for end in ends], fontsize=8.5)


def _quarters(axes: Axes, titles: pd.Index) -> None:
    """Names the quarters below, the year on a line of its own."""
    on_two_lines = [title.replace(" ", "\n") for title in titles]
    axes.set_xticks(range(len(titles)), on_two_lines, fontsize=9)
    axes.tick_params(axis="x", length=0)
