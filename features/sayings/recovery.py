"""Sayings: how we made good."""

from __future__ import annotations

from features.past.saying import Saying
from features.timeline.expression import of

SCORED_LESS = Saying(
    "scored us {score_after_failure_365d:points} after our last failure, {score_before_failure_365d:points} before",
    of.score_before_failure_365d - of.score_after_failure_365d >= 0.5,
)

DAYS_SINCE_FAILURE = Saying("we failed them {value:ago}", of.value < 120)
LONGEST_OPEN_FAILURE = Saying("a failure has been open for {value:days}", of.value >= 2)
NOT_FIXED = (
    Saying(
        "a failure of ours is not fixed after {longest_open_failure:days}",
        of.value.equals(1),
    ),
    Saying(
        "{value:.0f} failures are not fixed yet, the oldest after {longest_open_failure:days}"
    ),
)
