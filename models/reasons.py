"""Reasons: why an account is at risk, in words, with its own figures.

What the columns add to the risk is summed by theme; the themes that add most are told, each by its strongest column.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.snapshot import FEATURES, THEMES

MOST_REASONS = 3
FACTS = "facts"
"""The theme of what is not a feature: the facts of an account."""

TITLES: Mapping[str, str] = {theme.name: theme.title for theme in THEMES} | {FACTS: "What kind of account"}


def theme_of(column: str) -> str:
    """The name of a column's theme."""
    return FEATURES[column].theme if column in FEATURES else FACTS


def reasons(frame: pd.DataFrame, contributions: pd.DataFrame) -> pd.DataFrame:
    """The strongest reasons of each row.

    Args:
        frame: snapshots.
        contributions: what each column adds to the log-odds of leaving, rows as in frame.

    Returns:
        ``reason_1`` to ``reason_3``, strongest first; missing where fewer themes add to the risk.
    """
    by_theme = contributions.T.groupby(theme_of).sum().T
    strongest = np.argsort(-by_theme.to_numpy(), axis=1, kind="stable")[:, :MOST_REASONS]
    told = [_told(frame, contributions, by_theme, row, places) for row, places in enumerate(strongest)]
    columns = [f"reason_{place}" for place in range(1, MOST_REASONS + 1)]
    return pd.DataFrame(told, columns=columns, index=frame.index, dtype="object")


def _told(
    frame: pd.DataFrame, contributions: pd.DataFrame, by_theme: pd.DataFrame, row: int, places: np.ndarray
) -> list[str | None]:
    values, added, sums = frame.iloc[row], contributions.iloc[row], by_theme.iloc[row]
    themes = [by_theme.columns[place] for place in places if sums.iloc[place] > 0]
    said = [_sentence(theme, values, added[[c for c in added.index if theme_of(c) == theme]]) for theme in themes]
    return [*said, *[None] * (MOST_REASONS - len(said))]


def _sentence(theme: str, values: pd.Series, added: pd.Series) -> str:
    known = added[values[added.index].notna()]
    column = (known if len(known) and known.max() > 0 else added).idxmax()
    return f"{TITLES[theme]}: {_figure(str(column), values[column])}"


def _figure(column: str, value: object) -> str:
    if column not in FEATURES:
        return f"{column} is {value}"
    if pd.isna(value):
        return f"not known: {FEATURES[column].meaning[0].lower()}{FEATURES[column].meaning[1:].rstrip('.')}"
    return FEATURES[column].says.format(value=value)
