"""Flaws: what is wrong with a field of some rows of a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from features.timeline.rows import Flags, Ints


@dataclass(frozen=True, eq=False)
class Flaw:
    """Something that is wrong with a field, in every row that has it.

    Attributes:
        field: a column.
        expected: what it should hold, in words.
        rows: their places from 0, rising.
    """

    field: str
    expected: str
    rows: Ints


def sound(flaws: Iterable[Flaw], rows: int) -> Flags:
    """Which of so many rows have no flaw."""
    without = np.ones(rows, dtype=bool)
    for flaw in flaws:
        without[flaw.rows] = False
    return without
