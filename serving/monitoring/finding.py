"""A finding: something of a night that is not as usual, told in a sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal[
    "stopped",
    "gone",
    "renamed",
    "emptied",
    "amount",
    "scale",
    "accounts",
    "vanished",
    "drifted",
]
"""What is not as usual: a stream of rows stopped, is not there at all, or goes by another name; a field is empty; an
amount or a score is of another scale; there are many more or fewer accounts; a value of a fact is gone; a feature, a
fact or the risk is spread otherwise."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as usual.

    Attributes:
        kind: what it is.
        about: the table, column or kind of rows that it is about.
        sentence: for people, without a full stop.
    """

    kind: Kind
    about: str
    sentence: str

    def facts(self) -> dict[str, str]:
        """As JSON can hold it."""
        return asdict(self)
