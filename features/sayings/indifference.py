"""Sayings: silence and fading interest."""

from __future__ import annotations

from features.past.saying import Saying, below_others, below_usual
from features.timeline.expression import of
from features.timeline.functions import greatest, least

_LATELY = greatest(least(of.days_on_record, 180), 30) / 30
"""How many times 30 days there are of the last 180 days on record."""

SILENT = (
    Saying(
        "no sign of life for {value:days}; they usually come {usual:every}",
        (of.value >= 2) & (of.value >= 1.5 * of.usual) & (of.active_days >= 4),
        of.usual_gap,
    ),
    Saying("no sign of life for {value:days}", (of.value >= 21) & (of.active_days < 4)),
)
UNLIKELY = (
    Saying(
        "silent for {days_silent:days}; they usually come {usual_gap:every}",
        (of.value < 0.2) & (of.days_silent >= 2) & (of.days_silent > of.usual_gap),
    ),
    Saying("silent for {days_silent:days}", (of.value < 0.2) & of.usual_gap.missing()),
)


def activity(window: int) -> tuple[Saying, ...]:
    """Less activity than is usual for them; of a long window, than that of others."""
    seen = f"signs_of_life_{window}d"
    if window >= 180:
        return below_others(
            f"active {{{seen}:times}} in {{window}} days; others {{typical:times}}",
            "not active in {window} days; others {typical:times}",
            4,
        )
    usual = of.signs_of_life_180d * (window / 30) / _LATELY
    return below_usual(
        f"active {{{seen}:times}} in {window} days; {{usual:times}} is usual for them",
        f"not active in {window} days; {{usual:times}} is usual for them",
        usual,
        3,
        of[seen],
    )


def use(window: int) -> tuple[Saying, ...]:
    """Less use than is usual for them; of a long window, than that of others."""
    if window >= 180:
        return below_others(
            "used the product for {value:minutes} in {window} days; others {typical:minutes}",
            "has not used the product in {window} days; others did for {typical:minutes}",
            10,
        )
    return below_usual(
        f"used the product {{minutes_used_{window}d:minutes}} in {window} days; {{usual:minutes}} is usual for them",
        f"has not used the product in {window} days; {{usual:minutes}} is usual for them",
        of.minutes_used_180d * (window / 30) / _LATELY,
        10,
        of[f"minutes_used_{window}d"],
    )


def active_days(window: int) -> tuple[Saying, ...]:
    """Fewer active days than is usual for them; of a long window, than others have."""
    if window >= 90:
        return below_others(
            "active on {value:.0f} days in {window} days; others on {typical:.0f}",
            "active on no day in {window} days; others on {typical:.0f}",
            4,
        )
    return below_usual(
        f"active on {{value:.0f}} of {window} days; on {{usual:.0f}} usually",
        f"active on none of {window} days; on {{usual:.0f}} usually",
        of.days_active_90d
        * (window / 30)
        / greatest(least(of.days_on_record, 90) / 30, 1),
        2,
        of[f"days_active_{window}d"],
    )


USUAL_GAP = Saying(
    "comes only {value:every}; others {typical:every}",
    (of.value >= 1.3 * of.typical) & (of.active_days >= 4),
)
LAST_GAP = Saying(
    "their last pause was {value:days}; {usual:days} is usual for them",
    of.value >= 1.5 * of.usual,
    of.usual_gap,
)
SILENCE_OVER_RHYTHM = Saying(
    "silent for {days_silent:days}; they usually come {usual_gap:every}",
    (of.days_silent >= 1.5 * of.usual_gap) & (of.days_silent >= 2),
)
DAYS_UNHEARD = Saying("has not said a word for {value:days}", of.value >= 60)
HEARD = below_others(
    "said something {value:times} in {window} days; others {typical:times}",
    "has not said a word in {window} days; others {typical:times}",
    2,
)
MINUTES_PER_USE = Saying(
    "stays {value:minutes} each time they use it; others {typical:minutes}",
    (of.value > 0) & (of.value <= 0.8 * of.typical),
)
MINUTES_PER_USE_RATIO = Saying(
    "stays {minutes_per_use_30d:minutes} each time; {minutes_per_use_180d:minutes} is usual for them",
    (of.value <= 0.85) & (of.uses_30d >= 3),
)
OWN_SHARE = Saying(
    "only {value:percent} of contact comes from them; {typical:percent} from others",
    (of.value > 0) & (of.typical - of.value >= 0.1),
)
