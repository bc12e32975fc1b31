"""Sayings: what they let us feel."""

from __future__ import annotations

from features.past.saying import Saying, below_others
from features.timeline.expression import of

_OFTEN = (of.heard_365d >= 3) & (of.heard_90d > 0)
TONE = (
    Saying(
        "wrote or called {heard_365d:times} in a year and sounds unhappy",
        (of.value <= -0.1) & _OFTEN,
    ),
    Saying(
        "wrote or called {heard_365d:times} in a year and sounds cooler than others",
        (of.typical - of.value >= 0.15) & _OFTEN,
    ),
)
WARNS = Saying("is unhappy enough to warn others about us", of.value < 0)

DAYS_SINCE_COMPLAINT = Saying("complained {value:ago}", of.value < 120)
COMPLIMENTS = below_others(
    "{value:.0f} compliments in {window} days; others gave {typical:.0f}",
    "no compliment in {window} days; others gave {typical:.0f}",
)
REFERRALS = below_others(
    "sent us {value:.0f} others in {window} days; {typical:.0f} is typical",
    "sent us nobody in {window} days; others sent {typical:.0f}",
)
ASKED = Saying(
    "asked {value:times} in {window} days; others {typical:times}",
    (of.typical >= 1) & (of.value >= 3) & (of.value >= 1.5 * of.typical),
)
TONE_CHANGE = Saying(
    "sounds less friendly in the last 2 months than before",
    (of.value <= -0.1) & (of.heard_90d >= 3),
)
LONGEST_EXCHANGE = Saying(
    "one matter took {value:.0f} messages back and forth", of.value >= 5
)
RECOMMEND_CLASS = Saying(
    "would not recommend us: {recommend_last:points} of 10", of.value < 0
)
CHECKLIST = Saying(
    "of product, promises, care and problem solving only {value:percent} is good",
    (of.value > 0) & (of.value <= 0.5),
)
