"""The charts of the trend, as SVG for the page; each has a point for every night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator, PercentFormatter

from models.score.bands import BANDS
from pages.colours import ACCENT, INK, OF_BAND, PALE, SECOND
from pages.drawing import as_image, drawing

Array = npt.NDArray[np.float64]
Days = Sequence[date]
HEIGHT = 2.4
_BANDS = [band.name for band in BANDS]


@as_image
def one_line(days: Days, values: Array, share: bool = False) -> Drawing:
    """A figure by night, from zero; missing values leave a gap."""
    drawn, axes, at = _axes(days)
    axes.plot(at, values, color=ACCENT, marker="o", markersize=3, linewidth=1.8)
    top = np.nanmax(values) if not np.isnan(values).all() else 0.0
    axes.set_ylim(bottom=0, top=max(1.25 * float(top), 0.01 if share else 1.0))
    if share:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    return drawn


@as_image
def expected_and_realised(days: Days, expected: Array, left: Array) -> Drawing:
    """The leavers that were expected, with their range, and those that came.

    Args:
        days: of the nights.
        expected: the lower end, the mean and the upper end, shape (3, nights).
        left: who left, missing where nobody can know yet, shape (nights,).
    """
    drawn, axes, at = _axes(days)
    low, mean, high = expected
    axes.fill_between(at, low, high, color=PALE, alpha=0.45, linewidth=0)
    axes.plot(at, mean, color=SECOND, linewidth=1.8, label="expected")
    axes.plot(
        at, left, color=ACCENT, marker="o", markersize=4, linewidth=0, label="left"
    )
    _from_zero(axes, [high, left])
    axes.legend(frameon=False, ncols=2, loc="upper left", borderaxespad=0)
    return drawn


@as_image
def estimated_and_realised(days: Days, estimated: Array, came: Array) -> Drawing:
    """The AUC that is to be expected of the risks, and that which came; both of shape (nights,)."""
    drawn, axes, at = _axes(days)
    axes.plot(at, estimated, color=SECOND, linewidth=1.8, label="estimated")
    axes.plot(
        at,
        came,
        color=ACCENT,
        marker="o",
        markersize=4,
        linewidth=0,
        label="realised",
    )
    axes.set_ylim(0.4, 1.05)
    axes.axhline(0.5, color=PALE, linewidth=1)
    axes.legend(frameon=False, ncols=2, loc="upper left", borderaxespad=0)
    return drawn


@as_image
def bands(days: Days, counts: Array) -> Drawing:
    """Accounts by band of risk, from the lowest, stacked; shape (bands, nights)."""
    drawn, axes, at = _axes(days)
    colours = [OF_BAND[name] for name in _BANDS]
    axes.stackplot(at, counts, labels=_BANDS, colors=colours, step="mid")
    axes.set_ylim(0, max(1.3 * float(np.nansum(counts, axis=0).max()), 1.0))
    axes.legend(
        frameon=False,
        ncols=len(_BANDS),
        loc="upper left",
        borderaxespad=0,
        fontsize=8.5,
    )
    return drawn


@as_image
def beside_limits(days: Days, farthest: Array, red: Sequence[bool]) -> Drawing:
    """How far the column that moved most is, as a share of its limit; nights that are not as usual stand out."""
    drawn, axes, at = _axes(days)
    axes.axhline(1.0, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(at, farthest, color=SECOND, linewidth=1.8)
    marked = np.array(red, dtype=bool)
    height = np.nan_to_num(farthest[marked])
    axes.plot(at[marked], height, color=ACCENT, marker="s", markersize=6, linewidth=0)
    _from_zero(axes, [farthest, np.array([1.0])])
    return drawn


def _axes(days: Days) -> tuple[Drawing, Axes, Array]:
    """An empty drawing that names the first night and the last, and where each night stands."""
    drawn = drawing(HEIGHT)
    axes = drawn.add_subplot()
    at = np.array([day.toordinal() for day in days], dtype=np.float64)
    ends = [0, -1] if len(days) > 1 else [0]
    axes.set_xticks(at[ends], [str(days[end]) for end in ends])
    axes.set_xlim(at[0] - 1.0, at[-1] + 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    return drawn, axes, at


def _from_zero(axes: Axes, shown: Sequence[Array]) -> None:
    values = np.concatenate(shown)
    top = 1.0 if np.isnan(values).all() else float(np.nanmax(values))
    axes.set_ylim(bottom=0, top=max(1.3 * top, 1.0))
