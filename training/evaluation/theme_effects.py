"""Importance: how much each theme moves the risks, over a book or for one account."""

from __future__ import annotations

import pandas as pd

from models.fitted.defection import DefectionModel
from models.score.reasons import TITLES, theme_of


def theme_effects(model: DefectionModel, frame: pd.DataFrame) -> pd.DataFrame:
    """What each theme adds to the log-odds of leaving, for each row of a snapshot.

    Returns:
        A column for each theme by its title, rows as in the frame.
    """
    columns = model.encoding.columns
    added = pd.DataFrame(model.contributions(frame), columns=columns, index=frame.index)
    return (
        added.T.groupby([TITLES[theme_of(column)] for column in columns], sort=False)
        .sum()
        .T
    )


def theme_importance(model: DefectionModel, frame: pd.DataFrame) -> pd.Series:
    """The mean absolute effect of each theme on the log-odds of leaving, largest first, by the theme's title."""
    return (
        theme_effects(model, frame)
        .abs()
        .mean()
        .sort_values(ascending=False)
        .rename("importance")
    )
