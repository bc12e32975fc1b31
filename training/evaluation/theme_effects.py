"""Importance: how much each theme moves the risks, over a book or for one account."""

from __future__ import annotations

import pandas as pd

from features.book.own_features import declared_by
from models.fitted.defection import DefectionModel
from models.score.reasons import TITLES, theme_of


def theme_effects(model: DefectionModel, frame: pd.DataFrame) -> pd.DataFrame:
    """What each theme adds to the log-odds of leaving, for each row of a snapshot.

    Returns:
        A column for each theme by its title, rows as in the frame.
    """
    columns = model.encoding.columns
    added = pd.DataFrame(model.contributions(frame), columns=columns, index=frame.index)
    dictionary = declared_by(model.facts.get("themes", []))
    titles = {**TITLES, **dictionary.titles}
    themes = [titles[theme_of(column, dictionary)] for column in columns]
    return added.T.groupby(themes, sort=False).sum().T


def theme_importance(model: DefectionModel, frame: pd.DataFrame) -> pd.Series:
    """The mean absolute effect of each theme on the log-odds of leaving, largest first, by the theme's title."""
    return (
        theme_effects(model, frame)
        .abs()
        .mean()
        .sort_values(ascending=False)
        .rename("importance")
    )
