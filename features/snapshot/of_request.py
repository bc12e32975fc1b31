"""Accounts of a request, measured as those of a book are: by the same rules of cleaning and the same features.

No query engine is started and nothing is kept, so requests do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from features.cleaning.arrays.names import unknown_names_of
from features.cleaning.arrays.request import ASKED, ONCE, Request, repeated
from features.cleaning.arrays.rows import Rows, request_of_rows
from features.cleaning.arrays.typed import Typed
from features.cleaning.repeats import KEYS as ONE_FOR_EACH
from features.errors import RowError
from features.past.declaration import Feature
from features.past.few_accounts import ledger_of
from features.snapshot.measuring import measure
from features.themes.dictionary import FEATURES
from features.timeline.expression import Columns
from features.vocabulary.names import UnknownNames
from features.vocabulary.own import NONE, OwnWords
from features.vocabulary.vocabularies import VOCABULARIES, Vocabulary

__all__ = ["ASKED", "LiveBook", "Measured"]


@dataclass(frozen=True)
class Measured:
    """What was known of the accounts of a request.

    Attributes:
        columns: a value per account, in order of their ids, as `features.snapshot.frame.snapshot` gives them.
        unknown: names in the request that no vocabulary has, see `features.vocabulary.names`.
    """

    columns: Columns
    unknown: tuple[UnknownNames, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The columns as a snapshot."""
        return pd.DataFrame(self.columns)


@dataclass(frozen=True)
class LiveBook:
    """Measures the accounts of requests.

    Attributes:
        facts: facts of the accounts that the models read, each ``"number"`` or ``"text"``.
        features: which features.
        vocabularies: in which names are looked up.
        words: kinds and items of one's own.
        changing: the facts that change, of which a request holds the values of now.
    """

    facts: Mapping[str, str]
    features: Mapping[str, Feature] = field(default_factory=lambda: FEATURES)
    vocabularies: Sequence[Vocabulary] = VOCABULARIES
    changing: frozenset[str] = frozenset()
    words: OwnWords = NONE

    def snapshot(self, as_of: int, tables: Mapping[str, Rows]) -> pd.DataFrame:
        """The frame alone of `measure`."""
        return self.measure(as_of, tables).frame

    def measure(self, as_of: int, tables: Mapping[str, Rows]) -> Measured:
        """What was known of the accounts of some tables at an as-of date.

        Args:
            as_of: in microseconds since 1970.
            tables: rows by table of `ASKED`, each a mapping from column to value; ``accounts`` with their facts.

        Raises:
            RowError: a row breaks the contract.
        """
        request = request_of_rows(tables, self.facts, self.words)
        for table, rows in request.tables.items():
            _require_sound(table, rows)
            _require_once(table, rows)
        return self.measure_request(as_of, request)

    def measure_request(self, as_of: int, request: Request) -> Measured:
        """What was known of the accounts of a request without flaws, each given once; see `measure`."""
        clean = request.clean(self.facts, self.changing)
        accounts = clean["accounts"]
        ids = accounts["account_id"]
        dates = np.full(len(ids), as_of)
        measured = measure(ledger_of(clean), np.arange(len(ids)), dates, self.features)
        facts = {fact: accounts[fact] for fact in self.facts}
        columns = {"account_id": ids, "as_of_us": dates, **measured, **facts}
        return Measured(columns, unknown_names_of(clean, self.vocabularies))


def _require_sound(table: str, rows: Typed) -> None:
    flaw = min(rows.flaws, key=lambda flaw: int(flaw.rows[0]), default=None)
    if flaw is not None:
        row = int(flaw.rows[0]) + 1
        raise RowError(table, row, flaw.field, expected=flaw.expected)


def _require_once(table: str, rows: Typed) -> None:
    if table in ONE_FOR_EACH:
        field = ONE_FOR_EACH[table]
        for place in repeated(rows.columns[field])[:1]:
            raise RowError(table, place + 1, field, expected=ONCE)
