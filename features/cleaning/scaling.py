"""The scale of a survey's score: as the row says it, else as its item has it; as SQL on typed surveys."""

from __future__ import annotations

from collections.abc import Mapping

from features.vocabulary.items import ITEMS


def _of_item(column: str, known: Mapping[str, str], usual: str) -> str:
    """What a row says in a column, else what is known of its item, else what is usual."""
    others = {item: value for item, value in known.items() if value != usual}
    cases = " ".join(f"when '{item}' then {value}" for item, value in others.items())
    return f"coalesce({column}, case item {cases} else {usual} end)"


LOWEST = _of_item(
    "scale_min", {name: f"{item.scale[0]}e0" for name, item in ITEMS.items()}, "0.0e0"
)
"""The lowest score that could be given."""
HIGHEST = _of_item(
    "scale_max", {name: f"{item.scale[1]}e0" for name, item in ITEMS.items()}, "10.0e0"
)
"""The highest."""
UPWARD = _of_item(
    "higher_is_better",
    {name: str(item.higher_is_better).lower() for name, item in ITEMS.items()},
    "true",
)
"""Whether a higher score is better."""
