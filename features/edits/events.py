"""Events that have not happened, recorded as such events are: a rep leaves, a competitor enters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from features.edits.records import Records
from features.edits.rows import with_interactions, with_rows, without
from features.vocabulary.vocabularies import COMPETITOR_ENTERED

SUCCESSOR = "\x00successor"
"""The id of a rep who does not serve yet: hired on the day of the handover, of no known style."""


class Edit(Protocol):
    """Something that happens, or is done, in the records of accounts."""

    def __call__(self, records: Records) -> Records:
        """The records as they would be."""
        ...


@dataclass(frozen=True)
class RepLeaves:
    """A rep leaves, and hands the accounts over (S3).

    It is recorded as the end of the rep's row in ``reps``, as a ``handover`` in each account, and by no row of the rep
    from then on.

    Attributes:
        rep_id: who leaves.
        at: when, in microseconds since 1970.
        account_ids: whom the rep hands over.
        successor: to whom; a rep hired on that day where left out.
    """

    rep_id: str
    at: int
    account_ids: tuple[str, ...]
    successor: str = SUCCESSOR

    def __call__(self, records: Records) -> Records:
        """The records as they would be."""
        reps = records.tables["reps"]
        leaver = reps["rep_id"] == self.rep_id
        edited = records.with_table(
            "reps", reps.assign(left_us=reps["left_us"].mask(leaver, self.at))
        )
        if not leaver.any():
            edited = _with_rep(edited, rep_id=self.rep_id, left_us=self.at)
        if self.successor == SUCCESSOR:
            edited = _with_rep(edited, rep_id=SUCCESSOR, hired_us=self.at)
        served = records.tables["interactions"]
        later = (served["rep_id"] == self.rep_id) & (served["occurred_us"] > self.at)
        kept = without(edited, "interactions", later)
        return with_interactions(kept, self._handovers(records))

    def _handovers(self, records: Records) -> list[dict[str, object]]:
        handed = set(self.account_ids).intersection(records.account_ids)
        row = {"kind": "handover", "occurred_us": self.at, "rep_id": self.successor}
        return [{"account_id": account, **row} for account in sorted(handed)]


def _with_rep(records: Records, **columns: object) -> Records:
    return with_rows(records, "reps", pd.DataFrame([columns]))


@dataclass(frozen=True)
class CompetitorEnters:
    """A competitor enters a market, as a row of ``markets`` tells (S4).

    Attributes:
        market: which.
        at: when, in microseconds since 1970.
    """

    market: str
    at: int

    def __call__(self, records: Records) -> Records:
        """The records as they would be."""
        entry = {
            "market": self.market,
            "occurred_us": self.at,
            "known_us": self.at,
            "kind": COMPETITOR_ENTERED,
        }
        return with_rows(records, "markets", pd.DataFrame([entry]))
