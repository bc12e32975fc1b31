"""Sayings: how we answered."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

SETTLED = (
    Saying(
        "none of their {matters_365d:.0f} matters of a year is settled",
        of.value.equals(0) & (of.matters_365d >= 2),
    ),
    Saying(
        "only {value:percent} of their {matters_365d:.0f} matters of a year are settled",
        (of.value < 0.8) & (of.matters_365d >= 3),
    ),
)

MATTERS = Saying(
    "raised {value:.0f} matters in {window} days; others {typical:.0f}",
    (of.value >= 2) & (of.typical >= 1),
)
LONGEST_OPEN_WAIT = Saying(
    "a matter of theirs has been open for {value:days}", of.value >= 2
)
HOURS_TO_ANSWER = Saying(
    "waits {value:hours} for a first answer; others {typical:hours}",
    (of.value >= 1.2 * of.typical) & (of.typical >= 0.1),
)
DAYS_TO_RESOLUTION = Saying(
    "their matters took {value:days} to settle; those of others {typical:days}",
    (of.value >= 1.2 * of.typical) & (of.typical >= 0.6),
)
FIRST_CONTACT_RESOLUTION = Saying(
    "only {value:percent} of their matters were settled at once; {typical:percent} of others'",
    (of.value > 0) & (of.matters_365d >= 3) & (of.typical - of.value >= 0.05),
)
HANDS_PER_MATTER = Saying(
    "each matter goes through {value:points} people; {typical:points} is typical",
    (of.value >= 2) & (of.matters_365d >= 3),
)
MINUTES_ON_HOLD = Saying(
    "was on hold for {value:minutes} in {window} days; others {typical:minutes}",
    (of.value >= 5) & (of.typical >= 1),
)
OPEN = (
    Saying("a matter is still open after {longest_open_wait:days}", of.value.equals(1)),
    Saying(
        "{value:.0f} matters are still open, the oldest for {longest_open_wait:days}"
    ),
)
