"""The choices of columns that are fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.themes.dictionary import FEATURES
from models.fitted.boosting import Setting
from models.score.reasons import theme_of
from training.fitting.baselines import SINGLE_COLUMNS
from training.past.training_set import TrainingSet

RECENCY = SINGLE_COLUMNS["recency"]
FULL, REGROWN, RECENT, WITHOUT, ALONE = "full", "regrown", "recency", "without", "alone"


@dataclass(frozen=True)
class Variant:
    """A choice of columns, by why they were chosen.

    Attributes:
        kind: one of ``full``, ``regrown`` (full, with other seeds), ``recency``, ``without``, ``alone``.
        theme: that is left out or kept alone; empty for the other kinds.
        columns: that the models read.
        seeds: with which boosters are grown, the product's own first; figures are means over them.
    """

    kind: str
    theme: str
    columns: tuple[str, ...]
    seeds: range


def variants(columns: Sequence[str], growings: int) -> list[Variant]:
    """Every choice of columns that is fitted, themes in the order of their first column.

    Args:
        columns: that the full model reads.
        growings: times that each is grown.
    """
    everything = tuple(columns)
    themes = list(dict.fromkeys(theme_of(column) for column in columns))
    own = range(Setting().seed, Setting().seed + growings)
    return [
        Variant(FULL, "", everything, own),
        Variant(REGROWN, "", everything, range(own.stop, own.stop + growings)),
        Variant(RECENT, "", (RECENCY,), own),
        *(Variant(WITHOUT, theme, without(columns, theme), own) for theme in themes),
        *(Variant(ALONE, theme, alone(columns, theme), own) for theme in themes),
    ]


def without(columns: Sequence[str], theme: str) -> tuple[str, ...]:
    """The columns of all themes but one.

    Example:
        >>> without(["days_silent", "complaints_90d", "plan"], "voice")
        ('days_silent', 'plan')
    """
    return tuple(column for column in columns if theme_of(column) != theme)


def alone(columns: Sequence[str], theme: str) -> tuple[str, ...]:
    """The columns of one theme, and recency.

    Example:
        >>> alone(["days_silent", "usual_gap", "complaints_90d", "plan"], "voice")
        ('days_silent', 'complaints_90d')
    """
    return tuple(
        column for column in columns if column == RECENCY or theme_of(column) == theme
    )


def blanked(data: TrainingSet, columns: Sequence[str]) -> TrainingSet:
    """The same rows with nothing known but some columns: models leave out a column that is the same in every row."""
    hidden = [
        column for column in [*FEATURES, *data.facts] if column not in set(columns)
    ]
    kept = data.frame.drop(columns=hidden)
    nothing = pd.DataFrame(np.nan, index=kept.index, columns=hidden)
    return replace(data, frame=pd.concat([kept, nothing], axis=1))
