"""The training set: snapshots of the cohort at many as-of dates, with what happened after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from features.engine import MICROS_PER_DAY
from features.snapshot.frame import snapshot
from features.themes.dictionary import OURS, Dictionary
from models.score.horizon import MIGRATION_HORIZON
from training.past.labels import (
    contacted,
    left_by,
    left_silently,
    next_answer,
    state_at,
)
from training.past.observed import Observed


@dataclass(frozen=True)
class TrainingSet:
    """Snapshots and outcomes, row by row.

    Attributes:
        frame: the snapshots, see `features.snapshot.frame`.
        left: a column for each horizon: 1 has left, 0 stays, missing where not known.
        state: the state at the migration horizon, missing where not known; None for a book without surveys.
        facts: the book's facts, each ``"number"`` or ``"text"``.
        silent: of those who left 1 silently, 0 overtly, missing for all others; None where nobody asks.
        answer: the quadrant of the next answer within the migration horizon, missing where there is none; None for a
            book without surveys.
        left_out: facts that models must not read, nor the features made of them.
        given_weight: for how many rows each stands; 1 each where left out.
        quiet_days: the quiet period by which leaving is judged; None in a book with departures.
        contacted: 1 where the account was reached from a list before its last horizon, else 0; None where nobody asks.
        dictionary: of the features.
        delay_days: how long labels take to become known after their horizon.
    """

    frame: pd.DataFrame
    left: pd.DataFrame
    state: pd.Series | None
    facts: Mapping[str, str]
    silent: pd.Series | None = None
    answer: pd.Series | None = None
    left_out: tuple[str, ...] = ()
    given_weight: pd.Series | None = None
    quiet_days: int | None = None
    delay_days: int = 0
    dictionary: Dictionary = OURS
    contacted: pd.Series | None = None

    @property
    def weight(self) -> pd.Series:
        """For how many rows of the book each stands."""
        return (
            pd.Series(1.0, index=self.frame.index)
            if self.given_weight is None
            else self.given_weight
        )

    @property
    def digest(self) -> str:
        """A hash of all rows and outcomes."""
        outcomes = (self.state, self.silent, self.answer)
        more = [self.weight, *(outcome for outcome in outcomes if outcome is not None)]
        rows = pd.util.hash_pandas_object(
            pd.concat([self.frame, self.left, *more], axis=1), index=False
        )
        return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()

    def known(self) -> TrainingSet:
        """The rows with any outcome known."""
        return self.rows(self.left.notna().any(axis=1))

    def rows(self, chosen: pd.Series) -> TrainingSet:
        """Some of the rows, by a boolean for each."""
        outcomes = (self.state, self.silent, self.answer, self.contacted)
        state, silent, answer, reached = (
            None if outcome is None else outcome[chosen] for outcome in outcomes
        )
        return replace(
            self,
            frame=self.frame[chosen],
            left=self.left[chosen],
            state=state,
            silent=silent,
            answer=answer,
            contacted=reached,
            given_weight=self.weight[chosen],
        )

    def faded(self, half_life_days: int | None) -> TrainingSet:
        """The same, a row so many days before the newest counting half as much; None leaves the weights as they are."""
        if half_life_days is None or self.frame.empty:
            return self
        as_of = self.frame["as_of_us"]
        half_lives = (as_of.max() - as_of) / (half_life_days * MICROS_PER_DAY)
        return replace(self, given_weight=self.weight * 0.5**half_lives)


def training_set(
    observed: Observed, as_ofs: Iterable[int], horizons: Sequence[int]
) -> TrainingSet:
    """Snapshots at as-of dates, with the outcomes that are known.

    Args:
        observed: a book until a moment.
        as_ofs: as-of dates, in microseconds since 1970.
        horizons: in days.
    """
    return with_outcomes(observed, snapshot(observed.book, as_ofs), horizons)


def with_outcomes(
    observed: Observed,
    frame: pd.DataFrame,
    horizons: Sequence[int],
    weight: pd.Series | None = None,
) -> TrainingSet:
    """As `training_set`, of snapshots already taken."""
    book, meaning = observed.book, observed.meaning
    state = answer = None
    if book.has("surveys"):
        state = state_at(observed, frame, MIGRATION_HORIZON)
        answer = next_answer(book, frame, MIGRATION_HORIZON, observed.until)
    return TrainingSet(
        frame,
        left=left_by(observed, frame, horizons),
        state=state,
        facts=book.facts,
        silent=left_silently(observed, frame),
        answer=answer,
        left_out=book.left_out,
        given_weight=weight,
        quiet_days=meaning.quiet_days,
        delay_days=meaning.delay_days,
        dictionary=book.dictionary,
        contacted=contacted(observed, frame, max(horizons)),
    )
