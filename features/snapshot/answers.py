"""Answers: the quadrant that each response to a survey of ours shows by itself (S1, S2; docs/adr/0001, 0023).

The score of an axis is the mean of its items in the response. No level of several occasions, and none before the
response, takes part; of one level the settled one is itself, and the rule is that of `features.quadrants`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from features.book.book import Book
from features.past.occasions import AXES, occasion_rows
from features.quadrants import quadrant_code
from features.timeline.expression import of
from features.timeline.histories import Ledger, Table, pasts

_QUADRANT = quadrant_code(of.product, of.people)


def answers(book: Book, until: int) -> pd.DataFrame:
    """What accounts answered, as far as is known at a moment.

    Args:
        book: an opened book with surveys.
        until: the moment, in microseconds since 1970.

    Returns:
        A row for each response that scored both axes, or each instant at which several were complete, by moment and
        account: ``account_id``; ``answered_us``, when it was complete; ``quadrant``, a code 0 to 3. Scores by mystery
        shopping and focus groups are nobody's answer.
    """
    names = book.connection.execute(
        "select account_id from numbered_accounts order by number"
    ).df()["account_id"]
    once = np.ones(len(names), dtype=np.int64)
    parts = [
        part
        for first, ledger in book.ledgers.read(["surveys"], once, len(AXES))
        for part in _answers(ledger, first, until)
    ]
    scores = (
        pd.concat(parts)
        if parts
        else pd.DataFrame(columns=["number", "answered_us", *AXES[:2]], dtype=float)
    )
    both = scores.dropna().sort_values(["answered_us", "number"])
    return pd.DataFrame(
        {
            "account_id": names.take(
                both["number"].to_numpy(dtype=np.int64)
            ).to_numpy(),
            "answered_us": both["answered_us"].to_numpy(dtype=np.int64),
            "quadrant": _QUADRANT.values(
                {axis: both[axis].to_numpy(dtype=float) for axis in AXES[:2]}
            ),
        }
    )


def _answers(ledger: Ledger, first: int, until: int) -> Iterator[pd.DataFrame]:
    """The scores of both axes at each moment: ``number`` of the account, ``answered_us``, ``product``, ``people``."""
    ours = replace(ledger, surveys=_theirs(ledger.surveys))
    everyone = np.arange(ledger.size)
    for _, past in pasts(ours, everyone, np.full(ledger.size, until), ()):
        rows = past.histories.once(occasion_rows)
        account = np.full(past.edges.histories, -1)
        account[past.edges.history] = past.account + first
        columns = {
            "number": account[rows.history],
            "answered_us": rows.when,
            "axis": rows.columns["axis"],
        }
        scored = pd.DataFrame({**columns, "score": rows.columns["score"]})
        seen = scored[
            (scored["number"] >= 0)
            & (scored["answered_us"] <= until)
            & (scored["axis"] < 2)
        ]
        by_axis = seen.pivot(
            index=["number", "answered_us"], columns="axis", values="score"
        )
        yield (
            by_axis.reindex(columns=[0, 1])
            .set_axis(list(AXES[:2]), axis=1)
            .reset_index()
        )


def _theirs(surveys: Table) -> Table:
    """The scores that answer a survey of ours."""
    if not surveys.columns:
        return surveys
    kept = np.flatnonzero(surveys.columns["theirs"])
    columns = {name: values[kept] for name, values in surveys.columns.items()}
    whole = surveys.whole_us[kept]
    return Table(
        surveys.account[kept],
        surveys.occurred_us[kept],
        surveys.known_us[kept],
        whole,
        columns,
    )
