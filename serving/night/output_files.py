"""The files that a night writes, by their formats; each appears whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from features.book.book import Book
from features.engine import instant
from pages.tonight.page import page
from serving.night.atomic_files import PART, Writer, spreadsheet, write_whole
from serving.night.histories import history_writers
from serving.night.night import Night
from serving.night.picture import draw_quadrants
from serving.night_folder import (
    PAGE,
    PICTURE,
    SCORES,
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
) -> list[Path]:
    """Writes the scores for machines, the worklist, its page and the picture; each appears whole or not at all.

    The scores come last, with a note of the others, see `serving.night_folder`.

    Args:
        night: what was scored.
        listed: the worklist.
        folder: where to write.
        histories: the book, if its clean rows are to be kept beside the scores.
        told: what the page tells, see `serving.night.tonight.tonight`; without it there is no page.

    Returns:
        The files written; without surveys there is no picture.
    """
    others = {
        WORKLIST: spreadsheet(listed),
        PAGE: _page(told),
        PICTURE: lambda file: draw_quadrants(night.levels, night.scores, file),
        **history_writers(histories, instant(night.scores["as_of"].iloc[0])),
    }

    def scores(file: Path) -> None:
        parts = {name: folder / f"{name}{PART}" for name in others}
        write_scores(night.scores, file, note_of(parts))

    written = write_whole(folder, {**others, SCORES: scores})
    return [written[-1], *written[:-1]]


def _page(told: Mapping[str, Any] | None) -> Writer:
    if told is None:
        return lambda _: None
    return lambda file: file.write_text(page(told), encoding="utf-8")
