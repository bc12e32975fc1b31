"""Suspicious facts: those that by themselves tell who left, better than anything known before could.

Dated rows are proved free of the future by the leakage certificate. The facts of an account have no date, so nothing
can be proved of them: a satisfaction score that was filled in when the account was closed looks like any other number.
What can be seen is that it tells too much. Such a fact is left out, unless ``book.toml`` vouches for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score

from features.book import Book
from models.defection import FEWEST_OF_EACH
from training.evaluation import Array
from training.labels import has_left, leaving

BOUND = 0.85
"""The AUC that a fact may reach by itself, as the lower end of its 95% interval.

In the public Telco data facts that were known before reach .76 (the kind of contract), and those that were filled in
when the customer left .94 to 1.
"""
_NEAR = 1e-9
FOLDS = 5
GROUPS = 20
"""Groups of equally many accounts that a number is cut into."""


@dataclass(frozen=True)
class Suspicion:
    """A fact that tells too much.

    Attributes:
        fact: its name.
        auc: of the fact by itself.
        low: lower end of the 95% interval.
        high: upper end.
        vouched: whether the book vouches for it, so that it is used all the same.
    """

    fact: str
    auc: float
    low: float
    high: float
    vouched: bool

    @property
    def sentence(self) -> str:
        """What is suspicious, and what is done about it.

        Example:
            >>> Suspicion("score", 0.99, 0.985, 0.995, vouched=True).sentence
            'score tells who left by itself, AUC 0.990 (0.985 to 0.995): used, as book.toml vouches for it'
        """
        done = (
            "used, as book.toml vouches for it"
            if self.vouched
            else f'left out, unless book.toml says that it was known before: vouched = ["{self.fact}"]'
        )
        return f"{self.fact} tells who left by itself, AUC {self.auc:.3f} ({self.low:.3f} to {self.high:.3f}): {done}"


def suspicious_facts(book: Book, until: int, quiet_days: int | None = None) -> list[Suspicion]:
    """The facts that by themselves tell too well who had left by a moment, the most telling first.

    Each fact is judged by the share of leavers among accounts of the same value, or of a number alike, or among those
    for whom it is missing. The share is learned on other accounts, so that a value of its own for each tells nothing.

    Args:
        book: an opened book.
        until: what was known at this moment, in microseconds since 1970.
        quiet_days: the quiet period, for books without departures.
    """
    if not book.facts:
        return []
    left = has_left(book, until, leaving(book, until, quiet_days))
    if min(left.sum(), len(left) - left.sum()) < FEWEST_OF_EACH:
        return []
    named = ", ".join(f'"{fact}"' for fact in book.facts)
    facts = book.connection.execute(f"select account_id, {named} from accounts").df()
    facts = facts.set_index("account_id").reindex(left.index)
    found = []
    for fact, type_ in book.facts.items():
        auc, low, high = auc_alone(facts[fact], left, type_)
        if low > BOUND:
            found.append(Suspicion(fact, auc, low, high, fact in book.vouched))
    return sorted(found, key=lambda suspicion: -suspicion.auc)


def trusted(book: Book, suspicions: Sequence[Suspicion]) -> Book:
    """The book, marked with the suspicious facts that nobody vouches for, which models then do not read."""
    return replace(book, left_out=tuple(suspicion.fact for suspicion in suspicions if not suspicion.vouched))


def auc_alone(values: pd.Series, left: pd.Series, type_: str) -> tuple[float, float, float]:
    """The AUC of one fact by itself, with its 95% interval (Hanley and McNeil, 1982; Newcombe, 2006).

    The standard error is taken at the ends of the interval, so that an AUC of 1 has a width as well.

    Args:
        values: of each account; the index is the account.
        left: 1 has left, 0 stays; rows as in values.
        type_: ``"number"`` or ``"text"``.
    """
    groups = _groups(values, type_)
    outcome = left.to_numpy(dtype=np.float64)
    fold = pd.util.hash_array(left.index.to_numpy(dtype=object)) % FOLDS
    aucs, pairs = [], []
    for number in range(FOLDS):
        mine = fold == number
        if 0 < outcome[mine].sum() < mine.sum():
            shares = _share_of_leavers(groups[~mine], outcome[~mine], groups[mine])
            aucs.append(roc_auc_score(outcome[mine], shares))
            pairs.append(outcome[mine].sum() * (1.0 - outcome[mine]).sum())
    auc = float(np.average(aucs, weights=pairs)) if aucs else 0.5
    low, high = _interval(auc, outcome.sum(), len(outcome) - outcome.sum())
    return auc, low, high


def _groups(values: pd.Series, type_: str) -> pd.Series:
    """A code for each value, alike for like numbers, and -1 for what is missing."""
    if type_ == "text":
        return pd.Series(pd.factorize(values)[0])
    ranks = values.rank(pct=True, method="average").to_numpy()
    return pd.Series(np.where(np.isnan(ranks), -1, np.floor(np.nan_to_num(ranks) * GROUPS)))


def _share_of_leavers(groups: pd.Series, left: Array, asked: pd.Series) -> Array:
    """The share of leavers of each group asked for, with one account of the usual share assumed in each."""
    usual = left.mean()
    sums = pd.Series(left).groupby(groups.to_numpy()).agg(["sum", "count"])
    shares = (sums["sum"] + usual) / (sums["count"] + 1.0)
    return asked.map(shares).fillna(usual).to_numpy(dtype=np.float64)


def _interval(auc: float, leavers: float, stayers: float) -> tuple[float, float]:
    """The AUCs from which this one is 1.96 of their standard errors away."""

    def away(end: float) -> float:
        one, two = end / (2.0 - end), 2.0 * end**2 / (1.0 + end)
        spread = end * (1.0 - end) + (leavers - 1.0) * (one - end**2) + (stayers - 1.0) * (two - end**2)
        return float((auc - end) ** 2 - 1.96**2 * spread / (leavers * stayers))

    low, high = max(auc - _NEAR, 0.0), min(auc + _NEAR, 1.0)
    return (
        float(brentq(away, 0.0, low)) if away(low) < 0 < away(0.0) else low,
        float(brentq(away, high, 1.0)) if away(high) < 0 < away(1.0) else high,
    )
