"""Losses: what of a book the models cannot make use of, beside the rows that are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from features.book.facts import AccountColumns
from features.cleaning.blanks import Blank
from features.cleaning.scales import Scale
from features.sources.misnamed import Misnamed, misnamed
from features.vocabulary.names import UnknownNames


@dataclass(frozen=True)
class Losses:
    """What was lost on opening a book.

    Attributes:
        unknown: names that no vocabulary of ours has.
        blanks: values that could not be read and count as missing.
        scales: of the survey items whose rows give none.
        lacking: facts that the models were trained on, yet do not read, and that the accounts do not have.
        misnamed: columns whose names are ours but for case or marks.
        empty: facts that the models read, without a value for any account.
    """

    unknown: tuple[UnknownNames, ...] = ()
    blanks: tuple[Blank, ...] = ()
    scales: tuple[Scale, ...] = ()
    lacking: tuple[str, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()
    empty: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """A sentence for each that is large."""
        losses: list[UnknownNames | Blank | Scale] = [
            *self.unknown,
            *self.blanks,
            *self.scales,
        ]
        told = [loss.sentence for loss in losses if loss.large] + [
            near.sentence for near in self.misnamed
        ]
        if self.empty:
            told.append(
                f"table accounts: no value in any row of {', '.join(self.empty)}, which the models read"
            )
        if self.lacking:
            gone = ", ".join(self.lacking)
            told.append(
                f"table accounts: no column {gone}, which the models were trained on and do not read"
            )
        return told

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {
            "unknown_names": [names.facts() for names in self.unknown],
            "blanked": [blank.facts() for blank in self.blanks],
            "scales": [scale.facts() for scale in self.scales],
            "lacking_facts": list(self.lacking),
            "empty_facts": list(self.empty),
            "misnamed_columns": [near.facts() for near in self.misnamed],
        }


class Left(Protocol):
    """What was left out of a table that has been loaded."""

    @property
    def blanks(self) -> Sequence[Blank]:
        """Values that could not be read and count as missing."""


def all_blanks(
    columns: AccountColumns, loaded: Mapping[str, Left]
) -> tuple[Blank, ...]:
    """The blanks of the facts of accounts, and of every table."""
    blanks = list(columns.blanks)
    for its in loaded.values():
        blanks += its.blanks
    return tuple(blanks)


def all_misnamed(present: Mapping[str, Iterable[str]]) -> tuple[Misnamed, ...]:
    """The columns of every table whose names are ours but for case or marks.

    Args:
        present: the columns of each table.
    """
    found: list[Misnamed] = []
    for table, columns in present.items():
        found += misnamed(table, columns)
    return tuple(found)
