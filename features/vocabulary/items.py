"""The vocabulary of survey items: which axis of the Customer Service Index each one speaks of.

An item that is not listed here is kept, belongs to no axis, and is reported.
Sources: S1 and S2 (the axes), S6 (the product items), S8 (the people items), S17 (recommend), S28 (effort).

Example:
    >>> ITEMS["faster"].axis
    'product'
    >>> axis_items("people")
    ('people', 'attitude', 'skills', 'knowledge')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Axis = Literal["product", "people"]


@dataclass(frozen=True)
class Item:
    """One question of a survey.

    Attributes:
        name: what a book writes in ``surveys.item``.
        axis: the axis it speaks of; None for items that are kept apart from both.
        meaning: one sentence for the dictionary.
        scale: the (lowest, highest) score assumed where a row gives none.
        higher_is_better: the direction assumed where a row gives none.
    """

    name: str
    axis: Axis | None
    meaning: str
    scale: tuple[float, float] = (0.0, 10.0)
    higher_is_better: bool = True


_ALL = (
    Item("product", "product", "The product or service as a whole."),
    Item("better", "product", "Whether it is better than what else there is."),
    Item("faster", "product", "Whether it is faster."),
    Item("different", "product", "Whether it is different."),
    Item("cost_effective", "product", "Whether it is worth its cost."),
    Item("process", "product", "How our processes work for the account."),
    Item("people", "people", "The people who serve the account as a whole."),
    Item("attitude", "people", "Their attitude."),
    Item("skills", "people", "Their skills."),
    Item("knowledge", "people", "Their knowledge."),
    Item("recommend", None, "Whether the account would recommend us (0 to 10)."),
    Item(
        "effort",
        None,
        "How much effort it cost the account (1 to 7, low is good).",
        (1.0, 7.0),
        False,
    ),
)

ITEMS: Mapping[str, Item] = {item.name: item for item in _ALL}
"""Every item by its name."""

OTHER_ITEM = 0
"""Code of every item that is not in the vocabulary."""

_CODES = {name: place for place, name in enumerate(ITEMS, start=1)}


_FIRST_SLOT, _SLOTS_OF_A_SORT = 40, 8
CODES = 64
"""Codes of items are smaller than this."""


def _slots(axis_number: int) -> dict[str, int]:
    first = _FIRST_SLOT + axis_number * _SLOTS_OF_A_SORT
    return {f"own:{code}": code for code in range(first, first + _SLOTS_OF_A_SORT)}


_SLOTS: Mapping[Axis | None, dict[str, int]] = {
    "product": _slots(0),
    "people": _slots(1),
    None: _slots(2),
}

ITEM_SLOTS: Mapping[Axis | None, tuple[str, ...]] = {
    axis: tuple(slots) for axis, slots in _SLOTS.items()
}
"""Names kept free for items of a book's own, by axis, see `features.vocabulary.own`."""


def axis_codes(axis: Axis) -> tuple[int, ...]:
    """The codes of the items that speak of an axis, those kept free for a book's own among them."""
    ours = (_CODES[item.name] for item in _ALL if item.axis == axis)
    return (*ours, *_SLOTS[axis].values())


def item_code(name: str) -> int:
    """The integer code of an item, `OTHER_ITEM` where the vocabulary does not have it."""
    if name in _CODES:
        return _CODES[name]
    slots = (slots[name] for slots in _SLOTS.values() if name in slots)
    return next(slots, OTHER_ITEM)


def item_code_sql(item: str) -> str:
    """The integer code of an item, as SQL on its name."""
    cases = " ".join(f"when '{name}' then {code}" for name, code in _CODES.items())
    own = f"coalesce(try_cast(substr({item}, 5, 2) as utinyint), {OTHER_ITEM})"
    ours = f"case {item} {cases} else {OTHER_ITEM} end"
    return f"cast(case when {item} like 'own:%' then {own} else {ours} end as utinyint)"


def axis_items(axis: Axis) -> tuple[str, ...]:
    """The names of the items that speak of an axis."""
    return tuple(item.name for item in _ALL if item.axis == axis)
