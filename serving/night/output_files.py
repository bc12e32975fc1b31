"""The files that a night writes, by their formats; each appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from features.book.book import Book
from features.engine import instant
from models.score.arms import WITHHELD
from pages.tonight.page import page
from pages.tonight.sheet import list_sheet, workbook
from serving.night.atomic_files import PART, Writer, spreadsheet, write_whole
from serving.night.histories import history_writers
from serving.night.night import Night
from serving.night.picture import draw_quadrants
from serving.night_folder import (
    PAGE,
    PICTURE,
    SCORES,
    STANDING,
    WORKBOOK,
    WORKLIST,
    note_of,
    write_scores,
)


def write_night(
    night: Night,
    listed: pd.DataFrame,
    folder: Path,
    histories: Book | None = None,
    told: Mapping[str, Any] | None = None,
    standing: pd.DataFrame | None = None,
) -> list[Path]:
    """Writes the scores for machines, the list for people and the picture; each appears whole or not at all.

    The scores come last, with a note of the others, see `serving.night_folder`.

    Args:
        night: what was scored.
        listed: the worklist.
        folder: where to write.
        histories: the book, if its clean rows are to be kept beside the scores.
        told: all of tonight, see `serving.night.tonight.tonight`; without it there is neither page nor workbook.
        standing: as of `serving.night.standing.parted`; it is written where anybody is withheld.

    Returns:
        The files written; without surveys there is no picture.
    """
    others = {
        WORKLIST: spreadsheet(_as_read(listed, told)),
        WORKBOOK: _of(told, lambda whole, file: file.write_bytes(workbook(whole))),
        PAGE: _of(told, lambda whole, file: file.write_text(page(whole), "utf-8")),
        PICTURE: lambda file: draw_quadrants(night.levels, night.scores, file),
        STANDING: lambda file: _write_standing(standing, file),
        **history_writers(histories, instant(night.scores["as_of"].iloc[0])),
    }

    def scores(file: Path) -> None:
        parts = {name: folder / f"{name}{PART}" for name in others}
        write_scores(night.scores, file, note_of(parts))

    written = write_whole(folder, {**others, SCORES: scores})
    return [written[-1], *written[:-1]]


Told = Mapping[str, Any]


def _of(told: Told | None, write: Callable[[Told, Path], object]) -> Writer:
    """Writes a file of all that tonight tells; none where nothing is told."""
    return lambda file: None if told is None else write(told, file)


def _write_standing(standing: pd.DataFrame | None, file: Path) -> None:
    if standing is not None and (standing["arm"] == WITHHELD).any():
        standing.to_parquet(file, index=False)


def _as_read(listed: pd.DataFrame, told: Told | None) -> pd.DataFrame:
    """The list with the columns that people read first, rounded, before all those of its scores."""
    if told is None:
        return listed
    first = list_sheet(told["accounts"][: told["listed"]])
    rest = listed.drop(columns=[name for name in listed if name in first])
    return pd.concat([first, rest.reset_index(drop=True)], axis=1)
