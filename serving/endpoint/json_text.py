"""JSON text, read strictly and with bounds on the work before it begins.

The standard library's reader calls back for each object, so other threads go on meanwhile, however large the text is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from serving.endpoint.faults import unfit

MOST_ELEMENTS = 1_000_000
"""Commas and opening brackets, of which a text has no fewer than values."""

COLONS_OF_A_ROW, COLONS_BESIDE = 20, 250_000
"""More than a row of ours has with its times, and than all facts of a request have."""

MOST_DIGITS = 100
"""Characters of a number."""


class Twice:
    """Stands for an object in which a key stands twice: whoever reads one of the two may miss the other."""


class Long:
    """Stands for a number of more than `MOST_DIGITS` characters."""


_KINDS: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    Twice: "an object in which a key stands twice",
    Long: f"a number of more than {MOST_DIGITS} characters",
}


def kind_of(value: object) -> str:
    """What kind of JSON a value is, in words.

    Example:
        >>> kind_of(True), kind_of("8"), kind_of(None)
        ('true or false', 'a text', 'nothing')
    """
    return _KINDS.get(type(value), "nothing")


def parse(text: bytes) -> object:
    """The value of a JSON text; `Twice` and `Long` stand for what is not taken.

    Raises:
        UnfitError: it is no JSON, or has too many elements.
    """
    _require_bounded(text)
    try:
        return json.loads(
            text.decode(),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_number,
            parse_constant=float,
        )
    except UnicodeDecodeError:
        unfit(
            "body",
            found="bytes that are no UTF-8",
            expected="JSON in UTF-8",
            mend="encode it as UTF-8",
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        unfit(
            "body",
            found=f"no valid JSON at {place}",
            expected="a JSON object",
            mend="see examples/request.json",
        )
    except RecursionError:
        unfit(
            "body",
            found="brackets nested too deeply",
            expected="accounts with lists of rows",
            mend="flatten it",
        )


def _require_bounded(text: bytes) -> None:
    commas, lists, objects, colons = (
        text.count(sign) for sign in (b",", b"[", b"{", b":")
    )
    if commas + lists + objects > MOST_ELEMENTS:
        most = f"at most {MOST_ELEMENTS:,} commas and brackets"
        unfit(
            "body",
            found="more elements",
            expected=most,
            mend="send fewer accounts a request",
        )
    if colons > COLONS_OF_A_ROW * objects + COLONS_BESIDE:
        unfit(
            "body",
            found="objects of too many fields",
            expected="those of the schema",
            mend="see /docs.json",
        )


def _object(pairs: list[tuple[str, object]]) -> object:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Twice()


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= MOST_DIGITS else Long()


def _number(digits: str) -> object:
    return float(digits) if len(digits) <= MOST_DIGITS else Long()
