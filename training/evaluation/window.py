"""A window: who leaves between a day after the as-of date and the horizon, of those who had not left by that day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.book.book import Book
from features.engine import day_of
from features.errors import EvidenceError
from models.fitted.boosting import Setting
from training.evaluation.outcomes import Evaluation, Outcome
from training.evaluation.walk_forward import evaluate
from training.metrics import SURE, Array
from training.past.as_of_dates import horizons_of
from training.past.labels import left_within
from training.past.leaving import leaving


@dataclass(frozen=True)
class Window:
    """What was said of a window and what happened in it.

    Attributes:
        start: the day after the as-of date from which leaving counts.
        evaluation: of defection alone; the outcomes at a horizon have left within (start, horizon], and those who had
            left by the start are no rows.
        conditional: whether each risk is the chance to leave by the horizon given that not by the start. Otherwise
            there was no model of the start, and it is that of leaving by the horizon.
    """

    start: int
    evaluation: Evaluation
    conditional: bool

    @property
    def sentence(self) -> str:
        """What is done, for people."""
        told = f"Left is: after day {self.start}, up to the horizon; who had left by day {self.start} is left out. "
        if self.conditional:
            return f"{told}A risk is P(left by the horizon | not by day {self.start}), of the models of both."
        return f"{told}Too few had left by day {self.start} for a model of it: a risk is P(left by the horizon)."


def evaluate_window(
    book: Book,
    as_of: int,
    start: int,
    horizons: Sequence[int] | None = None,
    quiet_days: int | None = None,
    setting: Setting = Setting(),
    progress: Callable[[str], None] = lambda said: None,
) -> Window:
    """As `training.evaluation.walk_forward.evaluate`, of leaving after a day and up to each horizon.

    Args:
        book: an opened book, with what happened after the date.
        as_of: the test date, in microseconds since 1970.
        start: in days after it; the horizons are longer.
        horizons: in days after the test date; those of the book where left out.
        quiet_days: the quiet period, for books without departures.
        setting: how boosters are grown.
        progress: told what is being done.

    Raises:
        EvidenceError: a horizon is no longer than the start, or as `training.evaluation.walk_forward.evaluate`.
    """
    horizons = (
        [h for h in horizons_of(book) if h > start]
        if horizons is None
        else list(horizons)
    )
    if min(horizons, default=start) <= start:
        raise _no_window(
            start, f"a window from day {start} to day {min(horizons, default=start)}"
        )
    found = evaluate(book, as_of, [start, *horizons], quiet_days, setting, progress)
    meaning = leaving(book, as_of, quiet_days)
    accounts = pd.Index(
        sorted({account for outcome in found.outcomes for account in outcome.accounts})
    )
    cohort = pd.DataFrame({"account_id": accounts, "as_of_us": as_of})
    left = left_within(
        book, cohort, start, horizons, book.watermark, meaning
    ).set_index(accounts)
    return narrowed(found, left, start)


def narrowed(found: Evaluation, left: pd.DataFrame, start: int) -> Window:
    """An evaluation that begins later.

    Args:
        found: at horizons of which the start may be one.
        left: as of `training.past.labels.left_within`, by account.
        start: in days.
    """
    early = {
        o.model: pd.Series(o.risk, o.accounts)
        for o in found.outcomes
        if o.horizon == start
    }
    late = [o for o in found.outcomes if o.horizon > start]
    outcomes = [
        o
        for o in (_narrowed(o, left[o.horizon], early.get(o.model)) for o in late)
        if len(o.left)
    ]
    if not outcomes:
        raise _no_window(
            start, f"no outcome of {day_of(found.as_of)} known after day {start}"
        )
    rows = [outcome.row() for outcome in outcomes]
    told = replace(
        found,
        defection=rows,
        outcomes=outcomes,
        migration=[],
        states=[],
        silent=[],
        next_answer=[],
        answers=[],
    )
    return Window(start, told, conditional=bool(early))


def given(late: Array, early: Array) -> Array:
    """The chance to leave by the later moment given that not by the earlier one.

    Example:
        >>> given(np.array([0.5, 0.1]), np.array([0.2, 0.1])).round(4).tolist()
        [0.375, 0.0]
    """
    return np.clip((late - early) / np.maximum(1.0 - early, SURE), 0.0, 1.0)


def _narrowed(outcome: Outcome, left: pd.Series, early: pd.Series | None) -> Outcome:
    accounts = pd.Index(outcome.accounts)
    happened = left.loc[accounts].to_numpy()
    risk = (
        outcome.risk
        if early is None
        else given(outcome.risk, early.loc[accounts].to_numpy())
    )
    stayed = ~np.isnan(happened)
    return replace(
        outcome,
        left=happened[stayed],
        risk=risk[stayed],
        accounts=outcome.accounts[stayed],
    )


def _no_window(start: int, found: str) -> EvidenceError:
    expected = (
        f"horizons longer than {start} days, and accounts that had not left by then"
    )
    return EvidenceError(
        found=found,
        expected=expected,
        mend="take an earlier --from or a longer --horizon",
    )
