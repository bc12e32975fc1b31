"""Changes: how much the risk of an account moved since an earlier day, and which themes moved it.

Both days are judged by the same models, so the log-odds of the risk change by what the columns add now less what they
added then; that is summed by theme. The themes that pull the way the risk went, the strongest first, are the why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.score.reasons import TITLES, theme_of

Added = Callable[[pd.DataFrame], pd.DataFrame]
"""What each column adds to the log-odds of leaving, for each row of a snapshot; no columns without models."""

LEAST = 0.005
"""A change of less is none: half a point, which is not seen where risks are rounded to points."""
THEMES_TOLD = 2
_STRONG = 0.25
"""A theme that pulls less than this share of the strongest one is not told."""


@dataclass(frozen=True)
class Change:
    """How a risk changed.

    Attributes:
        points: the risk now less the risk then, from -1 to 1; None where one of them is not known.
        themes: the titles of the themes that moved it, the strongest first; none where it did not move.
    """

    points: float | None
    themes: tuple[str, ...] = ()


def changes(paths: pd.DataFrame, days_back: int, added: Added) -> dict[str, Change]:
    """How the risk of each account changed since some days before the night.

    Args:
        paths: as of `serving.night.tonight.past.paths`.
        days_back: the earlier day, one of the path.
        added: by the models of the night.
    """
    now = paths[paths["days_back"] == 0].set_index("account_id")
    then = paths[paths["days_back"] == days_back].set_index("account_id")
    both = now.index.intersection(then.index)
    points = now.loc[both, "risk"] - then.loc[both, "risk"]
    moved = _by_theme(added(now.loc[both].reset_index())) - _by_theme(
        added(then.loc[both].reset_index())
    )
    moved.index = both
    told = {account: Change(None) for account in now.index}
    for account in both:
        told[account] = _change(points[account], moved.loc[account])
    return told


def _change(points: float, moved: pd.Series) -> Change:
    if np.isnan(points):
        return Change(None)
    if abs(points) < LEAST:
        return Change(float(points))
    pull = (moved * np.sign(points)).sort_values(ascending=False, kind="stable")
    strong = pull[(pull > 0) & (pull >= _STRONG * pull.max())]
    return Change(float(points), tuple(strong.index[:THEMES_TOLD]))


def _by_theme(added: pd.DataFrame) -> pd.DataFrame:
    titles = [TITLES[theme_of(str(column))] for column in added]
    return added.T.groupby(titles, sort=False).sum().T
