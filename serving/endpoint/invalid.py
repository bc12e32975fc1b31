"""What a schema refused, in words of ours: what was expected and how to mend it."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from serving.endpoint.faults import Faults, joined
from serving.endpoint.json_text import kind_of

_TOLD = {
    "missing": ("a value, for the field is required", "add it"),
    "string_type": ("a text", 'write it in quotes: "8"'),
    "string_unicode": (
        "a text of whole characters",
        "escape both halves of a surrogate pair, or write it in UTF-8",
    ),
    "string_too_short": ("a text that is not blank", "fill it in"),
    "string_too_long": ("a text of at most {max_length} characters", "shorten it"),
    "float_type": ("a number", 'write it as a number, without quotes: 8 and not "8"'),
    "finite_number": ("a finite number", "leave it out where it is not known"),
    "greater_than_equal": ("a number of at least {ge:,.15g}", "correct it"),
    "less_than_equal": ("a number of at most {le:,.15g}", "correct it"),
    "bool_type": ("true or false", "write it without quotes: true"),
    "list_type": ("a list", "write it as [...]"),
    "dict_type": ("an object", "write it as {{...}}"),
    "too_short": ("at least {min_length} of them", "add one"),
}
"""By pydantic's name of an error. Errors of the schemas' own say both in their message, with a semicolon between."""


def add_invalid(faults: Faults, place: str, error: ValidationError) -> None:
    """Notes what a schema refused of what stands at a place.

    Raises:
        UnfitError: there are too many faults by now.
    """
    for detail in error.errors(include_url=False):
        expected, mend = _told(detail)
        found = "nothing" if detail["type"] == "missing" else kind_of(detail["input"])
        faults.add(
            joined(place, ".".join(map(str, detail["loc"]))),
            found=found,
            expected=expected,
            mend=mend,
        )


def _told(detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    if detail["type"] in _TOLD:
        expected, mend = _TOLD[detail["type"]]
        return expected.format(**context), mend.format(**context)
    expected, _, mend = detail["msg"].partition("; ")
    return expected, mend or "correct it"
