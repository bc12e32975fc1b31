"""Suspicious facts: those that by themselves tell who left, better than anything known before could.

Dated rows are proved free of the future by the leakage certificate. The facts of an account have no date, so nothing
can be proved of them: a satisfaction score that was filled in when the account was closed looks like any other number.
What can be seen is that it tells too much. Such a fact is left out, unless ``book.toml`` vouches for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.book.book import Book
from training.past.enough import FEWEST_OF_EACH
from training.past.observed import Observed
from training.past.when_left import has_left

BOUND = 0.85
"""The AUC that a fact may reach by itself, as the lower end of its 95% interval.

In the public Telco data facts that were known before reach .76 (the kind of contract), and those that were filled in
when the customer left .94 to 1.
"""
_NEAR = 1e-9
Codes = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
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


def suspicious_facts(observed: Observed) -> list[Suspicion]:
    """The facts that by themselves tell too well who has left, the most telling first.

    Each fact is judged by the share of leavers among accounts of the same value, or of a number alike, or among those
    for whom it is missing. The share is learned on other accounts, so that a value of its own for each tells nothing.

    Args:
        observed: a book until a moment.
    """
    book = observed.book
    if not book.account_facts:
        return []
    left = has_left(observed)
    if min(left.sum(), len(left) - left.sum()) < FEWEST_OF_EACH:
        return []
    named = ", ".join(f'"{fact}"' for fact in book.account_facts)
    facts = book.connection.execute(f"select account_id, {named} from accounts").df()
    facts = facts.set_index("account_id").reindex(left.index)
    outcome, fold = left.to_numpy(dtype=np.float64), _folds(left.index)
    found = []
    for fact, type_ in book.account_facts.items():
        groups = _groups(facts[fact], type_)
        auc = _auc_of_groups(groups, outcome, fold)
        if auc <= BOUND:
            continue
        low, high = _interval(auc, outcome)
        vouched = fact in book.vouched
        if low > BOUND:
            found.append(Suspicion(fact, auc, low, high, vouched))
    return sorted(found, key=lambda suspicion: -suspicion.auc)


def trusted(book: Book, suspicions: Sequence[Suspicion]) -> Book:
    """The book, marked with the suspicious facts that nobody vouches for, which models then do not read."""
    left_out = [each.fact for each in suspicions if not each.vouched]
    return replace(book, left_out=tuple(left_out))


def auc_alone(
    values: pd.Series, left: pd.Series, type_: str
) -> tuple[float, float, float]:
    """The AUC of one fact by itself, with its 95% interval (Hanley and McNeil, 1982; Newcombe, 2006).

    The standard error is taken at the ends of the interval, so that an AUC of 1 has a width as well.

    Args:
        values: of each account; the index is the account.
        left: 1 has left, 0 stays; rows as in values.
        type_: ``"number"`` or ``"text"``.
    """
    outcome = left.to_numpy(dtype=np.float64)
    auc = _auc_of_groups(_groups(values, type_), outcome, _folds(left.index))
    return auc, *_interval(auc, outcome)


def _folds(accounts: pd.Index) -> Codes:
    hashes = pd.util.hash_array(accounts.to_numpy(dtype=object))
    return (hashes % FOLDS).astype(np.int64)


def _auc_of_groups(groups: Codes, left: Array, fold: Codes) -> float:
    size = int(groups.max()) + 1
    aucs, pairs = [], []
    for number in range(FOLDS):
        mine = fold == number
        leavers = _by_group(groups[mine], left[mine], size)
        stayers = _by_group(groups[mine], 1.0 - left[mine], size)
        if leavers.any() and stayers.any():
            shares = _shares_of_leavers(groups[~mine], left[~mine], size)
            aucs.append(_auc(shares, leavers, stayers))
            pairs.append(leavers.sum() * stayers.sum())
    return float(np.average(aucs, weights=pairs)) if aucs else 0.5


def _groups(values: pd.Series, type_: str) -> Codes:
    """A code for each value, alike for like numbers, and 0 for what is missing."""
    if type_ == "text":
        return pd.factorize(values)[0] + 1
    ranks = values.rank(pct=True, method="average").to_numpy()
    groups = 1 + np.floor(np.nan_to_num(ranks) * GROUPS)
    return np.where(np.isnan(ranks), 0, groups).astype(np.int64)


def _shares_of_leavers(groups: Codes, left: Array, size: int) -> Array:
    """The share of leavers of each group, with one account of the usual share assumed in each."""
    accounts = _by_group(groups, np.ones_like(left), size)
    shares: Array = (_by_group(groups, left, size) + left.mean()) / (accounts + 1.0)
    return shares


def _by_group(groups: Codes, counted: Array, size: int) -> Array:
    return np.bincount(groups, counted, size).astype(np.float64)


def _auc(shares: Array, leavers: Array, stayers: Array) -> float:
    """The AUC of scores that whole groups have, by how many of each left and stayed (Mann and Whitney, 1947).

    A curve over the accounts takes a hundred times as long, and a wide export has hundreds of facts.
    """
    place = np.unique(shares, return_inverse=True)[1]
    above, beside = np.bincount(place, leavers), np.bincount(place, stayers)
    below = np.cumsum(beside) - beside
    return float((above * (below + beside / 2.0)).sum() / (above.sum() * beside.sum()))


def _interval(auc: float, left: Array) -> tuple[float, float]:
    """The AUCs from which this one is 1.96 of their standard errors away."""
    # Hardly any fact needs it, and it takes longer to import than a book to check.
    from scipy.optimize import brentq

    leavers, stayers = left.sum(), len(left) - left.sum()

    def away(end: float) -> float:
        variance = _variance(end, leavers, stayers)
        return float((auc - end) ** 2 - 1.96**2 * variance)

    low, high = max(auc - _NEAR, 0.0), min(auc + _NEAR, 1.0)
    if away(low) < 0 < away(0.0):
        low = float(brentq(away, 0.0, low))
    if away(high) < 0 < away(1.0):
        high = float(brentq(away, high, 1.0))
    return low, high


def _variance(auc: float, leavers: float, stayers: float) -> float:
    """Of an AUC (Hanley and McNeil, 1982)."""
    two_leavers = auc / (2.0 - auc) - auc**2
    two_stayers = 2.0 * auc**2 / (1.0 + auc) - auc**2
    spread = auc * (1.0 - auc)
    spread += (leavers - 1.0) * two_leavers
    spread += (stayers - 1.0) * two_stayers
    return spread / (leavers * stayers)
