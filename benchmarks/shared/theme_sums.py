"""What each theme adds to the risk of each row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.knowable.oracle import Array
from models.score.reasons import MOST_REASONS, theme_of


def theme_sums(columns: Sequence[str], contributions: Array) -> pd.DataFrame:
    """What each theme adds to the log-odds of leaving, a column a theme."""
    return (
        pd.DataFrame(contributions)
        .T.groupby([theme_of(column) for column in columns], sort=False)
        .sum()
        .T
    )


def named_themes(sums: pd.DataFrame) -> pd.DataFrame:
    """The themes that reasons name, strongest first: ``theme_1`` to ``theme_3``; missing where fewer add to the risk.

    Example:
        >>> named_themes(pd.DataFrame({"voice": [0.1], "trust": [0.4], "value": [-0.2]})).loc[0].tolist()[:2]
        ['trust', 'voice']
    """
    order = np.argsort(-sums.to_numpy(), axis=1, kind="stable")[:, :MOST_REASONS]
    adds = np.take_along_axis(sums.to_numpy(), order, axis=1) > 0
    names = np.where(adds, sums.columns.to_numpy(dtype=object)[order], None)
    return pd.DataFrame(
        {f"theme_{place + 1}": names[:, place] for place in range(names.shape[1])},
        index=sums.index,
    )
