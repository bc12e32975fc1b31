"""The Customer Service Index: two axes from 0 to 10, four quadrants, one rule (S1, S2; docs/adr/0001).

The rule is stated for two numbers and for columns, side by side, and a test holds the two equal on every edge.

Example:
    >>> quadrant(product=8.0, people=3.0)
    <Quadrant.PRODUCT_CARRIED: 'product_carried'>
    >>> quadrant(product=5.05, people=9.0)
    <Quadrant.PEOPLE_CARRIED: 'people_carried'>
    >>> quadrant(product=None, people=9.0)
    <Quadrant.UNKNOWN: 'unknown'>
    >>> settled([7.0, 5.05])
    7.0
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from features.timeline.expression import Expression
from features.timeline.functions import case

LOW_BELOW = 5.0
"""Both axes below this are poor: the seed's low is 0 to 4.9."""
EXCEPTIONAL_FROM = 5.1
"""Both axes must reach this to be exceptional."""
BAND = (4.9, 5.1)
"""Levels strictly between these do not move an account that has been seen outside them."""


class Quadrant(StrEnum):
    """Where an account stands on the two axes."""

    POOR = "poor"
    PEOPLE_CARRIED = "people_carried"
    PRODUCT_CARRIED = "product_carried"
    EXCEPTIONAL = "exceptional"
    UNKNOWN = "unknown"


KNOWN = (
    Quadrant.POOR,
    Quadrant.PEOPLE_CARRIED,
    Quadrant.PRODUCT_CARRIED,
    Quadrant.EXCEPTIONAL,
)
"""The four quadrants, in the order of their codes 0 to 3 in the ``quadrant`` feature."""
POOR_CODE, PEOPLE_CARRIED_CODE, PRODUCT_CARRIED_CODE, EXCEPTIONAL_CODE = range(
    len(KNOWN)
)
HEIGHTS = (0, 1, 1, 2)
"""How far up each quadrant is, in the order of their codes: from poor to exceptional."""


def quadrant(product: float | None, people: float | None) -> Quadrant:
    """The quadrant of two settled axis levels; unknown where either is missing, never poor."""
    if product is None or people is None:
        return Quadrant.UNKNOWN
    if min(product, people) >= EXCEPTIONAL_FROM:
        return Quadrant.EXCEPTIONAL
    if max(product, people) < LOW_BELOW:
        return Quadrant.POOR
    return Quadrant.PEOPLE_CARRIED if people >= product else Quadrant.PRODUCT_CARRIED


def settled(levels: Sequence[float]) -> float | None:
    """The level that counts, of an axis's levels from the oldest to the newest; None where there are none.

    It is the newest level outside the band, else the newest: so noise at the cut does not look like a migration.
    """
    if not levels:
        return None
    return next((level for level in reversed(levels) if not in_band(level)), levels[-1])


def in_band(level: Any) -> Any:
    """Whether a level is too near the cut to move an account; of an array, whether each level is."""
    return (level > BAND[0]) & (level < BAND[1])


def of_code(code: float | None) -> Quadrant:
    """The quadrant of a code 0 to 3; unknown for a missing one (None or NaN)."""
    return Quadrant.UNKNOWN if code is None or code != code else KNOWN[int(code)]


def quadrant_code(product: Expression, people: Expression) -> Expression:
    """The rule of `quadrant` over columns, as a code 0 to 3, missing where unknown."""
    exceptional = (product >= EXCEPTIONAL_FROM) & (people >= EXCEPTIONAL_FROM)
    poor = (product < LOW_BELOW) & (people < LOW_BELOW)
    carried = case(people >= product, PEOPLE_CARRIED_CODE, PRODUCT_CARRIED_CODE)
    return case(
        product.known() & people.known(),
        case(exceptional, EXCEPTIONAL_CODE, case(poor, POOR_CODE, carried)),
    )
