"""Columns of the tables: words, names and numbers as Arrow holds them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from company.arrays import Flags, Floats, Ints
from company.branch import Branch

TIME = pa.timestamp("us")

Tables = dict[str, pa.Table]
"""Tables of a book by name."""


def rep_names(branch: Branch) -> str:
    """How the names of a branch's reps begin."""
    return f"R{branch.number}-"


def words(codes: Ints, of: Sequence[str], null: Flags | None = None) -> pa.Array:
    """The words that codes stand for."""
    return pa.array(list(of), pa.string()).take(pa.array(codes, mask=null))


def names(
    prefix: str, numbers: Ints, width: int, null: Flags | None = None
) -> pa.Array:
    """Names made of a prefix and a number of so many digits at least."""
    digits = pc.cast(pa.array(numbers, pa.int64(), mask=null), pa.string())
    padded = pc.utf8_lpad(digits, width, "0") if width else digits
    return pc.binary_join_element_wise(prefix, padded, "")


def numbered(prefix: str, numbers: Ints) -> pa.Array:
    """Names of few different numbers, made once each; a number below 0 has none."""
    all_numbers = np.arange(max(1, int(numbers.max(initial=0)) + 1))
    return names(prefix, all_numbers, 0).take(pa.array(numbers, mask=numbers < 0))


def numbers(values: Floats) -> pa.Array:
    """Numbers, null where they are NaN."""
    return pa.array(values, mask=np.isnan(values))
