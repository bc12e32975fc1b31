"""The parts of the page about those who left, and why."""

from __future__ import annotations

import pandas as pd

from benchmarks.knowable.causes import ACCEPTED, PERMUTATIONS, agreement
from benchmarks.knowable.leavers import LATER_WEEKS, silence_auc, silent_and_overt
from benchmarks.knowable.texts import CAUSES, SILENT
from benchmarks.shared.markdown import percent, table
from models.score.reasons import TITLES


def silent_part(looked: pd.DataFrame) -> str:
    """How well silent and overt leavers are seen; see `benchmarks.knowable.leavers.look_at_leavers`."""
    rows = [
        [
            row.leavers,
            str(row.rows),
            *(f"{value:.3f}" for value in (row.pinch_auc, row.oracle_auc)),
            *(f"{value:.1f}" for value in (row.pinch_lift, row.oracle_lift)),
            percent(row.quiet_first),
        ]
        for row in silent_and_overt(looked).itertuples()
    ]
    head = [
        "leavers",
        "seen",
        "AUC, Pinch",
        "AUC, oracle",
        "lift, Pinch",
        "lift, oracle",
        "first reason: gone quiet",
    ]
    return SILENT.format(
        weeks=", ".join(map(str, LATER_WEEKS)),
        table=table(head, rows),
        ours=silence_auc(looked, "quietness"),
        best=silence_auc(looked, "best_silence"),
    )


def causes_part(looked: pd.DataFrame) -> str:
    """Whether reasons name the causes."""
    rows = [
        [row.trigger, _accepted(row.trigger), str(row.rows)]
        + [
            percent(value)
            for value in (row.first, row.chance_first, row.any, row.chance_any)
        ]
        + [theme_title(row.most_named)]
        for row in agreement(looked).itertuples()
    ]
    head = [
        "at work",
        "named by",
        "seen",
        "first reason",
        "by chance",
        "any of three",
        "by chance",
        "most often first",
    ]
    chance = int(looked["trigger"].eq("chance").sum())
    return CAUSES.format(
        permutations=PERMUTATIONS, table=table(head, rows), chance=chance
    )


def _accepted(trigger: str) -> str:
    themes = sorted(ACCEPTED.get(trigger, ()))
    return ", ".join(theme_title(theme) for theme in themes)


def theme_title(theme: str) -> str:
    """A theme as people read it; says so of one that does not exist."""
    return TITLES.get(
        theme, f"{theme} (no such theme yet)" if theme != "none" else "nothing"
    )
