"""Destinations that are told of accounts one by one, and what they are to be told tonight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from serving.delivery.edition import Edition
from serving.delivery.ledger import CERTAIN, CONTENT, Ledger
from serving.delivery.web import Web

UNTOLD = "no word of it"
"""Why an account failed that a destination has said nothing of."""


Row = tuple[str, Mapping[str, Any]]
"""An account, and what is told of it by field."""


def rows_of(told: pd.DataFrame) -> list[Row]:
    """What each account is told."""
    return [
        (account, dict(zip(told.columns, values, strict=True)))
        for account, *values in told.itertuples(name=None)
    ]


@dataclass(frozen=True)
class Changes:
    """What a destination is to be told.

    Attributes:
        told: a row per account, indexed by account.
        contents: a hash of each row.
        before: the hash of what it was told before, empty where that was nothing.
        left: accounts that are to be blank.
    """

    told: pd.DataFrame
    contents: pd.Series
    before: pd.Series
    left: list[str]

    @property
    def accounts(self) -> list[str]:
        """All of them."""
        return [*self.told.index, *self.left]


@dataclass(frozen=True)
class Outcome:
    """What a destination has said of some accounts.

    Attributes:
        done: accounts that it has as they were told.
        failed: of the others why not, in a word or two without anything of the account.
    """

    done: list[str]
    failed: Mapping[str, str] = field(default_factory=dict)


def outcome_of(
    accounts: list[str], done: Collection[object], failed: Mapping[str, str]
) -> Outcome:
    """The outcome of accounts, some of which the destination has said that it has, and some that it has not."""
    others = [account for account in accounts if account not in done]
    return Outcome(
        [account for account in accounts if account in done],
        {account: failed.get(account, UNTOLD) for account in others},
    )


class Rows(Protocol):
    """A destination that is told of accounts one by one."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def address(self) -> str:
        """Which system it is, as a text."""

    @property
    def begins_silent(self) -> bool:
        """Whether the first night is only remembered."""

    @property
    def blanks(self) -> bool:
        """Whether accounts that left are told."""

    @property
    def gone(self) -> frozenset[str]:
        """The codes by which it says that it has no such account."""

    def told(self, edition: Edition) -> pd.DataFrame:
        """What it is to be told of each account, indexed by account."""

    def contents(self, told: pd.DataFrame) -> pd.Series:
        """A hash of each row; another one is a change."""

    def files(self, changes: Changes, edition: Edition) -> list[Path]:
        """Writes changes to files, where it is to; which ones."""

    def send(self, changes: Changes, ledger: Ledger, web: Web) -> Iterator[Outcome]:
        """Sends changes, a part at a time, where it is to.

        Raises:
            DeliveryError: it goes no further; what has no outcome is not known.
        """


def changes(rows: Rows, edition: Edition, ledger: Ledger) -> Changes:
    """What a destination is to be told of a night, by what its ledger says that it has."""
    told = rows.told(edition)
    contents = rows.contents(told)
    known = ledger.rows.reindex(told.index)
    before = known[CONTENT].fillna("").astype("object")
    certain = known[CERTAIN].fillna(False).astype(bool)
    differs = (before != contents) | ~certain
    left = ledger.rows.index.difference(told.index)
    return Changes(told[differs], contents[differs], before[differs], left.tolist())
