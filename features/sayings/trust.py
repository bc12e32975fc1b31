"""Sayings: promises."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

_SEVERAL = of.promises_365d >= 3
KEPT = (
    Saying("we kept none of our promises of a year", of.value.equals(0) & _SEVERAL),
    Saying(
        "we kept only {value:percent} of our promises of a year",
        (of.value < 0.9) & _SEVERAL,
    ),
)

LONGEST_OVERDUE = Saying("a promise is overdue by {value:days}", of.value >= 1)
OPTIONS_OFFERED = Saying(
    "we declined {declined_180d:.0f} requests and offered no other way",
    of.value.equals(0) & (of.declined_180d > 0),
)
DAYS_SINCE_UNMET_REQUEST = Saying(
    "asked {value:ago} for what we do not have", of.value < 180
)
MINUTES_LATE = (
    Saying(
        "deliveries came {value:minutes} late", (of.value >= 5) & ~(of.typical >= 1)
    ),
    Saying(
        "deliveries came {value:minutes} late; to others {typical:minutes}",
        (of.value >= 5) & (of.value > of.typical),
    ),
)
OVERDUE = (
    Saying("a promise is overdue by {longest_overdue:days}", of.value.equals(1)),
    Saying("{value:.0f} promises are overdue, the oldest by {longest_overdue:days}"),
)
