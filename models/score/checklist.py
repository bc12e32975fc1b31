"""The checklist of S17 as four lights: a great product, delivered as promised, every touch caring, problems resolved.

Each light reads a few columns of the snapshot. What is not known is no light at all, neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from features.quadrants import EXCEPTIONAL_FROM, LOW_BELOW

Light = Literal["good", "mixed", "bad", "unknown"]
Values = Mapping[str, float]
"""A row of the snapshot: values by column, NaN where not known."""


@dataclass(frozen=True)
class Line:
    """A line of the checklist.

    Attributes:
        name: what it says when all is well.
        reads: the columns that it needs.
        light: of the values of these.
    """

    name: str
    reads: tuple[str, ...]
    light: Callable[[Values], Light]


def _level(column: str) -> Callable[[Values], Light]:
    """Of a settled level of an axis, by the cuts of the quadrants."""

    def light(values: Values) -> Light:
        level = values[column]
        if level != level:
            return "unknown"
        if level >= EXCEPTIONAL_FROM:
            return "good"
        return "bad" if level < LOW_BELOW else "mixed"

    return light


def _promises(values: Values) -> Light:
    if values["promises_overdue"] > 0:
        return "bad"
    if values["promises_broken_365d"] > 0:
        return "mixed"
    return "good" if values["promises_365d"] > 0 else "unknown"


def _problems(values: Values) -> Light:
    if values["failures_not_fixed_365d"] > 0 or values["to_make_good_180d"] > 0:
        return "bad"
    if values["waiting_180d"] > 0:
        return "mixed"
    return "good" if values["waiting_180d"] == 0 else "unknown"


CHECKLIST = (
    Line("a great product", ("product_settled",), _level("product_settled")),
    Line(
        "delivered as promised",
        ("promises_overdue", "promises_broken_365d", "promises_365d"),
        _promises,
    ),
    Line("every touch caring", ("people_settled",), _level("people_settled")),
    Line(
        "problems resolved",
        ("failures_not_fixed_365d", "to_make_good_180d", "waiting_180d"),
        _problems,
    ),
)
"""The four lines, in the order of the seed."""


def lights(values: Values) -> list[Light]:
    """The light of each line, for a row of the snapshot."""
    return [line.light(values) for line in CHECKLIST]
