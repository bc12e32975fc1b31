"""What each theme is worth, in a table and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.shared.markdown import table
from benchmarks.shared.resampling import interval
from benchmarks.themes.figures import LOG_LOSS, STATE_LOSS, Judged
from benchmarks.themes.judging import Result, differences
from benchmarks.themes.texts import SIGNS
from benchmarks.themes.variants import FULL, REGROWN, WITHOUT
from models.score.horizon import ALREADY_GONE, MIGRATION_HORIZON
from models.score.reasons import TITLES


def losses(group: Sequence[Result]) -> list[int]:
    """The places of the log losses that a group has."""
    return [
        place
        for place in (LOG_LOSS, STATE_LOSS)
        if not np.isnan(group[0].judged[FULL, ""].found[place])
    ]


def heading(title: str, group: Sequence[Result], place: int) -> str:
    """What a table of one prediction is called."""
    horizon = group[0].exam.horizon
    if place == STATE_LOSS:
        return f"{title}, migration at {MIGRATION_HORIZON} days"
    return (
        f"{title}, who had left already"
        if horizon == ALREADY_GONE
        else f"{title}, defection at {horizon} days"
    )


def answer(groups: Mapping[str, Sequence[Result]]) -> str:
    """Log losses of full less without, themes by predictions, and in words which themes help."""
    measured = {
        heading(title, group, loss): (group, loss)
        for title, group in groups.items()
        for loss in losses(group)
    }
    worths = [
        (differences(group, WITHOUT), differences(group, REGROWN)[""], loss)
        for group, loss in measured.values()
    ]
    themes = [theme for theme in TITLES if any(theme in lost for lost, _, _ in worths)]
    rows = [
        [
            TITLES[theme],
            *(
                cell(lost[theme], loss) if theme in lost else "no column"
                for lost, _, loss in worths
            ),
        ]
        for theme in themes
    ]
    rows.append(["*grown anew*", *(cell(regrown, loss) for _, regrown, loss in worths)])
    told = table(["theme left out", *measured], rows)
    sides = {
        theme: [
            clear_side(lost[theme], regrown, loss)
            for lost, regrown, loss in worths
            if theme in lost
        ]
        for theme in themes
    }
    return "\n\n".join(
        [
            "## The answer",
            "Log loss, full minus without the theme:",
            told,
            SIGNS,
            _in_words(sides),
        ]
    )


def clear_side(worth: Judged, regrown: Judged, place: int) -> int:
    """As `_side`, but 0 as well for a difference no larger than that of growing the same model anew."""
    larger = abs(worth.found[place]) > abs(regrown.found[place])
    return _side(worth, place) if larger else 0


def _in_words(sides: Mapping[str, Sequence[int]]) -> str:
    missed = [theme for theme, seen in sides.items() if -1 in seen]
    better_without = [theme for theme, seen in sides.items() if 1 in seen]
    neither = [theme for theme, seen in sides.items() if not any(seen)]
    return (
        "Counting only intervals that leave out 0, of differences larger than that of growing the same model anew, "
        f"missed somewhere when left out: {_listed(missed)}; better left out somewhere: {_listed(better_without)}; "
        f"neither, as far as these accounts can tell: {_listed(neither)}."
    )


def _listed(themes: Sequence[str]) -> str:
    return ", ".join(f"*{TITLES[theme]}*" for theme in themes) or "none"


def _side(worth: Judged, place: int) -> int:
    """On which side of 0 the interval lies: -1 below, 1 above, 0 neither."""
    low, high = interval(worth.drawn[:, place])
    return int(low > 0) - int(high < 0)


def cell(worth: Judged, place: int) -> str:
    """A figure with its interval, bold where that leaves out 0."""
    low, high = interval(worth.drawn[:, place])
    told = f"{worth.found[place]:+.4f} ({low:+.4f} to {high:+.4f})"
    return f"**{told}**" if _side(worth, place) else told
