"""Sayings of one's own as plain data, see `features.themes.own`."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any, cast, get_args

from features.past.declaration import Feature
from features.past.saying import FORMATS, Bad, Saying
from features.timeline.expression import Expression
from features.timeline.written import (
    NAME,
    UnreadableError,
    fields,
    items,
    read_expression,
    text,
    written,
)

MOST = 20
"""Sayings of one feature."""
_SPEC = re.compile(r"\+?,?(\.\d{1,2})?[fg%]?")


def written_says(feature: Feature) -> Any:
    """A text where that is all that a feature says."""
    says = [
        {
            "words": saying.words,
            "where": written_or_none(saying.where),
            "usual": written_or_none(saying.usual),
        }
        for saying in feature.says
    ]
    is_text = len(says) == 1 and says[0]["where"] is says[0]["usual"] is None
    return says[0]["words"] if is_text else says


def written_or_none(expression: Expression | None) -> Any:
    """An expression as JSON can hold it, None where there is none."""
    return None if expression is None else written(expression)


def read_bad(found: object) -> Bad:
    """Which values are bad news, checked.

    Raises:
        UnreadableError: it is none of what is known.
    """
    for known in get_args(Bad):
        if found == known:
            return cast(Bad, known)
    raise UnreadableError("bad news that are none of high, low and either")


def read_says(found: object) -> tuple[Saying, ...]:
    """The sayings that plain data hold, checked.

    Raises:
        UnreadableError: they are no such data.
    """
    if isinstance(found, str):
        return (Saying(_words(found)),)
    return tuple(_saying(each) for each in items(found, MOST))


def _saying(found: object) -> Saying:
    said = fields(found, ("words", "where", "usual"))
    where, usual = said["where"], said["usual"]
    return Saying(
        _words(said["words"]),
        None if where is None else read_expression(where),
        None if usual is None else read_expression(usual),
    )


def _words(found: object) -> str:
    """Words in which nothing stands but columns, in a plain format: a format can reach anything, and be endless."""
    words = text(found)
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        raise UnreadableError("words with a lone brace") from None
    for _, name, spec, conversion in parts:
        if name is not None and not _is_plain(name, spec or "", conversion):
            raise UnreadableError("words that hold something else than {value}")
    return words


def _is_plain(name: str, spec: str, conversion: str | None) -> bool:
    is_format = spec in FORMATS or _SPEC.fullmatch(spec) is not None
    return NAME.fullmatch(name) is not None and is_format and not conversion
