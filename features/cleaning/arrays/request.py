"""A request: its tables in the types of the contract, and brought into the form that history reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from features.cleaning.arrays.normalised import (
    known_us,
    normalised,
    normalised_accounts,
)
from features.cleaning.arrays.typed import Typed
from features.cleaning.arrays.values import MISSING_US
from features.timeline.expression import Array, Columns
from features.timeline.rows import Flags, Ints

OF_ACCOUNTS = ("interactions", "surveys", "contracts", "scheduled")
"""The tables whose rows belong to an account each."""
SHARED = ("reps", "markets")
ASKED = ("accounts", *OF_ACCOUNTS, *SHARED)
"""The tables that a request may hold, the accounts first."""

ONCE = "each of them once"
"""What is expected of the ids of accounts and reps."""


@dataclass(frozen=True)
class Request:
    """The tables of a request.

    Attributes:
        tables: all of `ASKED`.
        account: of each row of `OF_ACCOUNTS` the place of its account.
    """

    tables: Mapping[str, Typed]
    account: Mapping[str, Ints]

    def part(self, accounts: Flags) -> Request:
        """What belongs to some of the accounts, a mask."""
        place = np.cumsum(accounts) - 1
        rows = {table: accounts[of] for table, of in self.account.items()}
        tables = {"accounts": self.tables["accounts"].part(accounts)}
        tables |= {table: self.tables[table].part(mask) for table, mask in rows.items()}
        account = {table: place[of[rows[table]]] for table, of in self.account.items()}
        return Request({**self.tables, **tables}, account)

    def watermarks(self, as_of: int) -> Ints:
        """When the newest row of each account became known that was known at a moment; `MISSING_US` where none was."""
        newest = np.full(len(self.tables["accounts"]), MISSING_US)
        for table, account in self.account.items():
            known = known_us(table, self.tables[table].columns)
            seen = known <= as_of
            np.maximum.at(newest, account[seen], known[seen])
        return newest

    def clean(
        self, facts: Iterable[str], changing: Container[str] = ()
    ) -> dict[str, Columns]:
        """Clean rows by table, of a request without flaws, see `features.cleaning.normalised`.

        Args:
            facts: the names of those that models read.
            changing: those of them that change.
        """
        ids = self.tables["accounts"].columns["account_id"]
        accounts = normalised_accounts(self.tables["accounts"], facts, changing)
        clean = {"accounts": accounts}
        for table in OF_ACCOUNTS:
            of = ids[self.account[table]]
            clean[table] = normalised(table, self.tables[table], of)
        return clean | {
            table: normalised(table, self.tables[table]) for table in SHARED
        }


def repeated(ids: Array) -> list[int]:
    """The places of ids that are there more than once; a missing one is like no other.

    Example:
        >>> repeated(np.array(["a", "b", "a", None, None]))
        [0, 2]
    """
    times = Counter(ids.tolist())
    return [
        place
        for place, id_ in enumerate(ids.tolist())
        if id_ is not None and times[id_] > 1
    ]
