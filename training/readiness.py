"""Readiness: what can be trained on a book, and of what cannot, what is missing and how much.

It asks the same questions as a training, of the same as-of dates and labels, and fits nothing: so it says of each
prediction what `training.train.train` would then do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.errors import EvidenceError
from features.snapshot.cohort import cohort_at
from models.score.horizon import MIGRATION_HORIZON, risk_column, silent_column
from models.score.states import DEFECTED
from training.past.as_of_dates import (
    STEP_DAYS,
    WARM_UP_DAYS,
    fold_dates,
    horizons_of,
    training_dates,
)
from training.past.enough import FEWEST_OF_EACH, FEWEST_QUADRANTS
from training.past.labels import left_by, left_silently, next_answer, state_at
from training.past.observed import Observed, observe

MIGRATION = f"migration_{MIGRATION_HORIZON}d"
NEXT_ANSWER = f"next_answer_{MIGRATION_HORIZON}d"


@dataclass(frozen=True)
class Prediction:
    """What would become of one prediction.

    Attributes:
        name: the column of the scores that holds it, or ``MIGRATION`` or ``NEXT_ANSWER``.
        missing: why it cannot be trained; None where it can.
        more_days: of history that are needed, where history is what is missing.
        left: accounts that left, of those with an outcome known; None where nobody asks.
        stayed: accounts that stayed, likewise.
    """

    name: str
    missing: str | None = None
    more_days: int | None = None
    left: int | None = None
    stayed: int | None = None

    @property
    def ready(self) -> bool:
        """Whether it can be trained."""
        return self.missing is None

    def facts(self) -> dict[str, object]:
        """The figures, as JSON can hold them."""
        return {**vars(self), "ready": self.ready}


@dataclass(frozen=True)
class Readiness:
    """The verdict on a book.

    Attributes:
        predictions: each of them, the risks first.
        snapshot: whether no account was heard of on two days, so that there is no history to learn from.
        test_dates: at how many past dates models can be tried at most; with none the gate refuses them.
    """

    predictions: tuple[Prediction, ...]
    snapshot: bool
    test_dates: int

    @property
    def trainable(self) -> bool:
        """Whether `training.train.train` gives models at all."""
        return any(prediction.ready for prediction in self.predictions)

    @property
    def sentences(self) -> list[str]:
        """What the verdict comes to."""
        said = []
        if self.snapshot:
            said.append(
                "This is a snapshot without history: no account was heard of on two days."
            )
        if not self.trainable:
            said.append(
                "No model can be trained yet: work by rules, pinch score BOOK --out FOLDER --rules."
            )
        elif not self.test_dates:
            said.append(
                "There is no past date to try models at, so the gate will not let them pass."
            )
        return said


def readiness(book: Book, quiet_days: int | None = None) -> Readiness:
    """What can be trained on a book as it is.

    Args:
        book: an opened book.
        quiet_days: the quiet period, for books without departures.
    """
    snapshot = _is_snapshot(book)
    try:
        observed = observe(book, quiet_days=quiet_days)
    except EvidenceError as error:
        return Readiness(_none_of(book, f"found {error.found}"), snapshot, 0)
    until, meaning = observed.until, observed.meaning
    cohort = cohort_at(book, training_dates(book, until))
    horizons = horizons_of(book)
    left = left_by(observed, cohort, horizons)
    accounts = cohort["account_id"]
    risks = [_risk(observed, accounts, left[horizon], horizon) for horizon in horizons]
    any_risk = any(risk.ready for risk in risks)
    at_90 = next(risk for risk in risks if risk.name == risk_column(MIGRATION_HORIZON))
    silent = _silent(observed, cohort, at_90)
    stayed = cohort[left[MIGRATION_HORIZON] == 0]
    migration = _migration(observed, stayed, any_risk)
    answer = _next_answer(book, cohort[left.notna().any(axis=1)], until, migration)
    folds = fold_dates(book, until, meaning.judged_horizon, meaning.delay_days)
    return Readiness((*risks, silent, migration, answer), snapshot, len(folds))


def _none_of(book: Book, missing: str) -> tuple[Prediction, ...]:
    """All predictions, for a book of which none can be trained."""
    risks = [risk_column(horizon) for horizon in horizons_of(book)]
    names = [*risks, silent_column(), MIGRATION, NEXT_ANSWER]
    return tuple(Prediction(name, missing) for name in names)


def _is_snapshot(book: Book) -> bool:
    days = f"count(distinct occurred_us // {MICROS_PER_DAY})"
    return not book.ask(
        f"select account_id from interactions group by account_id having {days} > 1 limit 1"
    )


def _risk(
    observed: Observed, accounts: pd.Series, left: pd.Series, horizon: int
) -> Prediction:
    name = risk_column(horizon)
    if not left.notna().any():
        return _without_outcome(name, observed, horizon)
    leavers, stayers = (
        int(accounts[left == outcome].nunique()) for outcome in (1.0, 0.0)
    )
    if min(leavers, stayers) >= FEWEST_OF_EACH:
        return Prediction(name, left=leavers, stayed=stayers)
    lacking = f"{leavers:,} accounts left and {stayers:,} stayed with an outcome known, {FEWEST_OF_EACH} of each needed"
    return Prediction(name, lacking, left=leavers, stayed=stayers)


def _without_outcome(name: str, observed: Observed, horizon: int) -> Prediction:
    """Of a prediction whose outcome at a horizon is known at no as-of date yet."""
    known_after = horizon + observed.meaning.delay_days
    steps = max(int(np.ceil(known_after / STEP_DAYS)), 1)
    needed = (steps * STEP_DAYS + WARM_UP_DAYS) * MICROS_PER_DAY
    history = observed.until - observed.book.beginning
    more = int(np.ceil((needed - history) / MICROS_PER_DAY))
    if more > 0:
        return Prediction(name, f"{more:,} more days of history needed", more_days=more)
    return Prediction(
        name,
        "no account had been opened, and heard of, by the dates that it is trained on",
    )


def _silent(observed: Observed, cohort: pd.DataFrame, at_90: Prediction) -> Prediction:
    if not at_90.ready:
        return Prediction(silent_column(), f"no {at_90.name}, which it is a part of")
    if not left_silently(observed, cohort).notna().any():
        return Prediction(
            silent_column(), "nobody is known to have left silently, or overtly"
        )
    return Prediction(silent_column())


def _migration(observed: Observed, stayed: pd.DataFrame, any_risk: bool) -> Prediction:
    if not observed.book.has("surveys"):
        return Prediction(MIGRATION, "no surveys")
    if not any_risk:
        return Prediction(
            MIGRATION, "no risk at any horizon, and models are trained together"
        )
    found = _quadrants(observed, stayed)
    if found < FEWEST_QUADRANTS:
        lacking = (
            f"{found:,} accounts and dates with a quadrant {MIGRATION_HORIZON} days later, "
            f"{FEWEST_QUADRANTS} needed"
        )
        return Prediction(MIGRATION, lacking)
    return Prediction(MIGRATION)


def _next_answer(
    book: Book, cohort: pd.DataFrame, until: int, migration: Prediction
) -> Prediction:
    if not migration.ready:
        return Prediction(NEXT_ANSWER, f"no {MIGRATION}, beside which it is trained")
    found = int(next_answer(book, cohort, MIGRATION_HORIZON, until).notna().sum())
    if found < FEWEST_QUADRANTS:
        lacking = f"{found:,} accounts and dates with an answer on both axes after, {FEWEST_QUADRANTS} needed"
        return Prediction(NEXT_ANSWER, lacking)
    return Prediction(NEXT_ANSWER)


def _quadrants(observed: Observed, stayed: pd.DataFrame) -> int:
    """How many of the rows have a quadrant at the migration horizon; enough is not counted further."""
    found = 0
    for as_of in sorted(stayed["as_of_us"].unique(), reverse=True):
        rows = stayed[stayed["as_of_us"] == as_of].reset_index(drop=True)
        state = state_at(observed, rows, MIGRATION_HORIZON)
        found += int((state < DEFECTED).sum())
        if found >= FEWEST_QUADRANTS:
            break
    return found
