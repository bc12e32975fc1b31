"""The night: every account of a book scored at an as-of date, written so that readers see all of it or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.book import Book
from features.engine import day_of
from features.errors import EvidenceError
from features.snapshot import snapshot
from models.stake import at_stake
from serving.picture import draw_quadrants
from serving.scorer import Scorer, heading
from serving.whole import spreadsheet, write_whole

SCORES = "scores.parquet"
WORKLIST = "worklist.csv"
PICTURE = "quadrants.png"

LEVELS = ["account_id", "people_level", "product_level"]
"""What the picture draws of a snapshot."""

REASONS_FOR = 20_000
"""How many accounts get reasons, the ones with most at stake: nobody reads more in a night."""


@dataclass(frozen=True)
class Night:
    """The scores of a night.

    Attributes:
        scores: a row per account, sorted by account, see `serving.scorer.Scorer.score`.
        levels: ``account_id``, ``people_level`` and ``product_level``, rows as in scores.
    """

    scores: pd.DataFrame
    levels: pd.DataFrame


def score_night(book: Book, as_of: int, scorer: Scorer) -> Night:
    """Scores every account of the cohort.

    Raises:
        EvidenceError: nobody was an account at the as-of date.
    """
    frame = snapshot(book, [as_of])
    if frame.empty:
        raise nobody(as_of, book.beginning)
    return Night(scorer.score(frame, REASONS_FOR), frame[LEVELS])


def nobody(as_of: int, beginning: int) -> EvidenceError:
    """The error of an as-of date without accounts, in a book with data from a beginning on; both in microseconds."""
    return EvidenceError(
        where=f"as-of date {day_of(as_of)}",
        found="no account",
        expected=f"accounts opened and active by then; the book has data from {day_of(beginning)}",
        mend="score a later date",
    )


def worklist(scores: pd.DataFrame, length: int) -> pd.DataFrame:
    """The accounts that most can be saved of, first the one with most at stake, with where each is heading."""
    ranked = scores.assign(at_stake=at_stake(scores), heading=heading(scores))
    return ranked.sort_values(["at_stake", "account_id"], ascending=[False, True]).head(length).reset_index(drop=True)


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
