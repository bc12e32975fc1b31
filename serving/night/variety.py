"""Variety of a night's list: which of its reasons each line leads with, see `models.score.variety`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from features.book.book import Book
from features.snapshot.frame import snapshot_of_pairs
from models.score.reasons import Reason, of_columns, reason_columns, theme_of
from models.score.variety import Weighed, leading
from serving.scorer import Scorer


def varied(
    book: Book, as_of: int, scorer: Scorer, order: pd.DataFrame, length: int
) -> pd.DataFrame:
    """The order with the reasons of its first lines put so that they do not all lead with the same one.

    A line of an account to which something is owed leads with that, and its reasons stay as they are.

    Args:
        book: an opened book.
        as_of: of the night, in microseconds since 1970.
        scorer: the models that gave the reasons.
        order: scores, the first to contact first, numbered from 0.
        length: of the list.
    """
    listed = order.head(length)
    if listed.empty:
        return order
    records: list[dict[Any, Any]] = listed.to_dict("records")
    told = [of_columns(row) for row in records]
    added = _added(book, as_of, scorer, listed)
    free = listed["owed"].isna()
    weighed = [
        _weighed(reasons, added.loc[account]) if may_change else []
        for reasons, account, may_change in zip(
            told, listed["account_id"], free, strict=True
        )
    ]
    for reasons, place in zip(told, leading(weighed), strict=True):
        if place:
            reasons.insert(0, reasons.pop(place))
    changed = reason_columns(told, listed.index)
    whole = order.copy()
    whole.loc[listed.index, changed.columns] = changed
    return whole


def _added(
    book: Book, as_of: int, scorer: Scorer, listed: pd.DataFrame
) -> pd.DataFrame:
    """What each theme adds to the log-odds of leaving, by account."""
    pairs = listed[["account_id"]].assign(as_of_us=as_of)
    frame = snapshot_of_pairs(book, pairs)
    columns = scorer.defection.encoding.columns
    themes = [theme_of(column, scorer.dictionary) for column in columns]
    added = pd.DataFrame(scorer.defection.contributions(frame), frame["account_id"])
    return added.T.groupby(themes, sort=False).sum().T


def _weighed(reasons: list[Reason], added: pd.Series) -> list[Weighed]:
    return [(reason.code, float(added[reason.theme])) for reason in reasons]
