"""Trained facts: what models know of the facts of accounts, by which a night and the endpoint read them.

Types are not inferred anew: one ``unknown`` among the employees tonight is one missing number, and a plan whose names
happen to be digits tonight stays a text. A fact that models read must be there; an empty column says: not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from features.errors import ModelError
from features.themes.dictionary import OURS, Dictionary
from features.vocabulary.own import NONE, OwnWords
from features.vocabulary.vocabularies import VOCABULARIES, Vocabulary


@dataclass(frozen=True)
class TrainedFacts:
    """The facts that models were trained on.

    Attributes:
        types: each ``"number"`` or ``"text"``.
        categories: of the texts that models read, the values that they know.
        read: those that models read, or that a feature which they read is made of.
        words: kinds and items of one's own that the models were trained on.
        dictionary: of the features that the models were trained on.
    """

    types: Mapping[str, str]
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    dictionary: Dictionary = OURS
    words: OwnWords = NONE

    @property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """Those of every book, and the values that the models know of each text."""
        known = [
            Vocabulary(
                "accounts",
                fact,
                "the models do not know and take for one category, other",
                values,
            )
            for fact, values in self.categories.items()
        ]
        return (*VOCABULARIES, *known)

    def lacking(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The facts that are not among the columns of the accounts.

        Raises:
            ModelError: models read one of them.
        """
        there = set(columns)
        lacking = tuple(fact for fact in self.types if fact not in there)
        needed = [fact for fact in lacking if fact in self.read]
        if needed:
            raise ModelError(
                where="table accounts",
                found=f"no column {', '.join(needed)}",
                expected="every fact that the models read",
                mend="add the columns, empty where nothing is known, or train again without them",
            )
        return lacking
