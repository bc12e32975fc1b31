"""The night: every account of a book scored at an as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from features.book.book import Book
from features.calendar.unscored import find_unscored
from features.engine import day_of
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from models.fitted.distribution import Counts
from models.score.horizon import risk_column
from serving.night.watermarks import watermarks
from serving.scorer import Scorer
from serving.steps import Step, unmeasured

if TYPE_CHECKING:
    from features.book.on_spark import SparkBook

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
        tally: how many accounts fall in each bin of each column of the models' reference; empty without one.
    """

    scores: pd.DataFrame
    levels: pd.DataFrame
    tally: Mapping[str, Counts] = field(default_factory=dict)


def score_night(
    book: Book, as_of: int, scorer: Scorer, step: Step = unmeasured
) -> Night:
    """Scores every account of the cohort.

    Args:
        book: an opened book.
        as_of: in microseconds since 1970.
        scorer: the models.
        step: measures ``snapshot`` and ``scores``, the reasons among them.

    Raises:
        EvidenceError: nobody was an account at the as-of date.
    """
    with step("snapshot"):
        frame = snapshot(book, [as_of])
    if frame.empty:
        raise nobody(book, as_of)
    with step("scores"):
        scores = scorer.score(frame, REASONS_FOR)
        tally = _tally(scorer, frame, scores)
        return Night(with_watermarks(scores, book, as_of), frame[LEVELS], tally)


def _tally(
    scorer: Scorer, frame: pd.DataFrame, scores: pd.DataFrame
) -> dict[str, Counts]:
    reference = scorer.defection.reference
    if reference is None:
        return {}
    risk = risk_column(scorer.defection.reasons_horizon)
    return {**reference.tally(frame), **reference.tally(scores[[risk]])}


def with_watermarks(scores: pd.DataFrame, book: Book, as_of: int) -> pd.DataFrame:
    """Scores with how far what is known of each account goes."""
    known = scores["account_id"].map(watermarks(book, as_of))
    return scores.assign(watermark=known.astype(object))


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
