"""A picture of the quadrants: accounts on the two axes, coloured by risk where it is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from features.quadrants import EXCEPTIONAL_FROM, Quadrant
from models.score.horizon import MIGRATION_HORIZON, risk_column
from pages.colours import INK, MIXED, SOFT

LABELS = {
    (0.15, 0.15): Quadrant.POOR,
    (9.85, 0.15): Quadrant.PEOPLE_CARRIED,
    (0.15, 9.85): Quadrant.PRODUCT_CARRIED,
    (9.85, 9.85): Quadrant.EXCEPTIONAL,
}


def draw_quadrants(
    levels: pd.DataFrame, scores: pd.DataFrame, file: Path
) -> Path | None:
    """Draws the accounts that have a quadrant; None, and no picture, where none has.

    Args:
        levels: ``account_id``, ``people_level`` and ``product_level``.
        scores: with ``account_id`` and the risk at 90 days, which may be missing for all.
        file: the PNG to write.
    """
    drawn = levels.merge(scores, on="account_id").dropna(
        subset=["people_level", "product_level"]
    )
    if drawn.empty:
        return None
    risk = risk_column(MIGRATION_HORIZON)
    drawn = drawn.sort_values(risk)
    known = drawn[risk].notna().any()
    figure = Figure(figsize=(7.5, 6.5), layout="constrained")
    axes = figure.add_subplot()
    spread = np.random.default_rng(0).normal(0.0, 0.04, (len(drawn), 2))
    points = axes.scatter(
        drawn["people_level"] + spread[:, 0],
        drawn["product_level"] + spread[:, 1],
        c=drawn[risk] if known else MIXED,
        cmap="YlOrRd" if known else None,
        s=16,
        linewidths=0.2,
        edgecolors=f"{SOFT}66",
    )
    if known:
        figure.colorbar(
            points,
            label=f"risk of leaving within {MIGRATION_HORIZON} days",
            format="{x:.0%}",
            shrink=0.8,
        )
    axes.axvline(EXCEPTIONAL_FROM, color=SOFT, linewidth=0.8)
    axes.axhline(EXCEPTIONAL_FROM, color=SOFT, linewidth=0.8)
    for (across, up), quadrant in LABELS.items():
        sides: dict[str, Any] = {
            "ha": "left" if across < 5 else "right",
            "va": "bottom" if up < 5 else "top",
        }
        share = (drawn["quadrant"] == quadrant).mean()
        axes.text(
            across,
            up,
            f"{quadrant.replace('_', '-')}  {share:.0%}",
            color=INK,
            weight="bold",
            **sides,
        )
    axes.set(
        xlim=(0, 10),
        ylim=(0, 10),
        xlabel="the people who serve them",
        ylabel="the product they receive",
    )
    axes.set_title(f"{len(drawn):,} accounts on the Customer Service Index", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=130, format="png")
    return file
