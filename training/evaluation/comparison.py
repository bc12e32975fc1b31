"""Comparison: how much better one model is than another on the same rows, and how sure that is.

Intervals are percentiles of a paired bootstrap over accounts and test dates: both models are compared row by row;
accounts are drawn with all their rows, since those of several dates are not independent, and dates with all theirs,
since a season or a price moves many accounts at once (the pigeonhole bootstrap; Owen, 2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from training.evaluation.outcomes import Evaluation, Outcome, StateOutcome, said
from training.fitting.rivals import MODEL
from training.metrics import Array, log_losses
from training.past.enough import FEWEST_OF_EACH

DRAWS = 2000
"""Bootstrap samples: the ends of an interval then scatter by less than a tenth of its width."""
INTERVAL = (2.5, 97.5)
"""Percentiles: a model that is as good as the other fails one time in forty."""

Accounts = npt.NDArray[np.object_]
"""The account of each row."""


@dataclass(frozen=True)
class Difference:
    """A mean log loss less another on the same rows; above zero the first model is worse.

    Attributes:
        mean: over all rows.
        low: lower end of its 95% interval.
        high: upper end.
        few: whether fewer accounts left than any figure can be sure with.

    Whether a model is surely better or worse is decided here alone: the headline of a training, what is weak of it, the
    gate and the sentences on evidence all ask.
    """

    mean: float
    low: float
    high: float
    few: bool = False

    @property
    def worse(self) -> bool:
        """Whether there is evidence that the first model is worse."""
        return self.low > 0 and not self.few

    @property
    def better(self) -> bool:
        """Whether there is evidence that the first model is better."""
        return self.high < 0 and not self.few

    def __str__(self) -> str:
        few = ", of too few that left to be sure" if self.few else ""
        return f"difference {self.mean:+.4f}, 95% between {self.low:+.4f} and {self.high:+.4f}{few}"

    @property
    def short(self) -> str:
        """The figures alone.

        Example:
            >>> Difference(-0.004, -0.01, 0.002).short
            '-0.0040 (-0.0100 to +0.0020)'
        """
        return f"{self.mean:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def compare(
    accounts: Accounts, dates: npt.NDArray[np.int64], ours: Array, theirs: Array
) -> Difference:
    """The difference of two mean losses, with its interval by a paired bootstrap over accounts and dates.

    Args:
        accounts: whose row it is, shape (rows,); an account may have several.
        dates: of which test date it is, from 0, shape (rows,).
        ours: loss of each row, shape (rows,).
        theirs: likewise, of the other model.

    Example:
        >>> accounts, dates = np.array(["a", "b"], dtype=object), np.array([0, 0])
        >>> compare(accounts, dates, np.array([0.75, 0.5]), np.array([0.5, 0.25]))
        Difference(mean=0.25, low=0.25, high=0.25, few=False)
    """
    codes, names = pd.factorize(accounts)
    shape = (len(names), int(dates.max(initial=0)) + 1)
    sums, sizes = np.zeros(shape), np.zeros(shape)
    np.add.at(sums, (codes, dates), ours - theirs)
    np.add.at(sizes, (codes, dates), 1.0)
    low, high = np.percentile(_means_of_draws(sums, sizes), INTERVAL)
    return Difference(float(sums.sum() / sizes.sum()), float(low), float(high))


def _means_of_draws(sums: Array, sizes: Array) -> list[float]:
    """The mean of each bootstrap sample, of sums and numbers of rows by account and date."""
    both = np.hstack([sums, sizes])
    accounts, dates = sums.shape
    draws = np.random.default_rng(0)
    means = []
    # A product of a few columns is done before another thread wakes.
    with threadpool_limits(1):
        for _ in range(DRAWS):
            of_dates = times_drawn(draws, accounts) @ both
            times = times_drawn(draws, dates)
            rows = (times * of_dates[dates:]).sum()
            means += [(times * of_dates[:dates]).sum() / rows] if rows else []
    return means


def times_drawn(draws: np.random.Generator, many: int) -> Array:
    """How often each of so many was drawn, as often as there are; the one of one is drawn once."""
    return np.bincount(draws.integers(many, size=many), minlength=many).astype(
        np.float64
    )


def compare_said(
    evaluations: Sequence[Evaluation], baseline: str, horizon: int
) -> Difference:
    """The log loss of our model less that of a baseline, over all test dates that have both."""
    return compare_pairs(_pairs(evaluations, baseline, horizon))


def loss_of(outcomes: Sequence[Outcome]) -> float:
    """The mean log loss of what a model said, over all rows."""
    return float(_losses(outcomes).mean())


def compare_pairs(pairs: Sequence[tuple[Outcome, Outcome]]) -> Difference:
    """The log loss of one model less that of another: what both said of the same rows, at each test date."""
    ours, theirs = zip(*pairs, strict=True)
    accounts = np.concatenate([outcome.accounts for outcome in ours])
    found = compare(accounts, _dates(ours), _losses(ours), _losses(theirs))
    return replace(found, few=leavers_of(ours) < FEWEST_OF_EACH)


def leavers_of(outcomes: Sequence[Outcome]) -> int:
    """How many different accounts left in the test dates of what a model said."""
    left = np.concatenate([outcome.left for outcome in outcomes]) == 1
    return len(
        np.unique(np.concatenate([outcome.accounts for outcome in outcomes])[left])
    )


def _dates(
    outcomes: Sequence[Outcome] | Sequence[StateOutcome],
) -> npt.NDArray[np.int64]:
    """The number of the test date of each row."""
    return np.repeat(
        np.arange(len(outcomes)), [len(outcome.accounts) for outcome in outcomes]
    )


def _losses(outcomes: Sequence[Outcome]) -> Array:
    left = np.concatenate([outcome.left for outcome in outcomes])
    risk = np.concatenate([outcome.risk for outcome in outcomes])
    return log_losses(np.column_stack([1.0 - risk, risk]), left.astype(np.int64))


def compare_states(
    ours: Sequence[StateOutcome], theirs: Sequence[StateOutcome]
) -> Difference:
    """The log loss of what a model said of migration or of the next answer less that of another, on the same rows."""
    accounts = np.concatenate([outcome.accounts for outcome in ours])
    return compare(accounts, _dates(ours), _state_losses(ours), _state_losses(theirs))


def _state_losses(outcomes: Sequence[StateOutcome]) -> Array:
    return np.concatenate(
        [log_losses(outcome.chances, outcome.state) for outcome in outcomes]
    )


def state_loss_of(outcomes: Sequence[StateOutcome]) -> float:
    """The mean log loss of what a model said of migration, over all rows."""
    return float(_state_losses(outcomes).mean())


def _pairs(
    evaluations: Sequence[Evaluation], baseline: str, horizon: int
) -> list[tuple[Outcome, Outcome]]:
    """Our model and a baseline, at each test date that has both."""
    return [
        (ours, theirs)
        for evaluation in evaluations
        for ours in said([evaluation], MODEL, horizon)
        for theirs in said([evaluation], baseline, horizon)
    ]
