"""The night: every account of a book scored at an as-of date, written so that readers see all of it or none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.book.book import Book
from features.calendar.unscored import find_unscored
from features.engine import day_of
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from models.score.at_stake import at_stake, by_stake, stake_horizon
from models.score.horizon import risk_column
from serving.night.picture import draw_quadrants
from serving.night.whole_files import spreadsheet, write_whole
from serving.scorer import Scorer, heading

if TYPE_CHECKING:
    from features.book.on_spark import SparkBook

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
        raise nobody(book, as_of)
    return Night(scorer.score(frame, REASONS_FOR), frame[LEVELS])


def nobody(book: Book | SparkBook, as_of: int) -> EvidenceError:
    """The error of an as-of date, in microseconds since 1970, at which a book has no account to score."""
    missing = find_unscored(book, as_of).sentence
    return EvidenceError(
        where=f"as-of date {day_of(as_of)}",
        found="no account"
        if missing is None
        else f"no account; {missing[0].lower()}{missing[1:]}",
        expected=f"accounts opened and active by then; the book has data from {day_of(book.beginning)}",
        mend="score a later date",
    )


def worklist(
    scores: pd.DataFrame, length: int, held_out: Collection[str] = ()
) -> pd.DataFrame:
    """The accounts that most can be saved of, first the one with most at stake.

    Args:
        scores: as of `serving.scorer.Scorer.score`.
        length: how many accounts at most.
        held_out: accounts that nobody may contact; they are left off.

    Returns:
        The scores of each, with ``at_stake``, ``ranked_by`` (the risk that this looks to) and ``heading``.
    """
    contactable = scores[~scores["account_id"].isin(list(held_out))]
    first = contactable.loc[by_stake(contactable)[:length]]
    horizon = stake_horizon(scores)
    told = {
        "at_stake": at_stake(scores).loc[first.index],
        "ranked_by": None if horizon is None else risk_column(horizon),
        "heading": heading(first),
    }
    return first.assign(**told).reset_index(drop=True)


def labelled(listed: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """A list with what people know its accounts by.

    Args:
        listed: a row for each account, ``account_id`` among its columns.
        labels: as of `features.book.labels.account_labels`; they stand beside the account's id.
    """
    beside = labels.reindex(listed["account_id"]).set_axis(listed.index)
    place = listed.columns.tolist().index("account_id") + 1
    return pd.concat([listed.iloc[:, :place], beside, listed.iloc[:, place:]], axis=1)


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
