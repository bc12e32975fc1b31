"""The scale of a survey's score: as the row says it, else as its item has it (`features.cleaning.scaling`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from features.timeline.expression import Array, Columns
from features.timeline.rows import Flags, Floats
from features.vocabulary.items import ITEMS, Item

_USUAL = Item("any", None, "An item that is not listed.")


@dataclass(frozen=True)
class Scale:
    """The scales of some scores.

    Attributes:
        lowest, highest: the scores that could be given.
        upward: whether a higher score is better.
    """

    lowest: Floats
    highest: Floats
    upward: Flags


def scale_of(surveys: Columns) -> Scale:
    """The scales of typed surveys."""
    items = [ITEMS.get(name, _USUAL) for name in surveys["item"].tolist()]
    upward = _given(
        surveys["higher_is_better"], items, lambda item: item.higher_is_better
    )
    return Scale(
        lowest=_given(surveys["scale_min"], items, lambda item: item.scale[0]),
        highest=_given(surveys["scale_max"], items, lambda item: item.scale[1]),
        upward=upward.astype(bool),
    )


def _given(said: Array, items: list[Item], usual: Callable[[Item], float]) -> Floats:
    """What rows say, and where they say nothing what is usual for the item."""
    of_items = np.fromiter(map(usual, items), dtype=np.float64, count=len(items))
    return np.where(np.isnan(said), of_items, said)
