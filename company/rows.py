"""Rows of the interactions table while they are being written down, as arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from company.arrays import Floats, Ints
from features.vocabulary.kinds import KINDS

KIND_NAMES = tuple(KINDS)
KIND_NUMBER = {name: number for number, name in enumerate(KIND_NAMES)}
CHANNELS = (
    "shop",
    "web",
    "phone",
    "email",
    "app",
    "planner",
    "reports",
    "invoicing",
    "mobile",
)
"""Where contact takes place, and from ``app`` on the parts of the product."""

NONE = -1
"""Stands for null in the whole-number columns."""


@dataclass
class Rows:
    """Interactions; one element per row. -1 and NaN stand for null.

    Attributes:
        week, account: where the row comes from.
        time: instant, in microseconds since 1970.
        kind, channel, rep, matter: numbers of their names.
    """

    week: Ints
    account: Ints
    time: Ints
    kind: Ints
    rep: Ints
    channel: Ints
    matter: Ints
    value: Floats
    minutes: Floats
    sentiment: Floats


def rows(
    kind: str, week: Ints, account: Ints, time: Ints, **columns: Ints | Floats
) -> Rows:
    """Rows of one kind; the columns that are not given are null, the rep is filled in later."""
    size = len(week)
    empty: dict[str, Ints | Floats] = {
        name: np.full(size, NONE) for name in ("channel", "matter", "rep")
    }
    empty |= {name: np.full(size, np.nan) for name in ("value", "minutes", "sentiment")}
    kinds = np.full(size, KIND_NUMBER[kind])
    return Rows(week, account, time, kinds, **(empty | columns))  # type: ignore[arg-type]


def join(parts: list[Rows]) -> Rows:
    """All rows, one part after the other."""
    joined = {}
    for field in fields(Rows):
        its = [getattr(part, field.name) for part in parts]
        joined[field.name] = np.concatenate(its)
    return Rows(**joined)
