"""Words of one's own: kinds and items that a book declares, beside those of Pinch.

Where a table is read, a word of one's own is written as a *slot*: a kind or item that Pinch keeps free for one that
counts so. From there on it is a word like any other, for training, the night, the endpoint and Spark alike, and no code
of ours is ever its. Slots are given out in the order of the declarations, which models carry along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, get_args

from features.vocabulary.items import ITEM_SLOTS, ITEMS, Axis
from features.vocabulary.kind import Actor, Effect
from features.vocabulary.kinds import KIND_SLOTS, KINDS

NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
LARGEST_SCORE = 1e12
MOST_LETTERS = 1_000


class UnfitWordError(ValueError):
    """A word of one's own that there cannot be."""


@dataclass(frozen=True)
class OwnKind:
    """A kind of one's own; the fields are those of `features.vocabulary.kind.Kind`."""

    name: str
    actor: Actor
    meaning: str = ""
    sign_of_life: bool = False
    effect: Effect | None = None


@dataclass(frozen=True)
class OwnItem:
    """An item of one's own; the fields are those of `features.vocabulary.items.Item`."""

    name: str
    axis: Axis | None = None
    meaning: str = ""
    scale: tuple[float, float] = (0.0, 10.0)
    higher_is_better: bool = True


@dataclass(frozen=True)
class OwnWords:
    """The words that a book declares.

    Attributes:
        kinds: of interactions.
        items: of surveys.

    Raises:
        UnfitWordError: a name is taken, or there are more of one sort than there are slots for.
    """

    kinds: tuple[OwnKind, ...] = ()
    items: tuple[OwnItem, ...] = ()

    def __post_init__(self) -> None:
        """Sees that all have slots."""
        _require_new((kind.name for kind in self.kinds), KINDS)
        _require_new((item.name for item in self.items), ITEMS)
        self.slots["kind"], self.slots["item"]

    @cached_property
    def slots(self) -> Mapping[str, Mapping[str, str]]:
        """The slot of each word, by the column ``kind`` or ``item`` that it stands in."""
        kinds = [(kind.name, (kind.effect, kind.sign_of_life)) for kind in self.kinds]
        items = [(item.name, item.axis) for item in self.items]
        return {"kind": _given(kinds, KIND_SLOTS), "item": _given(items, ITEM_SLOTS)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each slot that is given out."""
        return {
            slot: name for slots in self.slots.values() for name, slot in slots.items()
        }

    def spoken(self, kind: str) -> str:
        """A kind of ours, or the slot of one of the book's own.

        Raises:
            UnfitWordError: it is neither.
        """
        if kind not in KINDS and kind not in self.slots["kind"]:
            raise UnfitWordError(f"the kind {kind}, which is neither ours nor declared")
        return self.slots["kind"].get(kind, kind)

    def named(self, name: str) -> str:
        """A word as the book writes it."""
        return self.names.get(name, name)

    def usual(self, column: str) -> dict[str, object]:
        """What a survey's ``scale_min``, ``scale_max`` or ``higher_is_better`` is where a row says nothing, by item."""
        if column == "higher_is_better":
            return {item.name: item.higher_is_better for item in self.items}
        end = SCALES.index(column)
        return {item.name: item.scale[end] for item in self.items}

    def written(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {
            "kinds": [asdict(kind) for kind in self.kinds],
            "items": [
                {**asdict(item), "scale": list(item.scale)} for item in self.items
            ],
        }


SCALES = ("scale_min", "scale_max", "higher_is_better")
"""Columns of surveys that an item tells where a row does not."""


def read_words(found: object) -> OwnWords:
    """The words that plain data hold, see `OwnWords.written`.

    Raises:
        UnfitWordError: they are no such data.
    """
    if not isinstance(found, dict) or set(found) != {"kinds", "items"}:
        raise UnfitWordError("no object of kinds and items")
    kinds, items = found["kinds"], found["items"]
    if not isinstance(kinds, list) or not isinstance(items, list):
        raise UnfitWordError("no lists of kinds and items")
    return OwnWords(tuple(map(_kind, kinds)), tuple(map(_item, items)))


def _kind(found: object) -> OwnKind:
    said = _said(found, OwnKind.__dataclass_fields__, ("name", "actor"))
    if said["actor"] not in get_args(Actor):
        raise UnfitWordError(f"an actor other than {' or '.join(get_args(Actor))}")
    effect = said.get("effect")
    if effect is not None and effect not in get_args(Effect):
        raise UnfitWordError(f"an effect other than {', '.join(get_args(Effect))}")
    _require_flag(said, "sign_of_life")
    return OwnKind(**said)


def _item(found: object) -> OwnItem:
    said = _said(found, OwnItem.__dataclass_fields__, ("name",))
    if said.get("axis") is not None and said["axis"] not in get_args(Axis):
        raise UnfitWordError(f"an axis other than {' or '.join(get_args(Axis))}")
    _require_flag(said, "higher_is_better")
    if "scale" in said:
        said["scale"] = _scale(said["scale"])
    return OwnItem(**said)


def _scale(found: object) -> tuple[float, float]:
    if (
        not isinstance(found, list)
        or len(found) != 2
        or any(type(end) not in (int, float) for end in found)
        or not -LARGEST_SCORE <= found[0] < found[1] <= LARGEST_SCORE
    ):
        raise UnfitWordError("a scale that is no [lowest, highest]")
    return float(found[0]), float(found[1])


def _said(
    found: object, fields: Iterable[str], required: Iterable[str]
) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise UnfitWordError("a word without fields")
    fields = list(fields)
    strange = sorted(set(found) - set(fields))
    lacking = sorted(set(required) - set(found))
    if strange or lacking:
        raise UnfitWordError(
            f"other fields than {', '.join(fields)}, of which {', '.join(required)} must be there"
        )
    meaning = found.get("meaning", "")
    if not isinstance(meaning, str) or len(meaning) > MOST_LETTERS:
        raise UnfitWordError("a meaning that is no text, or too long a one")
    if not isinstance(found["name"], str) or not NAME.fullmatch(found["name"]):
        raise UnfitWordError("a name of other than small letters, digits and _")
    return dict(found)


def _require_flag(said: Mapping[str, Any], name: str) -> None:
    if not isinstance(said.get(name, False), bool):
        raise UnfitWordError(f"{name} that is neither true nor false")


def _require_new(names: Iterable[str], ours: Iterable[str]) -> None:
    named = list(names)
    taken = {name for name in named if name in set(ours) or named.count(name) > 1}
    if taken:
        raise UnfitWordError(f"{', '.join(sorted(taken))}, a name that is taken")


def _given(
    words: Iterable[tuple[str, Any]], free: Mapping[Any, tuple[str, ...]]
) -> dict[str, str]:
    """A slot for each word, of those that are free for its sort."""
    given: dict[str, str] = {}
    used: dict[Any, int] = {}
    for name, sort in words:
        place = used.get(sort, 0)
        if place == len(free[sort]):
            raise UnfitWordError(f"more than {place} words that count alike")
        given[name], used[sort] = free[sort][place], place + 1
    return given


NONE = OwnWords()
"""The words of a book that declares none."""
