"""Reasons: why an account is at risk, in words, with its own figures.

What the columns add to the risk is summed by theme; the themes that add most are told, each by its strongest column.
The words of a column stand beside its feature, in ``says=`` (`features.themes`).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.past.declaration import Entry
from features.themes.dictionary import ENTRIES, OURS, THEMES, Dictionary
from features.themes.own import OF_FACTS
from features.timeline.expression import Columns

Matrix = npt.NDArray[np.float64]

MOST_REASONS = 3
REASON_COLUMNS = tuple(f"reason_{place}" for place in range(1, MOST_REASONS + 1))
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
        told: its code and its sentence, of a feature of one's own.
    """

    feature: str
    value: float | str | None
    told: tuple[str, str] | None = None

    @property
    def code(self) -> str:
        """What a playbook can hang on: it stays the same where windows and sentences change.

        Example:
            >>> Reason("complaints_90d", 2.0).code, Reason("plan", "gold").code
            ('voice.complaints', 'facts.plan')
        """
        if self.told is not None:
            return self.told[0]
        if self.feature in ENTRIES:
            return ENTRIES[self.feature].code
        return f"{FACTS}.{self.feature}"

    @property
    def theme(self) -> str:
        """The name of its theme."""
        return self.code.partition(".")[0]

    @property
    def sentence(self) -> str:
        """The reason in words.

        Example:
            >>> Reason("days_silent", 41.0).sentence
            'Gone quiet: no sign of life for 41 days'
        """
        if self.told is not None:
            return self.told[1]
        entry = ENTRIES.get(self.feature)
        return f"{TITLES[self.theme]}: {_figure(self.feature, self.value, entry)}"


REASON_PARTS: Mapping[str, Callable[[Reason], str]] = {
    "": lambda why: why.sentence,
    "_code": lambda why: why.code,
    "_feature": lambda why: why.feature,
    "_value": lambda why: json.dumps(why.value),
}
"""What columns tell of a reason, by the end of their names; a value as JSON, which keeps texts and numbers apart."""


def reasons(
    frame: Columns | pd.DataFrame,
    columns: Sequence[str],
    contributions: Matrix,
    dictionary: Dictionary = OURS,
) -> list[list[Reason]]:
    """The strongest reasons of each row, strongest first: at most `MOST_REASONS`, fewer where fewer themes add to it.

    Args:
        frame: snapshots, see `models.fitted.encoding.Encoding.completed`.
        columns: names of the columns of the contributions.
        contributions: what each column adds to the log-odds of leaving, shape (rows, columns).
        dictionary: of the features.
    """
    places = _places(tuple(theme_of(column, dictionary) for column in columns))
    sums = np.column_stack([contributions[:, mine].sum(axis=1) for mine in places])
    strongest = np.argsort(-sums, axis=1, kind="stable")[:, :MOST_REASONS]
    by_column = [np.asarray(frame[column]).tolist() for column in columns]
    told = []
    for row, values in enumerate(zip(*by_column, strict=True)):
        mine = []
        for theme in strongest[row]:
            if sums[row, theme] > 0:
                place = _strongest(places[theme], contributions[row], values)
                mine.append(reason(columns[place], values[place], dictionary))
        told.append(mine)
    return told


def reason(column: str, value: Any, dictionary: Dictionary = OURS) -> Reason:
    """The reason that a column gives with a value, which may be missing."""
    known = None if pd.isna(value) else value
    entry = dictionary.entries.get(column)
    if entry is None or column in ENTRIES:
        return Reason(column, known)
    said = f"{dictionary.titles[entry.theme]}: {_figure(column, known, entry)}"
    return Reason(column, known, (entry.code, said))


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
        is_own = feature not in ENTRIES and not code.startswith(f"{FACTS}.")
        said = (code, row[name]) if is_own else None
        told.append(Reason(feature, json.loads(row[f"{name}_value"]), said))
    return told


@functools.cache
def _places(themes: tuple[str, ...]) -> list[list[int]]:
    """Where the columns of each theme stand, the themes as they first come."""
    places: dict[str, list[int]] = {}
    for place, theme in enumerate(themes):
        places.setdefault(theme, []).append(place)
    return list(places.values())


def _strongest(places: list[int], added: Matrix, values: Sequence[Any]) -> int:
    """The place that adds most, of those whose value is known where any of them adds."""
    adding = [place for place in places if added[place] > 0]
    known = [place for place in adding if not pd.isna(values[place])]
    return max(known or places, key=lambda place: float(added[place]))


def _figure(column: str, value: Any, entry: Entry | None) -> str:
    if entry is None:
        return _fact(column, value)
    if pd.isna(value):
        first, rest = entry.meaning[0].lower(), entry.meaning[1:].rstrip(".")
        return f"not known: {first}{rest}"
    return of_one(entry.says.format(value=value))


def _fact(column: str, value: Any) -> str:
    if pd.isna(value):
        return f"not known: {column}"
    said = f"{value:.15g}" if isinstance(value, float) else value
    return f"{column} is {said}"


_ONE = re.compile(
    r"(?<![\d.,+-])1 (?P<which>active |small )?(?P<noun>[a-z]+s|people)\b"
    r"(?P<of> of \d+ days)?(?P<verb> (are|were|wait)\b)?"
)
_SINGULAR = {
    "people": "person",
    " are": " is",
    " were": " was",
    " wait": " waits",
    "": "",
}


def of_one(said: str) -> str:
    """A sentence with the noun behind each 1, and the noun's verb, in the singular.

    Example:
        >>> of_one("1 promises are overdue"), of_one("21 promises are overdue")
        ('1 promise is overdue', '21 promises are overdue')
    """

    def singular(found: re.Match[str]) -> str:
        noun = _SINGULAR.get(found["noun"], found["noun"][:-1])
        verb = _SINGULAR[found["verb"] or ""]
        return f"1 {found['which'] or ''}{noun}{found['of'] or ''}{verb}"

    return _ONE.sub(singular, said)
