"""Sayings: where an account has been on the index."""

from __future__ import annotations

from features.past.saying import Saying
from features.quadrants import PEOPLE_CARRIED_CODE, POOR_CODE, PRODUCT_CARRIED_CODE
from features.timeline.expression import of

SINCE = (
    Saying(
        "has scored both the product and our people low for {value:days}",
        of.quadrant.equals(POOR_CODE),
    ),
    Saying(
        "has scored the product low for {value:days}",
        of.quadrant.equals(PEOPLE_CARRIED_CODE),
    ),
    Saying(
        "has scored our people low for {value:days}",
        of.quadrant.equals(PRODUCT_CARRIED_CODE),
    ),
)

QUADRANT_MOVES = Saying(
    "their view of us changed {value:times} in {window} days", of.value >= 2
)
LAST_MOVE = Saying(
    "the last change in their view of us was for the worse", of.value < 0
)
