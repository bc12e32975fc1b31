"""Conditions and formulas as plain lists, which JSON can hold: ``["/", ["of", "spent_90d"], ["number", 90.0]]``.

What is read is a closed set of names. Nothing in a text is ever run, and how much it may hold is bounded.

Example:
    >>> written(of.spent_90d / 90)
    ['/', ['of', 'spent_90d'], ['number', 90]]
    >>> read_expression(["not", ["missing", ["of", "score"]]])
    not (score is missing)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from features.timeline.expression import ALL, Expression, as_expression, of
from features.timeline.functions import (
    absolute,
    case,
    greatest,
    least,
    root,
    sign,
    to_six_decimals,
)

MOST_DEEP = 40
"""How deep a list may be nested."""
MOST_VALUES = 256
LARGEST_VALUE = 255
"""Of codes of kinds and items."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")


class UnreadableError(ValueError):
    """What was written cannot be read."""


def written(expression: Expression) -> list[Any]:
    """An expression as a plain list.

    Raises:
        UnreadableError: it is made by something else than the functions of this package.
    """
    if not expression.node:
        raise UnreadableError(f"{expression}, which is made by a function of its own")
    name, *parts = expression.node
    return [name, *(_plain(part) for part in parts)]


def _plain(part: object) -> Any:
    if isinstance(part, Expression):
        return written(part)
    if isinstance(part, tuple):
        return list(part)
    if isinstance(part, float) and math.isnan(part):
        return None
    return part


def read_expression(found: object, deep: int = 0) -> Expression:
    """The expression that a list holds.

    Raises:
        UnreadableError: it is no such list.
    """
    if deep > MOST_DEEP or not isinstance(found, list) or not found:
        raise UnreadableError("no list that holds an expression")
    name, *parts = found
    if not isinstance(name, str):
        raise UnreadableError("an expression without a name")
    if name in _LEAVES:
        return _LEAVES[name](parts)
    if name == "among":
        return _among(parts, deep)
    if name not in _MADE or len(parts) != _MADE[name][0]:
        raise UnreadableError("an expression of no known name and size")
    return _MADE[name][1](*(read_expression(part, deep + 1) for part in parts))


def _column(parts: list[Any]) -> Expression:
    if len(parts) != 1 or not isinstance(parts[0], str) or not NAME.fullmatch(parts[0]):
        raise UnreadableError("no name of a column")
    return of[parts[0]]


def _number(parts: list[Any]) -> Expression:
    if parts == [None]:
        return as_expression(math.nan)
    if len(parts) != 1 or type(parts[0]) not in (int, float):
        raise UnreadableError("no number")
    number = float(parts[0])
    if not math.isfinite(number):
        raise UnreadableError("a number that is not finite")
    return as_expression(number)


def _all(parts: list[Any]) -> Expression:
    if parts:
        raise UnreadableError("more than all")
    return ALL


def _among(parts: list[Any], deep: int) -> Expression:
    if len(parts) != 2 or not isinstance(parts[1], list) or not parts[1]:
        raise UnreadableError("no list of codes")
    value, codes = parts
    known = all(type(code) is int and 0 <= code <= LARGEST_VALUE for code in codes)
    if len(codes) > MOST_VALUES or not known:
        raise UnreadableError("codes that there cannot be")
    return read_expression(value, deep + 1).among(*codes)


_LEAVES: Mapping[str, Callable[[list[Any]], Expression]] = {
    "of": _column,
    "number": _number,
    "all": _all,
}

_MADE: Mapping[str, tuple[int, Callable[..., Expression]]] = {
    "+": (2, Expression.__add__),
    "-": (2, Expression.__sub__),
    "*": (2, Expression.__mul__),
    "/": (2, Expression.__truediv__),
    "**": (2, Expression.__pow__),
    "<": (2, Expression.__lt__),
    "<=": (2, Expression.__le__),
    ">": (2, Expression.__gt__),
    ">=": (2, Expression.__ge__),
    "and": (2, Expression.__and__),
    "or": (2, Expression.__or__),
    "=": (2, Expression.equals),
    "<>": (2, Expression.differs),
    "otherwise": (2, Expression.otherwise),
    "least": (2, least),
    "greatest": (2, greatest),
    "not": (1, Expression.__invert__),
    "missing": (1, Expression.missing),
    "known": (1, Expression.known),
    "absolute": (1, absolute),
    "sign": (1, sign),
    "rounded": (1, to_six_decimals),
    "root": (1, root),
    "case": (3, case),
}
"""How many parts each takes, and what makes it."""


MOST_LETTERS = 1_000


def fields(found: object, names: Sequence[str]) -> Mapping[str, Any]:
    """An object of these fields and no others."""
    if not isinstance(found, dict) or set(found) != set(names):
        raise UnreadableError(f"no object of {', '.join(names)}")
    return found


def items(found: object, most: int) -> list[Any]:
    """A list that is not too long."""
    if not isinstance(found, list) or len(found) > most:
        raise UnreadableError(f"no list of at most {most}")
    return found


def text(found: object) -> str:
    """A text that is neither empty nor too long."""
    if not isinstance(found, str) or not 0 < len(found) <= MOST_LETTERS:
        raise UnreadableError("a text that is empty or too long, such as a docstring")
    return found
