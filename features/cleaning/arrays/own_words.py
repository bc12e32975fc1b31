"""Words of a book's own in a request, written in those of Pinch (`features.cleaning.own_words`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from features.cleaning.arrays.values import missing
from features.cleaning.own_words import SPOKEN
from features.vocabulary.own import SCALES, OwnWords


def spoken(
    table: str, values: Mapping[str, Sequence[object]], words: OwnWords
) -> Mapping[str, Sequence[object]]:
    """Values of a request as they were sent, by column, with the words of a book's own as ours.

    Args:
        table: a name of the contract.
        values: by column.
        words: of the models.
    """
    column = SPOKEN.get(table)
    slots = {} if column is None else words.slots[column]
    if column is None or not slots or column not in values:
        return values
    said = [_plain(value) for value in values[column]]
    replaced: dict[str, Sequence[object]] = {
        column: [slots.get(str(name), name) for name in said]
    }
    if table == "surveys":
        for scale in SCALES:
            usual = words.usual(scale)
            given = values.get(scale) or [None] * len(said)
            replaced[scale] = [
                usual.get(str(name)) if missing(value) else value
                for name, value in zip(said, given, strict=True)
            ]
    return {**values, **replaced}


def _plain(value: object) -> object:
    return value.strip() if isinstance(value, str) else value
