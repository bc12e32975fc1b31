"""A section for each prediction of a group of exams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from benchmarks.shared.markdown import percent, table
from benchmarks.themes.figures import AUC, LOG_LOSS, pooled
from benchmarks.themes.judging import Result, differences
from benchmarks.themes.variants import ALONE, FULL, RECENT, REGROWN, WITHOUT, Variant
from benchmarks.themes.worths import cell, heading
from models.score.reasons import TITLES, theme_of


def section(title: str, group: Sequence[Result], loss: int) -> str:
    """A table of one prediction: themes by the log loss without them, most missed first."""
    places = (
        {"AUC": AUC, "log loss": LOG_LOSS} if loss == LOG_LOSS else {"log loss": loss}
    )
    lost, gained = differences(group, WITHOUT), differences(group, ALONE)
    rows = [
        [TITLES[theme], _columns(gained[theme].variant)]
        + [
            cell(worth[theme], place)
            for worth in (lost, gained)
            for place in places.values()
        ]
        for theme in sorted(lost, key=lambda theme: lost[theme].found[loss])
    ]
    regrown = differences(group, REGROWN)[""]
    rows.append(
        [
            "*grown anew*",
            "",
            *(cell(regrown, place) for place in places.values()),
            *("" for _ in places),
        ]
    )
    head = ["theme", "columns", *(f"{n}, full minus without" for n in places)]
    told = [table([*head, *(f"{n}, alone minus recency" for n in places)], rows)]
    told += [_reasons_told(group)] if loss == LOG_LOSS else []
    return "\n\n".join(
        [f"## {heading(title, group, loss)}", _levels(group, places), *told]
    )


def _columns(variant: Variant) -> str:
    return str(sum(theme_of(column) == variant.theme for column in variant.columns))


def _reasons_told(group: Sequence[Result]) -> str:
    first = (
        pd.concat([result.first for result in group], axis=1).fillna(0.0).mean(axis=1)
    )
    told = (
        f"*{TITLES[str(theme)]}* {percent(share)}"
        for theme, share in first.sort_values(ascending=False).items()
    )
    return f"First reasons: {', '.join(told)}."


def _levels(group: Sequence[Result], places: Mapping[str, int]) -> str:
    """How good the full model and recency alone are."""
    full, recent = (
        pooled([result.judged[kind, ""] for result in group]) for kind in (FULL, RECENT)
    )
    told = [
        f"{n} {full.found[place]:.4f}, recency alone {recent.found[place]:.4f}"
        for n, place in places.items()
    ]
    return f"With all {len(full.variant.columns)} columns: {'; '.join(told)}."
