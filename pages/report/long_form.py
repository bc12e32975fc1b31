"""Figures in long form: a row for each quarter, group of accounts and detail."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

GROUP = ["quarter", "fact", "segment"]
COLUMNS = [*GROUP, "figure", "detail", "moved_to", "value", "unit", "n", "of"]


def rows(
    value: pd.Series,
    n: pd.Series,
    *,
    figure: str,
    unit: str,
    of: str,
    detail: str = "",
    moved_to: str = "",
) -> pd.DataFrame:
    """The rows of a figure, or of one of its details.

    Args:
        value: of each `GROUP`, which is its index.
        n: on how much each value rests, in the same order.
        figure: its name.
        unit: of the values.
        of: what n counts.
        detail: such as a quadrant.
        moved_to: the quadrant moved to.
    """
    groups = value.index.to_frame(index=False)
    return groups.assign(
        figure=figure,
        detail=detail,
        moved_to=moved_to,
        value=value.to_numpy(dtype=np.float64),
        unit=unit,
        n=n.to_numpy(dtype=np.float64),
        of=of,
    )


def shares(counted: pd.DataFrame, figure: str, of: str) -> list[pd.DataFrame]:
    """What share of each group has each detail.

    Args:
        counted: as of `tally`.
        figure: its name.
        of: what is counted.
    """
    n = counted.sum(axis=1)
    return [
        rows(values / n, n, figure=figure, unit="share", of=of, detail=str(detail))
        for detail, values in counted.items()
    ]


def tally(frame: pd.DataFrame, column: str, values: Iterable[str]) -> pd.DataFrame:
    """How many rows of each `GROUP` have each value, a column for each."""
    counted = frame.groupby([*GROUP, column]).size().unstack(fill_value=0)
    return counted.reindex(columns=list(values), fill_value=0)
