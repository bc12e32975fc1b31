"""What a field cannot hold, in words of ours: what was found, what was expected and how to mend it."""

from __future__ import annotations

from typing import TypedDict

from features.cleaning.arrays.values import missing
from features.vocabulary.contract import Column
from serving.endpoint.json_text import kind_of

_KINDS = {
    "text": "a text",
    "time": "a text",
    "number": "a number",
    "flag": "true or false",
}
"""The kind of JSON that holds a column of each type."""

_MENDS = {
    "text": 'write it in quotes: "8"',
    "number": 'write it as a number, without quotes: 8 and not "8"',
    "flag": "write it without quotes: true",
}


class Said(TypedDict):
    """What a fault says beside its place."""

    found: str
    expected: str
    mend: str


def told(column: Column, value: object, expected: str) -> Said:
    """What is wrong with a value of a column.

    Args:
        column: which.
        value: as it was sent.
        expected: what the column can hold, in words.
    """
    if missing(value):
        required = "a value, for the field is required"
        return {"found": "nothing", "expected": required, "mend": "add it"}
    found = kind_of(value)
    if column.type == "time":
        mend = (
            'write it as "2026-11-21", which is its first instant, or as "2026-11-21T10:30:00Z"; '
            "without a zone it is UTC"
        )
        said = f"{expected}, as a text of ISO 8601"
        return {"found": found, "expected": said, "mend": mend}
    if found != _KINDS[column.type]:
        return {
            "found": found,
            "expected": _KINDS[column.type],
            "mend": _MENDS[column.type],
        }
    return {"found": found, "expected": expected, "mend": "correct it"}
