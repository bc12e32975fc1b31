"""The chart of past forecasts beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure as Drawing

from pages.colours import ACCENT, INK, SECOND
from pages.drawing import WIDTH, as_image, drawing


@as_image
def forecasts_beside(
    quarters: Sequence[Mapping[str, Any]], coming: Mapping[str, Any] | None = None
) -> Drawing:
    """Intervals with their means, and what happened as diamonds.

    Args:
        quarters: past figures, as of `training.forecasts.record.Recorded.facts`.
        coming: ``as_of`` and the interval of the quarter to come.
    """
    drawn = drawing(3.0, 2 * WIDTH)
    axes = drawn.add_subplot()
    days = [each["as_of"] for each in quarters]
    told = [each["forecast"] for each in quarters]
    if coming is not None:
        days, told = [*days, coming["as_of"]], [*told, coming]
    places = range(len(days))
    means = [each["mean"] for each in told]
    lows = [each["mean"] - each["low"] for each in told]
    highs = [each["high"] - each["mean"] for each in told]
    below = [max(low, 0.0) for low in lows]
    above = [max(high, 0.0) for high in highs]
    axes.errorbar(
        list(places),
        means,
        yerr=[below, above],
        fmt="o",
        color=ACCENT,
        capsize=4,
        label="forecast, 80%",
    )
    happened = [each["happened"] for each in quarters]
    axes.plot(list(places)[: len(happened)], happened, "D", color=INK, label="happened")
    last = [each["as_last"] for each in quarters]
    known = [place for place in places if place < len(last) and last[place] is not None]
    axes.plot(
        known,
        [last[place] for place in known],
        "_",
        color=SECOND,
        markersize=14,
        markeredgewidth=2,
        label="as last quarter",
    )
    axes.set_xticks(list(places), days)
    highest = max([each["high"] for each in told] + happened)
    axes.set_ylim(bottom=0, top=max(1.0, 1.25 * highest))
    axes.legend(frameon=False, ncols=3, loc="upper left")
    return drawn
