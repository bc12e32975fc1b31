"""How many accounts would seem to move between quadrants if nothing moved but the noise of their surveys.

Each account is given one true level an item, the mean of what it said, and every survey of it is answered anew as that
level plus noise. The noise of an item is that between an account's successive answers, of which half the mean square
is their variance however slowly the level drifts (von Neumann, 1941). The quadrants follow by the usual rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.book.book import Book
from features.snapshot.frame import KEYS, snapshot_of_pairs
from models.score.states import DEFECTED
from training.past.labels import QUADRANT, state_at
from training.past.observed import Observed

DRAWS = 5
"""Simulated books whose rates are averaged."""
HIGHEST = 10.0


@dataclass(frozen=True)
class Moves:
    """How many accounts of a date stood in another quadrant at the horizon.

    Attributes:
        n: accounts that stayed, with a quadrant at both ends.
        seen: share of them whose quadrant at the horizon was another one.
        noise: the share to be expected if nothing moved but the noise of surveys.
    """

    n: int
    seen: float
    noise: float


def noise_moves(observed: Observed, cohort: pd.DataFrame, horizon: int) -> Moves | None:
    """The share of a cohort that moved, beside the share that would seem to move by noise alone.

    Args:
        observed: a book with surveys until a moment; what happened is what was known then.
        cohort: ``account_id``, ``as_of_us`` and ``quadrant``, a row each, of one as-of date.
        horizon: in days.

    Returns:
        None where no account that stayed has a quadrant at both ends, or no item was answered twice by anybody.
    """
    book = observed.book
    surveys = book.connection.execute("select * from surveys order by all").df()
    scatter = item_scatter(surveys)
    seen = _moved(cohort["quadrant"], state_at(observed, cohort, horizon))
    if seen.empty or scatter.empty:
        return None
    draws = np.random.default_rng(0)
    rates = []
    for _ in range(DRAWS):
        still = _with_surveys(book, _answered_anew(surveys, scatter, draws))
        today = snapshot_of_pairs(still, cohort[list(KEYS)], QUADRANT)
        before = (
            cohort[list(KEYS)]
            .merge(today, on=list(KEYS), how="left")["quadrant"]
            .set_axis(cohort.index)
        )
        after = state_at(replace(observed, book=still), cohort, horizon)
        rates.append(_moved(before, after).mean())
    return Moves(len(seen), float(seen.mean()), float(np.mean(rates)))


def item_scatter(surveys: pd.DataFrame) -> pd.Series:
    """The standard deviation of the noise of each item, in points of 10.

    Args:
        surveys: ``account_id``, ``item``, ``occurred_us`` and ``score``.

    Returns:
        By item; an item that no account answered twice is absent.

    Example:
        >>> said = {"account_id": "a", "item": "people", "occurred_us": [1, 2, 3], "score": [5.0, 7.0, 5.0]}
        >>> item_scatter(pd.DataFrame(said)).round(4).to_dict()
        {'people': 1.4142}
    """
    ordered = surveys.sort_values("occurred_us", kind="stable")
    steps = ordered.groupby(["account_id", "item"])["score"].diff()
    variances: pd.Series = (steps**2).groupby(ordered["item"]).mean() / 2.0
    return variances.pow(0.5).dropna()


def _answered_anew(
    surveys: pd.DataFrame, scatter: pd.Series, draws: np.random.Generator
) -> pd.DataFrame:
    levels = surveys.groupby(["account_id", "item"])["score"].transform("mean")
    width = surveys["item"].map(scatter).astype(float).fillna(0.0)
    noise = draws.standard_normal(len(surveys)) * width
    return surveys.assign(score=(levels + noise).clip(0.0, HIGHEST))


def _with_surveys(book: Book, surveys: pd.DataFrame) -> Book:
    """The book with other surveys: a table of a connection's own hides the one that all share."""
    connection = book.connection.cursor()
    connection.register("answered", surveys)
    connection.execute("create temp table surveys as select * from answered")
    connection.unregister("answered")
    return replace(book, connection=connection)


def _moved(before: pd.Series, after: pd.Series) -> pd.Series:
    """Whether the quadrant after is another one, of those that stayed and have a quadrant at both ends."""
    both = before.notna() & (after < DEFECTED)
    return before[both] != after[both]
