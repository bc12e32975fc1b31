"""Sayings: how we cared."""

from __future__ import annotations

from features.past.saying import Saying, below_others, period
from features.timeline.expression import of


def replies(window: int) -> tuple[Saying, ...]:
    """Of our outreach they answered few, or none."""
    sent, got = f"outreaches_{window}d", f"replies_{window}d"
    several, few = of[sent] >= 3, of[got] < 0.5 * of[sent]
    return (
        Saying(
            f"answered none of our {{{sent}:.0f}} messages in {period(window)}",
            several & of[got].equals(0),
        ),
        Saying(
            f"answered {{{got}:.0f}} of our {{{sent}:.0f}} messages in {period(window)}",
            several & few,
        ),
    )


_SEVERAL = of.surveys_sent_365d >= 2
SURVEYS = (
    Saying(
        "answered none of our {surveys_sent_365d:.0f} surveys in a year",
        _SEVERAL & of.surveys_answered_365d.equals(0),
    ),
    Saying(
        "answered {surveys_answered_365d:.0f} of our {surveys_sent_365d:.0f} surveys in a year",
        _SEVERAL & (of.surveys_answered_365d < 0.5 * of.surveys_sent_365d),
    ),
)

OUTREACHES = below_others(
    "we reached out {value:times} in {window} days; others heard from us {typical:times}",
    "we have not reached out in {window} days; others heard from us {typical:times}",
)
DAYS_SINCE_OUTREACH = Saying("we have not reached out for {value:days}", of.value >= 30)
DAYS_TO_NEXT_TOUCH = Saying(
    "nothing is planned with them for another {value:days}", of.value >= 30
)
SURPRISES = below_others(
    "we surprised them {value:times} in {window} days; others {typical:times}",
    "no small surprise in {window} days; others had {typical:.0f}",
)
DAYS_SINCE_SURPRISE = Saying("the last small surprise was {value:ago}", of.value >= 180)
PROFILE_FILLED = Saying(
    "we know only {value:percent} of their profile", (of.value > 0) & (of.value < 0.5)
)
