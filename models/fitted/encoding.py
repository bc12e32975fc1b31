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
from models.fitted import quiet as quiets
from models.fitted.quiet import Quiet

Matrix = npt.NDArray[np.float64]


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

    def completed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A snapshot with every column of the matrix."""
        if self.quiet is None:
            return frame
        return frame.assign(**{QUIET.name: self.quiet.chances(frame)})

    def matrix(self, frame: pd.DataFrame) -> Matrix:
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
        matrix = np.empty((len(frame), len(self.columns)))
        text = set(self.text_positions)
        places = [place for place in range(len(self.columns)) if place not in text]
        numbers = [self.columns[place] for place in places]
        try:
            matrix[:, places] = frame[numbers].to_numpy(
                dtype=np.float64, na_value=np.nan
            )
        except ValueError:
            raise ModelError(
                found="a fact that is a text, and was a number in the training book",
                expected="facts of the types that the model was trained on",
                mend="open the book with the facts of the models, or train again",
            ) from None
        for place in self.text_positions:
            matrix[:, place] = self._codes(self.columns[place], frame)
        return matrix

    def _codes(self, column: str, frame: pd.DataFrame) -> list[float]:
        values = self.categories[column]
        codes = {value: float(code) for code, value in enumerate(values)}
        missing = frame[column].isna()
        told = zip(frame[column].tolist(), missing, strict=True)
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
