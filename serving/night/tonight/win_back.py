"""The accounts to win back: who left in the last year and is still gone, why, what they were worth, what fits, when."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from features.book.book import Book
from features.calendar.presence import left_sql
from features.engine import day_of
from features.snapshot.frame import snapshot_of_pairs
from features.themes.dictionary import FEATURES
from models.score.win_back import approach
from serving.night.tonight.past import DAY_US

WITHIN = 365
"""Who left longer ago is on no list."""
_SPENT = "spent_365d"

_GONE = """
    select account_id, max(occurred_us) as occurred_us, arg_max(reason, occurred_us) as reason,
        arg_max(overt, occurred_us) as overt
    from ({left}) as left_accounts
    where occurred_us > {since} and occurred_us <= {as_of}
    group by account_id"""


def win_back(
    book: Book, as_of: int, here: Collection[str], held_out: Collection[str]
) -> list[dict[str, Any]]:
    """The accounts to win back, those for whom it is time first, then the dearest.

    Args:
        book: an opened book; without departures nobody is known to have left.
        as_of: of the night; what became known later is not looked at.
        here: the accounts that are with us.
        held_out: whom nobody may contact.

    Returns:
        Its ``account_id``; ``left``, the day; ``reason``; ``silent``; ``value``, what it spent in its last year;
        ``fits``; ``when``, a day. What is not known is None.
    """
    if not book.has("departures"):
        return []
    gone = _gone(book, as_of)
    gone = gone[~gone["account_id"].isin([*here, *held_out])]
    spent = _spent(book, gone)
    found = []
    for left in gone.to_dict("records"):
        fitting = approach(left["reason"])
        if fitting is not None:
            due = left["occurred_us"] + fitting.after_days * DAY_US
            found.append(
                {
                    "account_id": left["account_id"],
                    "left": str(day_of(left["occurred_us"])),
                    "reason": left["reason"],
                    "silent": None if left["overt"] is None else not left["overt"],
                    "value": spent.get(left["account_id"]),
                    "fits": fitting.sentence,
                    "when": str(day_of(max(due, as_of))),
                }
            )
    return sorted(
        found, key=lambda one: (one["when"], -(one["value"] or 0), one["account_id"])
    )


def _gone(book: Book, as_of: int) -> pd.DataFrame:
    left = left_sql(book.grace_days, as_of)
    rows = book.ask(_GONE.format(left=left, since=as_of - WITHIN * DAY_US, as_of=as_of))
    columns = ["account_id", "occurred_us", "reason", "overt"]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _spent(book: Book, gone: pd.DataFrame) -> dict[str, float]:
    """What each spent in the year before it left."""
    pairs = gone[["account_id"]].assign(as_of_us=gone["occurred_us"].astype("int64"))
    frame = snapshot_of_pairs(book, pairs, {_SPENT: FEATURES[_SPENT]})
    known = frame.dropna(subset=[_SPENT])
    return dict(zip(known["account_id"], known[_SPENT], strict=True))
