"""An opened book: what is known of one, whether DuckDB or Spark holds its tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from features.book.losses import Losses
from features.book.merging import Merged
from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.recorded import WHOSE, Recorded, recorded
from features.calendar.renewals import RENEWAL_GRACE_DAYS
from features.cleaning.blanks import Blank
from features.cleaning.scales import Scale
from features.engine import Row
from features.errors import BookError
from features.past.money import more_taken_back
from features.sources.misnamed import Misnamed
from features.themes.dictionary import OURS, Dictionary
from features.vocabulary.names import UnknownNames
from features.vocabulary.own import NONE, OwnWords

DEFAULT_BAD_SHARE = 0.05
"""The share of bad rows in a table beyond which a book is refused."""


@dataclass(frozen=True, kw_only=True)
class Opened(ABC):
    """What is known of an opened book, and what was left out of it.

    Attributes:
        rows: good rows by table; a table the book does not have is absent.
        quarantine: a row per bad row: table, row (from 1), field, expected.
        facts: facts of the accounts by name, each ``"number"`` or ``"text"``.
        changing: those of them that are dated, see `features.book.changing_facts`.
        labels: what lists show of an account and no model reads, see `features.book.labels`: by label, one of
            `features.vocabulary.contract.LABELS`, the column of ``accounts``, or of a table of labels, that has it.
        words: kinds and items of its own.
        dictionary: of the features that a snapshot has.
        merged: what the merges of accounts did, see `features.calendar.merges`.
        unknown: names that no vocabulary of ours has, see `features.vocabulary.names`.
        blanks: values that could not be read and count as missing, see `features.cleaning.blanks`.
        unread: columns of ``accounts`` that are the index of a data frame, and so no facts.
        last_day: of the data, where ``book.toml`` gives it.
        grace_days: signs of life later than so long after a departure are a return, see `features.calendar.presence`.
        lacking: facts that the models were trained on, yet do not read, and that the accounts do not have.
        empty: facts that the models read, without a value for any account.
        scales: of the survey items whose rows give none, see `features.cleaning.scales`.
        misnamed: columns whose names are those of the contract but for case or marks.
        renewal_grace_days: for so long after its end a term of a contract may be renewed.
        lapsed: how many terms of contracts ended without another, see `features.calendar.renewals`.
        erased: rows of erased accounts by table, which were not read, see `features.sources.erased`.
    """

    rows: Mapping[str, int]
    quarantine: pd.DataFrame
    facts: Mapping[str, str] = field(default_factory=dict)
    changing: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    dictionary: Dictionary = OURS
    words: OwnWords = NONE
    merged: Merged = Merged(0, 0, 0, 0)
    unknown: tuple[UnknownNames, ...] = ()
    blanks: tuple[Blank, ...] = ()
    unread: tuple[str, ...] = ()
    last_day: date | None = None
    grace_days: int = RETURN_GRACE_DAYS
    lacking: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    scales: tuple[Scale, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()
    lapsed: int = 0
    erased: Mapping[str, int] = field(default_factory=dict)
    renewal_grace_days: int = RENEWAL_GRACE_DAYS

    @abstractmethod
    def ask(self, query: str) -> list[Row]:
        """The rows that a query on the clean tables gives."""

    @property
    def account_facts(self) -> dict[str, str]:
        """The facts that never change, which are columns of the accounts."""
        return {f: type_ for f, type_ in self.facts.items() if f not in self.changing}

    @property
    def changing_facts(self) -> dict[str, str]:
        """The facts that change."""
        return {f: type_ for f, type_ in self.facts.items() if f in self.changing}

    def has(self, table: str) -> bool:
        """Whether the book has any good row of a table; a term that lapsed is a departure."""
        told = self.lapsed if table == "departures" else 0
        return self.rows.get(table, 0) + told > 0

    @cached_property
    def recorded(self) -> Recorded:
        """From when to when each table is recorded, and what is dated beyond the end of the data."""
        self._require_interactions()
        dated = [table for table in WHOSE if self.has(table)]
        return recorded(self.ask, dated, self.last_day)

    @property
    def beginning(self) -> int:
        """The moment of the first interaction, in microseconds since 1970.

        Raises:
            BookError: there is none.
        """
        self._require_interactions()
        ((first,),) = self.ask("select min(occurred_us) from interactions")
        return int(first)

    @property
    def end(self) -> int:
        """The first instant after the last day of the data, in microseconds since 1970."""
        return self.recorded.end

    @property
    def losses(self) -> Losses:
        """What models cannot make use of, beside the rows that are set aside."""
        return Losses(
            unknown=self.unknown,
            blanks=self.blanks,
            scales=self.scales,
            lacking=self.lacking,
            misnamed=self.misnamed,
            empty=self.empty,
        )

    @property
    def warnings(self) -> list[str]:
        """What models lose much by and what may be a mistake, each as a sentence."""
        return [*self.losses.warnings, *self.doubts]

    @property
    def doubts(self) -> list[str]:
        """What may be a mistake, each as a sentence."""
        return more_taken_back(self.ask)

    def _require_interactions(self) -> None:
        if not self.has("interactions"):
            raise BookError(
                where="table interactions",
                found="no good row",
                expected="at least one interaction",
                mend="add some",
            )
