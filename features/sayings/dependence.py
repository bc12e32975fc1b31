"""Sayings: who holds them."""

from __future__ import annotations

from features.past.saying import Saying
from features.quadrants import EXCEPTIONAL_FROM
from features.timeline.expression import of

UNEVEN = (
    Saying(
        "scores our people {people_level:points} of 10, the product only {product_level:points}",
        (of.value >= 1) & (of.product_level < EXCEPTIONAL_FROM),
    ),
    Saying(
        "scores the product {product_level:points} of 10, our people only {people_level:points}",
        (of.value <= -1) & (of.people_level < EXCEPTIONAL_FROM),
    ),
)

MAIN_REP_SHARE = Saying(
    "{value:percent} of contact goes through one person of ours", of.value >= 0.6
)
REPS = Saying(
    "{value:.0f} people of ours served them in a year; {typical:.0f} is typical",
    (of.value >= 3) & (of.typical >= 1),
)
DAYS_SINCE_MAIN_REP_LEFT = Saying(
    "the person who served them most left {value:ago}", of.value < 365
)
DAYS_SINCE_REP_LEFT = Saying(
    "a person who served them left {value:ago}", of.value < 365
)
DAYS_WITH_REP = Saying(
    "the person who serves them has known them for only {value:days}", of.value < 120
)
REP_TENURE = Saying(
    "the person who serves them has been with us for only {value:days}", of.value < 240
)
DAYS_SINCE_HANDOVER = Saying(
    "was handed over to another person {value:ago}", of.value < 180
)
DAYS_SINCE_COMPETITOR = Saying(
    "a competitor entered their market {value:ago}", of.value < 365
)
STYLE_MATCH = Saying(
    "the person who serves them has another style than theirs", of.value.equals(0)
)
COMPETITORS = (
    Saying(
        "a competitor entered their market {days_since_competitor:ago}",
        of.value.equals(1) & (of.days_since_competitor < 180),
    ),
    Saying(
        "{value:.0f} competitors entered their market in {window} days",
        of.value >= 2,
    ),
)
