"""Reasons: why an account is at risk, in words, with its own figures.

What the columns add to the risk is summed by theme; the themes that add most are told, each by its strongest column
of which there is something to say. The words of a column stand beside its feature, in ``says=`` (`features.themes`).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.themes.dictionary import ENTRIES, OURS, THEMES, Dictionary
from features.themes.own import OF_FACTS
from features.timeline.expression import Columns
from models.score.telling import Row, Typical, sentence

Matrix = npt.NDArray[np.float64]

MOST_REASONS = 3
"""Of an account."""
REASON_COLUMNS = tuple(f"reason_{place}" for place in range(1, MOST_REASONS + 1))
_MUCH = 0.1
"""What adds less than this share of what the strongest column of its theme adds is not told."""
FACTS = OF_FACTS
"""The theme of what is not a feature: the facts of an account."""

TITLES: Mapping[str, str] = {theme.name: theme.title for theme in THEMES} | {
    FACTS: "What kind of account"
}


def theme_of(column: str, dictionary: Dictionary = OURS) -> str:
    """The name of a column's theme."""
    entries = dictionary.entries
    return entries[column].theme if column in entries else FACTS


@dataclass(frozen=True)
class Reason:
    """One reason for the risk of an account.

    Attributes:
        feature: the column that gives it: a feature, or a fact of the account.
        value: what the account has there; None where that is not known.
        sentence: the reason in words.
        own_code: its code, of a feature of one's own.
    """

    feature: str
    value: float | str | None
    sentence: str = ""
    own_code: str | None = None

    @property
    def code(self) -> str:
        """What a playbook can hang on: it stays the same where windows and sentences change.

        Example:
            >>> Reason("complaints_90d", 2.0).code, Reason("plan", "gold").code
            ('voice.complaints', 'facts.plan')
        """
        if self.own_code is not None:
            return self.own_code
        if self.feature in ENTRIES:
            return ENTRIES[self.feature].code
        return f"{FACTS}.{self.feature}"

    @property
    def theme(self) -> str:
        """The name of its theme."""
        return self.code.partition(".")[0]


REASON_PARTS: Mapping[str, Callable[[Reason], str]] = {
    "": lambda why: why.sentence,
    "_code": lambda why: why.code,
    "_feature": lambda why: why.feature,
    "_value": lambda why: json.dumps(why.value),
}
"""What columns tell of a reason, by the end of their names; a value as JSON, which keeps texts and numbers apart."""


@dataclass(frozen=True)
class Terms:
    """What a reason is told by.

    Attributes:
        dictionary: of the features.
        typical: what is typical of the accounts, see `models.score.telling.sentence`.
    """

    dictionary: Dictionary = OURS
    typical: Typical = field(default_factory=dict)


PLAIN = Terms()
"""Our own features, and nothing known of what is typical."""


def reasons(
    frame: Columns | pd.DataFrame,
    columns: Sequence[str],
    contributions: Matrix,
    terms: Terms = PLAIN,
    places: Sequence[int] | None = None,
) -> list[list[Reason]]:
    """The strongest reasons of each row, strongest first: at most `MOST_REASONS`, one of a theme.

    Of each theme the column is told that adds most among those of which there is something to say; a theme without one
    is passed over.

    Args:
        frame: snapshots, see `models.fitted.encoding.Encoding.completed`.
        columns: names of the columns of the contributions.
        contributions: what each column adds to the log-odds of leaving, shape (rows, columns).
        terms: what they are told by.
        places: where the rows of the contributions stand in the snapshots; all in order where left out.
    """
    themes = _places(tuple(theme_of(column, terms.dictionary) for column in columns))
    sums = np.column_stack([contributions[:, mine].sum(axis=1) for mine in themes])
    order = np.argsort(-sums, axis=1, kind="stable")
    told = []
    for row, place in enumerate(places or range(len(contributions))):
        account, added = Row(frame, place), contributions[row]
        adding = (themes[theme] for theme in order[row] if sums[row, theme] > 0)
        strongest = ([columns[one] for one in _adding(mine, added)] for mine in adding)
        spoken = (_of_theme(mine, account, terms) for mine in strongest)
        told.append([*islice(filter(None, spoken), MOST_REASONS)])
    return told


def reason(column: str, row: Row, terms: Terms = PLAIN) -> Reason | None:
    """The reason that a column gives in a row of a snapshot; None where there is nothing to say of it."""
    entry = terms.dictionary.entries.get(column)
    said = None if entry is None else sentence(entry, row, terms.typical)
    if entry is None or said is None:
        return None
    own_code = None if column in ENTRIES else entry.code
    return Reason(column, float(row[column]), said, own_code)


def reason_columns(told: Sequence[Sequence[Reason]], index: pd.Index) -> pd.DataFrame:
    """Reasons as columns of scores: the sentence, code, feature and value of each place; missing where there is none.

    Args:
        told: the reasons of each row.
        index: of the rows.
    """
    return pd.DataFrame(reasons_by_column(told), index=index, dtype="object")


def reasons_by_column(
    told: Sequence[Sequence[Reason]],
) -> dict[str, list[str | None]]:
    """As `reason_columns`, in lists."""
    columns: dict[str, list[str | None]] = {}
    for place, name in enumerate(REASON_COLUMNS):
        mine = [row[place] if place < len(row) else None for row in told]
        for part, told_by in REASON_PARTS.items():
            columns[name + part] = [
                None if why is None else told_by(why) for why in mine
            ]
    return columns


def of_columns(row: Mapping[str, Any]) -> list[Reason]:
    """The reasons that a row of scores holds, the inverse of `reason_columns`."""
    told = []
    for name in REASON_COLUMNS:
        feature, code = row[f"{name}_feature"], row[f"{name}_code"]
        if pd.isna(feature):
            continue
        value, said = json.loads(row[f"{name}_value"]), row[name]
        why = Reason(feature, value, said)
        told.append(why if why.code == code else replace(why, own_code=code))
    return told


@functools.cache
def _places(themes: tuple[str, ...]) -> list[list[int]]:
    """Where the columns of each theme stand, the themes as they first come."""
    places: dict[str, list[int]] = {}
    for place, theme in enumerate(themes):
        places.setdefault(theme, []).append(place)
    return list(places.values())


def _adding(places: list[int], added: Matrix) -> list[int]:
    """Those of a theme's places that add much, the one that adds most first."""
    much = _MUCH * max(added[place] for place in places)
    adding = [place for place in places if added[place] > 0 and added[place] >= much]
    return sorted(adding, key=lambda place: -float(added[place]))


def _of_theme(columns: Sequence[str], row: Row, terms: Terms) -> Reason | None:
    """The reason that the first of some columns gives which has something to say."""
    spoken = (reason(column, row, terms) for column in columns)
    return next((why for why in spoken if why is not None), None)
