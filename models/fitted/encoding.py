"""From a snapshot to the matrix that models are fitted on: columns by name, in a fixed order, text as integer codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import ModelError
from features.themes.dictionary import QUIET
from features.timeline.expression import Columns
from models.fitted import quiet as quiets
from models.fitted.quiet import Quiet

Matrix = npt.NDArray[np.float64]
Snapshot = Columns | pd.DataFrame
"""Rows of a snapshot, by column: a frame, or for a few rows arrays, which cost less."""


@dataclass(frozen=True)
class Encoding:
    """Which columns a model reads, in order, and the codes of those that are text.

    Attributes:
        columns: names of features and facts; a model does not notice what a snapshot holds beside them.
        categories: for each text column its values; the code is the place in the list. Any other value has the code
            after them, and what is missing has none.
        quiet: gives the column ``quiet_chance``, the only one that a snapshot does not hold; None where no model reads
            it, as in books with departures.

    Example:
        >>> encoding = Encoding(("purchases_90d", "market"), {"market": ("north", "south")})
        >>> snapshot = pd.DataFrame({"market": ["south", "moon", None], "purchases_90d": [2.0, 0.0, 1.0]})
        >>> encoding.matrix(snapshot).tolist()
        [[2.0, 1.0], [0.0, 2.0], [1.0, nan]]
    """

    columns: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    quiet: Quiet | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of a snapshot that it reads."""
        own = tuple(column for column in self.columns if column != QUIET.name)
        return own if self.quiet is None else tuple(dict.fromkeys((*own, *QUIET.reads)))

    def completed(self, frame: Snapshot) -> Snapshot:
        """A snapshot with every column of the matrix."""
        if self.quiet is None:
            return frame
        chances = {QUIET.name: self.quiet.chances(frame)}
        if isinstance(frame, pd.DataFrame):
            return frame.assign(**chances)
        return {**frame, **chances}

    def matrix(self, frame: Snapshot) -> Matrix:
        """The rows of a snapshot as doubles, shape (rows, columns).

        Raises:
            ModelError: the snapshot lacks a column that the model was fitted on, or has a text for a number.
        """
        lacking = [column for column in self.reads if column not in frame]
        if lacking:
            raise ModelError(
                found=f"a snapshot without {', '.join(lacking)}",
                expected="every column that the model was fitted on",
                mend="score with the features and facts of the training book, or train again",
            )
        frame = self.completed(frame)
        matrix = np.empty((rows_of(frame), len(self.columns)))
        text = set(self.text_positions)
        places = [place for place in range(len(self.columns)) if place not in text]
        numbers = [self.columns[place] for place in places]
        try:
            matrix[:, places] = numbers_of(frame, numbers)
        except ValueError:
            raise ModelError(
                found="a fact that is a text, and was a number in the training book",
                expected="facts of the types that the model was trained on",
                mend="open the book with the facts of the models, or train again",
            ) from None
        for place in self.text_positions:
            matrix[:, place] = self._codes(self.columns[place], frame)
        return matrix

    def _codes(self, column: str, frame: Snapshot) -> list[float]:
        values = self.categories[column]
        codes = {value: float(code) for code, value in enumerate(values)}
        found = np.asarray(frame[column], dtype=object)
        told = zip(found.tolist(), pd.isna(found), strict=True)
        return [
            np.nan if absent else codes.get(value, float(len(values)))
            for value, absent in told
        ]

    def described(self) -> dict[str, object]:
        """All it consists of, as JSON can hold it."""
        quiet = None if self.quiet is None else self.quiet.described()
        return {"columns": self.columns, "categories": self.categories, "quiet": quiet}

    @property
    def text_positions(self) -> list[int]:
        """Where in the matrix the text columns stand."""
        return [
            place
            for place, column in enumerate(self.columns)
            if column in self.categories
        ]


def rows_of(frame: Snapshot) -> int:
    """How many rows a snapshot has."""
    if isinstance(frame, pd.DataFrame):
        return len(frame)
    return len(next(iter(frame.values())))


def numbers_of(frame: Snapshot, columns: list[str]) -> Matrix:
    """Some columns of a snapshot as doubles, shape (rows, columns)."""
    if isinstance(frame, pd.DataFrame):
        return frame[columns].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.array([frame[name] for name in columns], dtype=np.float64).T


def of_description(described: Mapping[str, Any]) -> Encoding:
    """The encoding that `Encoding.described` describes."""
    categories = {
        column: tuple(values) for column, values in described["categories"].items()
    }
    quiet = described.get("quiet")  # a model from before there was any has none
    return Encoding(
        tuple(described["columns"]),
        categories,
        None if quiet is None else quiets.of_description(quiet),
    )
