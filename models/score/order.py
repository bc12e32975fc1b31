"""The order of lists: by gain, and among accounts that are close key, growth and new ones first (S25).

Every list has it: tonight's on one machine and on Spark, those of the backtest, and whom reasons are told of.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.timeline.expression import Columns
from features.timeline.rows import Floats, Ints
from models.score.at_stake import stakes_of
from models.score.tiers import FAVOURED, TIERS

CLOSE = 0.05
"""Gains are close where one is so much more than the other: the gain of a favoured account counts for as much more."""

RANKED_BY = ("account_id", "tier", "gain", "at_stake")
"""The columns of scores that the order reads."""


def in_order(scores: pd.DataFrame) -> pd.Index:
    """The rows of scores, first the one to contact first.

    After those whose gain is known come the others, by what is at stake, last those of which that is not known either.
    Ties go by tier, and then by account.

    Args:
        scores: ``account_id``, and ``gain``, ``at_stake`` or risks, and ``tier``, as far as they are known.
    """
    return scores.index[places_in_order(scores)]


def places_in_order(scores: Columns | pd.DataFrame) -> Ints:
    """The places of rows in the order of `in_order`."""
    accounts = np.asarray(scores["account_id"], dtype=object)
    by_account = np.argsort(accounts, kind="stable")
    unknown = np.full(len(accounts), np.nan)
    tiers = list(scores["tier"]) if "tier" in scores else [TIERS[-1]] * len(accounts)
    gain = favoured(_known(scores, "gain", unknown), tiers)
    stake = _known(scores, "at_stake", stakes_of(scores))
    places = np.array([TIERS.index(tier) for tier in tiers])
    keys = [key[by_account] for key in (places, -stake, -gain)]
    return by_account[np.lexsort(keys)]


def favoured(amounts: Floats, tiers: Sequence[str]) -> Floats:
    """Amounts by which accounts are compared: those of favoured tiers count for more by what is close.

    Example:
        >>> favoured(np.array([100.0, 100.0, -100.0]), ["other", "key", "new"]).tolist()
        [100.0, 105.0, -95.0]
    """
    more = np.array([CLOSE if tier in FAVOURED else 0.0 for tier in tiers])
    return np.asarray(amounts + more * np.abs(amounts))


def _known(scores: Columns | pd.DataFrame, column: str, otherwise: Floats) -> Floats:
    if column not in scores:
        return otherwise
    return np.asarray(scores[column], dtype=np.float64)
