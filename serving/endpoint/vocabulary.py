"""The vocabulary in the description: which kinds, items and other names the endpoint knows, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.past.responses import NOT_THEIRS
from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS
from features.vocabulary.vocabularies import COMPETITOR_ENTERED

_KINDS = {name: kind.meaning for name, kind in KINDS.items()}
_ITEMS = {name: item.meaning for name, item in ITEMS.items()}
_SOURCES = dict.fromkeys(NOT_THEIRS, "Not what the account said itself.")
_EVENTS = {COMPETITOR_ENTERED: "A competitor entered the market."}

_NAMES: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("Interaction", "kind"): ("Another one is counted as other.", _KINDS),
    ("Survey", "item"): ("Another one speaks of no axis.", _ITEMS),
    ("Survey", "source"): ("Another one is a survey of yours.", _SOURCES),
    ("MarketEvent", "kind"): ("Another one is not looked at.", _EVENTS),
}
_FREE = {
    (
        "Interaction",
        "channel",
    ): "Your own names: how many are used is looked at. Of use, "
    "the part of the product."
}


def tell_names(schemas: dict[str, Any]) -> None:
    """Adds to schemas of rows which names are known; others are taken too, and told in warnings."""
    for (row, name), (otherwise, known) in _NAMES.items():
        said = f"{otherwise} Known are: {_listed(known)}"
        given = schemas[row]["properties"][name]
        schemas[row]["properties"][name] = {
            "title": name,
            "description": said,
            "anyOf": [{"enum": [*known]}, given],
        }
    for (row, name), said in _FREE.items():
        schemas[row]["properties"][name]["description"] = said


def _listed(known: Mapping[str, str]) -> str:
    return " ".join(f"`{name}`: {meaning}" for name, meaning in known.items())
