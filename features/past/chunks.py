"""Chunks: which accounts are measured together, by the memory that their rows and pairs take.

What they take was measured on books of 24, 100 and 500 interactions an account, at 1, 4 and 12 dates
(docs/adr/0021): it rises evenly with rows and with pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from features.timeline.rows import Ints

ACCOUNTS_AT_ONCE = 10_000
"""More accounts together save no time."""
BYTES_PER_ROW = 400
"""Of a row as it is read, and all that is made of it."""
BYTES_PER_VALUE = 40
"""Of a feature of a pair, and all that it is made of."""


def needed(rows: Ints, pairs: Ints, features: int) -> Ints:
    """The bytes that measuring takes of each account, given its rows, its pairs, and how many features there are."""
    return BYTES_PER_ROW * rows + BYTES_PER_VALUE * features * pairs


def chunks(
    sizes: Ints, most: int, at_once: int = ACCOUNTS_AT_ONCE
) -> Iterator[tuple[int, int]]:
    """Runs of accounts that fit together, at least one in each: the first, and how many.

    Args:
        sizes: of each account.
        most: the largest sum of the sizes of a run.
        at_once: the most accounts of a run.

    Example:
        >>> list(chunks(np.array([3, 4, 9, 1]), 8))
        [(0, 2), (2, 1), (3, 1)]
    """
    ends, first = np.cumsum(sizes), 0
    while first < len(sizes):
        before = ends[first] - sizes[first]
        fitting = int(np.searchsorted(ends, before + most, side="right")) - first
        count = min(max(fitting, 1), at_once, len(sizes) - first)
        yield first, count
        first += count
