"""The files that a night writes, by their formats; each appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from serving.night.atomic_files import spreadsheet, write_whole
from serving.night.night import Night
from serving.night.picture import draw_quadrants

SCORES = "scores.parquet"
WORKLIST = "worklist.csv"
PICTURE = "quadrants.png"


def write_night(night: Night, listed: pd.DataFrame, folder: Path) -> list[Path]:
    """Writes the scores for machines, the worklist for a spreadsheet and the picture; each appears whole or not at all.

    Returns:
        The files written; without surveys there is no picture.
    """
    return write_whole(
        folder,
        {
            SCORES: lambda file: night.scores.to_parquet(file, index=False),
            WORKLIST: spreadsheet(listed),
            PICTURE: lambda file: draw_quadrants(night.levels, night.scores, file),
        },
    )
