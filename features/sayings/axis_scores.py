"""Sayings: the scores of the product and the people."""

from __future__ import annotations

from features.past.saying import Saying
from features.quadrants import (
    LOW_BELOW,
    PEOPLE_CARRIED_CODE,
    POOR_CODE,
    PRODUCT_CARRIED_CODE,
)
from features.timeline.expression import Expression, of


def level(what: str) -> tuple[Saying, ...]:
    """The level of an axis is low, or below that of others."""
    low, below = of.value < LOW_BELOW, of.typical - of.value >= 0.5
    scored = f"scores {what} {{value:points}} of 10"
    return Saying(f"{scored}; others {{typical:points}}", below), Saying(scored, low)


def settled(what: str) -> Saying:
    """The settled level of an axis is low."""
    return Saying(
        f"has come to score {what} low: {{value:points}} of 10", of.value < LOW_BELOW
    )


def last(what: str) -> tuple[Saying, ...]:
    """The last score of an axis is low, or below that of others."""
    low, below = of.value < LOW_BELOW, of.typical - of.value >= 1
    scored = f"last scored {what} {{value:points}} of 10"
    return Saying(f"{scored}; others {{typical:points}}", below), Saying(scored, low)


def fall(what: str) -> Saying:
    """The last score of an axis is below the level before."""
    return Saying(
        f"their last score of {what} fell by {{value:size}}", of.value <= -0.5
    )


def trend(what: str, occasions: Expression) -> Saying:
    """The scores of an axis fall."""
    words = f"their scores of {what} fall by {{value:size}} a quarter"
    return Saying(words, (of.value <= -0.3) & (occasions >= 3))


def unscored(what: str) -> Saying:
    """An axis was not scored for long."""
    return Saying(f"has not scored {what} for {{value:days}}", of.value >= 180)


def item_low(what: str) -> Saying:
    """The last score of an item is low."""
    return Saying(f"gives us {{value:points}} of 10 for {what}", of.value < LOW_BELOW)


QUADRANTS = (
    Saying("scores both the product and our people low", of.value.equals(POOR_CODE)),
    Saying(
        "scores our people {people_settled:points} of 10, the product only {product_settled:points}",
        of.value.equals(PEOPLE_CARRIED_CODE),
    ),
    Saying(
        "scores the product {product_settled:points} of 10, our people only {people_settled:points}",
        of.value.equals(PRODUCT_CARRIED_CODE),
    ),
)

DAYS_SINCE_SURVEY = Saying("has answered no survey for {value:days}", of.value >= 180)
RECOMMEND_LAST = Saying("would not recommend us: {value:points} of 10", of.value < 7)
EASE_LAST = Saying(
    "finds us hard to deal with: {value:points} of 10 for ease", of.value < LOW_BELOW
)
