"""Known answers: what a model says of rows that nobody has, kept with it when it is saved.

A model whose files were damaged and whose manifest was made to fit is found out by them. The rows are drawn column by
column from a few fixed numbers and the model's own categories: no customer's data is in them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import ModelError
from models.fitted.encoding import Encoding

KEPT = "known_answers"
"""Where in a model's description they stand, as a text of one line."""
ROWS = 64
TOLERANCE = 1e-9
"""Relative: what sums and logarithms of two machines may differ by."""

Answers = Mapping[str, npt.NDArray[np.float64]]
Columns = Mapping[str, Sequence[object]]
Answer = Callable[[pd.DataFrame], Answers]
"""What a model says of a snapshot's rows, by name, each of shape (rows,)."""

_NUMBERS: tuple[object, ...] = (
    None,
    0.0,
    0.1,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    30.0,
    60.0,
    90.0,
    365.0,
    1000.0,
)
_QUADRANTS = (None, 0.0, 1.0, 2.0, 3.0)
_ANOTHER = "a text that no training has seen"


def keep_answers(encoding: Encoding, answer: Answer) -> dict[str, str]:
    """What a model's description holds of its answers."""
    rows = _drawn(encoding)
    told = {
        name: _plain(values.tolist()) for name, values in answer(_frame(rows)).items()
    }
    return {KEPT: json.dumps({"rows": rows, "answers": told}, allow_nan=False)}


def require_answers(where: str, described: Mapping[str, Any], answer: Answer) -> None:
    """Sees that a model answers as it did when it was saved.

    Args:
        where: the model lies, for the message.
        described: the description of the model.
        answer: of the model as it was read.

    Raises:
        ModelError: it has no known answers, or gives others.
    """
    if KEPT not in described:
        raise _unknown(where, "a model without known answers")
    kept = json.loads(described[KEPT])
    given, expected = answer(_frame(kept["rows"])), kept["answers"]
    if set(given) != set(expected):
        raise _unknown(where, "other answers than it gave when it was saved")
    for name, values in expected.items():
        known = np.array(values, dtype=np.float64)
        if not np.allclose(given[name], known, TOLERANCE, 0.0, equal_nan=True):
            raise _unknown(where, f"another {name} than it gave when it was saved")


def _drawn(encoding: Encoding) -> Columns:
    draws = np.random.default_rng(0)
    columns: dict[str, Sequence[object]] = {}
    for name in encoding.reads:
        values = _NUMBERS
        if name in encoding.categories:
            values = (None, _ANOTHER, *encoding.categories[name])
        columns[name] = [
            values[place] for place in draws.integers(len(values), size=ROWS)
        ]
    columns["quadrant"] = [_QUADRANTS[place] for place in draws.integers(5, size=ROWS)]
    return columns


def _frame(columns: Columns) -> pd.DataFrame:
    return pd.DataFrame(dict(columns))


def _plain(values: Sequence[float]) -> list[float | None]:
    """Numbers as JSON holds them: null for one that is missing."""
    return [None if math.isnan(value) else value for value in values]


def _unknown(where: str, found: str) -> ModelError:
    return ModelError(
        where=where,
        found=found,
        expected="the answers that were kept with the model",
        mend="fetch the model again, or train again",
    )
