"""A kind of interaction: who acts, and what it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Actor = Literal["account", "us"]

Effect = Literal[
    "opens", "fails", "reopens", "answers", "settles", "promises", "keeps", "breaks"
]
"""What a row may do to the matter or the promise that it names, see `features.past.matters`."""


@dataclass(frozen=True)
class Kind:
    """One kind of interaction.

    Attributes:
        name: what a book writes in ``interactions.kind``.
        code: the integer that stands for it in queries; never reused for another kind.
        actor: who acted, the ``account`` or ``us``.
        meaning: one sentence for the dictionary.
        sign_of_life: whether it shows that the account still does business with us; silence is the lack of these.
        effect: what it does to its matter or promise; None where it does nothing to it.
        may_be_early: whether its minutes may be below zero: it came that much before it was due.
    """

    name: str
    code: int
    actor: Actor
    meaning: str
    sign_of_life: bool = False
    effect: Effect | None = None
    may_be_early: bool = False
