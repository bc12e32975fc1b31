"""Problems: what makes a typed row bad beside its values one by one (`features.cleaning.problems`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from features.cleaning.arrays.flaws import Flaw
from features.cleaning.arrays.scaling import scale_of
from features.cleaning.arrays.values import MISSING_US
from features.cleaning.problems import AFTER, RISING, WITHIN
from features.cleaning.values import LASTING
from features.timeline.expression import Columns
from features.timeline.rows import Flags

NOT_EARLY = "a number of at least 0 for this kind"


def problems(table: str, columns: Columns, sound: Flags) -> list[Flaw]:
    """What is wrong with rows although each value by itself is sound.

    Args:
        table: a name of the contract.
        columns: all typed rows.
        sound: which of them to look at.
    """
    found = _FOUND[table](columns) if table in _FOUND else ()
    flaws = [
        Flaw(field, expected, np.flatnonzero(bad & sound))
        for field, expected, bad in found
    ]
    return [flaw for flaw in flaws if len(flaw.rows)]


Found = tuple[str, str, Flags]
"""A field, what it should hold, and which rows do not."""


def _of_interactions(columns: Columns) -> Iterator[Found]:
    early = columns["minutes"] < 0
    if early.any():
        early &= np.isin(columns["kind"].astype(str), LASTING)
    yield "minutes", NOT_EARLY, early


def _of_surveys(columns: Columns) -> Iterator[Found]:
    scale = scale_of(columns)
    rising = scale.lowest < scale.highest
    score = columns["score"]
    within = (scale.lowest <= score) & (score <= scale.highest)
    yield "scale_min", RISING, ~rising
    yield "score", WITHIN, rising & ~within


def _of_contracts(columns: Columns) -> Iterator[Found]:
    ends = columns["ends_at"]
    yield "ends_at", AFTER, (ends < columns["starts_at"]) & (ends != MISSING_US)


_FOUND = {
    "interactions": _of_interactions,
    "surveys": _of_surveys,
    "contracts": _of_contracts,
}
