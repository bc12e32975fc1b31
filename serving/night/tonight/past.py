"""The past of scores: what tonight's models say of what was known of accounts on earlier days.

Nothing is kept from one night to the next. An earlier day is looked at again, with what was known then and the models
of tonight, so that a change is one of the account and never one of the models, and the first night has a past already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from features.book.book import Book
from features.quadrants import of_code
from features.snapshot.frame import snapshot, snapshot_of_pairs

DAY_US = 86_400_000_000
LAST_NIGHT, MONTH = 1, 30
"""Days back from which changes are told."""
PATH = (364, 273, 182, 120, 91, 75, 60, 45, 30, 21, 14, 7, 1, 0)
"""Days back at which the path of an account on the page has a point, the oldest first."""

Risks = Callable[[pd.DataFrame], pd.Series]
"""The risk that a list looks to, of each row of a snapshot; missing for all where there are no models."""


def no_risks(frame: pd.DataFrame) -> pd.Series:
    """The risks of a night without models."""
    return pd.Series(float("nan"), frame.index)


def everybody_on(book: Book, as_of: int, days_back: int, risks: Risks) -> pd.DataFrame:
    """Where every account stood that was a customer some days before a night.

    Returns:
        ``risk`` and ``quadrant`` by ``account_id``; no rows before the book begins.
    """
    moment = as_of - days_back * DAY_US
    if moment <= book.beginning:
        return pd.DataFrame({"risk": [], "quadrant": []}, dtype="object")
    return standing(snapshot(book, [moment]), risks).set_index("account_id")


def paths(
    book: Book, as_of: int, accounts: Iterable[str], risks: Risks
) -> pd.DataFrame:
    """Where some accounts stood on the days of `PATH`, as long as they were with us.

    Returns:
        The snapshot of each account and day, oldest first, with ``days_back``, ``risk`` and the words for its quadrant
        in ``quadrant_name``.
    """
    frame = snapshot_of_pairs(book, _pairs(book, as_of, accounts))
    stood = standing(frame, risks)
    return frame.assign(
        days_back=(as_of - frame["as_of_us"]) // DAY_US,
        risk=stood["risk"],
        quadrant_name=stood["quadrant"],
    )


def standing(frame: pd.DataFrame, risks: Risks) -> pd.DataFrame:
    """The ``account_id``, ``risk`` and ``quadrant`` of each row of a snapshot."""
    quadrants = [str(of_code(code)) for code in frame["quadrant"]]
    return pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "risk": risks(frame) if len(frame) else [],
            "quadrant": quadrants,
        }
    )


def _pairs(book: Book, as_of: int, accounts: Iterable[str]) -> pd.DataFrame:
    """The accounts on the days of their paths, from their opening and the beginning of the book on."""
    opened = pd.DataFrame(
        book.ask("select account_id, opened_us from accounts"),
        columns=["account_id", "opened_us"],
    )
    chosen = opened[opened["account_id"].isin(set(accounts))]
    days = pd.DataFrame({"as_of_us": [as_of - days * DAY_US for days in PATH]})
    days = days[(days["as_of_us"] > book.beginning) | (days["as_of_us"] == as_of)]
    pairs = chosen.merge(days, how="cross")
    return pairs[pairs["opened_us"] <= pairs["as_of_us"]]
