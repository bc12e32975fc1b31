"""Sayings: how long they have been with us."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

DAYS_SINCE_OPENED = Saying("is new: with us for only {value:days}", of.value < 180)
YOUTH = Saying(
    "is new: with us for only {days_since_opened:days}", of.days_since_opened < 180
)
YOUTH_PRODUCT = Saying(
    "is new and scores the product {product_level:points} of 10",
    (of.value < 0) & (of.days_since_opened < 270),
)
YOUTH_PEOPLE = Saying(
    "is new and scores our people {people_level:points} of 10",
    (of.value < 0) & (of.days_since_opened < 270),
)
