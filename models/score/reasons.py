"""Reasons: why an account is at risk, in words, with its own figures.

What the columns add to the risk is summed by theme; the themes that add most are told, each by its strongest column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.themes.dictionary import ENTRIES, THEMES

Matrix = npt.NDArray[np.float64]

MOST_REASONS = 3
REASON_COLUMNS = tuple(f"reason_{place}" for place in range(1, MOST_REASONS + 1))
FACTS = "facts"
"""The theme of what is not a feature: the facts of an account."""

TITLES: Mapping[str, str] = {theme.name: theme.title for theme in THEMES} | {
    FACTS: "What kind of account"
}


def theme_of(column: str) -> str:
    """The name of a column's theme."""
    return ENTRIES[column].theme if column in ENTRIES else FACTS


def reasons(
    frame: pd.DataFrame, columns: Sequence[str], contributions: Matrix
) -> pd.DataFrame:
    """The strongest reasons of each row.

    Args:
        frame: snapshots, see `models.fitted.encoding.Encoding.completed`.
        columns: names of the columns of the contributions.
        contributions: what each column adds to the log-odds of leaving, shape (rows, columns).

    Returns:
        ``reason_1`` to ``reason_3``, strongest first; missing where fewer themes add to the risk.
    """
    themes = list(dict.fromkeys(theme_of(column) for column in columns))
    places = [
        [place for place, column in enumerate(columns) if theme_of(column) == theme]
        for theme in themes
    ]
    sums = np.column_stack([contributions[:, mine].sum(axis=1) for mine in places])
    values = [frame[column].tolist() for column in columns]
    told = []
    for row, order in enumerate(
        np.argsort(-sums, axis=1, kind="stable")[:, :MOST_REASONS]
    ):
        said: list[str | None] = []
        for theme in (theme for theme in order if sums[row, theme] > 0):
            place = _strongest(
                places[theme], contributions[row], [column[row] for column in values]
            )
            said.append(reason(columns[place], values[place][row]))
        told.append(said + [None] * (MOST_REASONS - len(said)))
    return pd.DataFrame(told, columns=REASON_COLUMNS, index=frame.index, dtype="object")


def reason(column: str, value: Any) -> str:
    """The reason that a column gives with a value.

    Example:
        >>> reason("days_silent", 41.0)
        'Gone quiet: no sign of life for 41 days'
    """
    return f"{TITLES[theme_of(column)]}: {_figure(column, value)}"


def _strongest(places: list[int], added: Matrix, values: list[Any]) -> int:
    """The place that adds most, of those whose value is known where any of them adds."""
    known = [
        place for place in places if not pd.isna(values[place]) and added[place] > 0
    ]
    return max(known or places, key=lambda place: float(added[place]))


def _figure(column: str, value: Any) -> str:
    if column not in ENTRIES:
        said = f"{value:.15g}" if isinstance(value, float) else value
        return f"not known: {column}" if pd.isna(value) else f"{column} is {said}"
    if pd.isna(value):
        meaning = ENTRIES[column].meaning
        return f"not known: {meaning[0].lower()}{meaning[1:].rstrip('.')}"
    return of_one(ENTRIES[column].says.format(value=value))


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
        which, noun, of, verb = (
            found[part] or "" for part in ("which", "noun", "of", "verb")
        )
        return f"1 {which}{_SINGULAR.get(noun, noun[:-1])}{of}{_SINGULAR[verb]}"

    return _ONE.sub(singular, said)
