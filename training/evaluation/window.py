"""A window: who leaves between a day after the as-of date and the horizon, of those who had not left by that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.engine import day_of
from features.errors import EvidenceError
from models.fitted.boosting import Setting
from training.evaluation.outcomes import Evaluation, Outcome
from training.evaluation.walk_forward import evaluate
from training.metrics import SURE, Array
from training.past.as_of_dates import horizons_of
from training.past.labels import left_within
from training.past.observed import Observed
from training.progress import Progress


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
    then: Observed,
    start: int,
    horizons: Sequence[int] | None = None,
    setting: Setting = Setting(),
    progress: Progress = lambda said: None,
) -> Window:
    """As `training.evaluation.walk_forward.evaluate`, of leaving after a day and up to each horizon.

    Args:
        then: a book until the test date; it holds what happened after.
        start: in days after the test date; the horizons are longer.
        horizons: in days after the test date; those of the book where left out.
        setting: how boosters are grown.
        progress: told what is being done.

    Raises:
        EvidenceError: a horizon is no longer than the start, or as `training.evaluation.walk_forward.evaluate`.
    """
    if horizons is None:
        horizons = [each for each in horizons_of(then.book) if each > start]
    shortest = min(horizons, default=start)
    if shortest <= start:
        raise _no_window(start, f"a window from day {start} to day {shortest}")
    found = evaluate(then, [start, *horizons], setting, progress=progress)
    seen = {account for outcome in found.outcomes for account in outcome.accounts}
    accounts = pd.Index(sorted(seen))
    cohort = pd.DataFrame({"account_id": accounts, "as_of_us": then.until})
    followed = then.followed(then.book.watermark)
    left = left_within(followed, cohort, start, horizons).set_index(accounts)
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
    outcomes = []
    for outcome in found.outcomes:
        if outcome.horizon > start:
            its, before = left[outcome.horizon], early.get(outcome.model)
            outcomes.append(_narrowed(outcome, its, before))
    outcomes = [outcome for outcome in outcomes if len(outcome.left)]
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
