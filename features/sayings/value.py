"""Sayings: what they buy."""

from __future__ import annotations

from features.past.saying import Saying, below_others, below_usual, period
from features.timeline.expression import Expression, of
from features.timeline.functions import greatest, least


def _usually(name: str, window: int) -> Expression:
    """What is usual for the account in so many days, by the last year on record."""
    return of[f"{name}_365d"] * window / greatest(least(of.days_on_record, 365), window)


def purchases(window: int) -> tuple[Saying, ...]:
    """Fewer purchases than is usual for them; of a year, than others make."""
    if window >= 365:
        return below_others(
            "bought {value:times} in {window} days; others {typical:times}",
            "has bought nothing in {window} days; others bought {typical:times}",
            2,
        )
    return below_usual(
        "bought {value:times} in {window} days; {usual:times} is usual for them",
        "has bought nothing in {window} days; {usual:times} is usual for them",
        _usually("purchases", window),
    )


def spending(window: int) -> tuple[Saying, ...]:
    """Less spending than is usual for them; of a year, than that of others."""
    if window >= 365:
        return below_others(
            "spent {value:money} in {window} days; others {typical:money}",
            "spent nothing in {window} days; others {typical:money}",
        )
    days = period(window)
    return below_usual(
        f"spent {{spent_{window}d:money}} in {days}; {{usual:money}} is usual for them",
        f"spent nothing in {days}; {{usual:money}} is usual for them",
        _usually("spent", window),
        1,
        of[f"spent_{window}d"],
    )


def visits(window: int) -> tuple[Saying, ...]:
    """Fewer visits than is usual for them; of a year, than others make."""
    if window >= 365:
        return below_others(
            "came by {value:times} in {window} days; others {typical:times}",
            "has not come by in {window} days; others did {typical:times}",
            2,
        )
    return below_usual(
        "came by {value:times} in {window} days; {usual:times} is usual for them",
        "has not come by in {window} days; {usual:times} is usual for them",
        _usually("visits", window),
    )


BEFORE = below_usual(
    "spent {spent_90d:money} in 3 months, {usual:money} in the 3 months before",
    "spent nothing in 3 months, {usual:money} in the 3 months before",
    of.spent_180d - of.spent_90d,
    1,
    of["spent_90d"],
)
ORDERS = (
    Saying(
        "no order for {value:days}; they usually order {usual:every}",
        (of.value >= 1.5 * of.usual) & (of.value >= 7) & (of.purchases_ever >= 4),
        (of.days_since_opened - of.value) / (of.purchases_ever - 1),
    ),
    Saying("no order for {value:days}", (of.value >= 60) & (of.purchases_ever < 4)),
)

MEAN_PURCHASE = Saying(
    "an order of theirs comes to {value:money}; those of others to {typical:money}",
    (of.value > 0) & (of.value <= 0.8 * of.typical),
)
PURCHASE_SIZE_RATIO = Saying(
    "orders of the last 3 months are {value:percent} of their usual size",
    (of.value > 0) & (of.value <= 0.8) & (of.purchases_90d >= 2),
)
ITEMS_PER_PURCHASE = Saying(
    "buys {value:points} items at a time; others {typical:points}",
    (of.value > 0) & (of.value <= 0.8 * of.typical),
)
ITEMS_RATIO = Saying(
    "orders of the last 3 months have {value:percent} of their usual items",
    (of.value > 0) & (of.value <= 0.8) & (of.purchases_90d >= 2),
)
CANCELLED_SHARE = Saying(
    "cancelled or sent back {value:percent} of what they ordered",
    of.cancellations_365d >= 2,
)
CANCELLATIONS = Saying(
    "cancelled or sent back {value:times} in {window} days",
    (of.value >= 2) | (of.cancellations_90d >= 1),
)
