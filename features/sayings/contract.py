"""Sayings: what was agreed."""

from __future__ import annotations

from features.past.saying import Saying, below_others
from features.timeline.expression import of

ENDS = (
    Saying("the contract ended {value:size} days ago", of.value < 0),
    Saying("the contract ends in {value:days}", (of.value >= 0) & (of.value <= 120)),
)

TERM_LENGTH = Saying(
    "the contract is for only {value:days}; those of others for {typical:days}",
    of.value <= 0.7 * of.typical,
)
DAYS_SINCE_FIRST_TERM = Saying(
    "is under contract for only {value:days}", of.value < 180
)
CONTRACT_VALUE = below_others(
    "the contract is worth {value:money} a year; those of others {typical:money}",
    "no contract runs; those of others are worth {typical:money} a year",
)
TERM_VALUE = Saying(
    "the contract is worth {value:money} a year; those of others {typical:money}",
    (of.value > 0) & (of.value <= 0.7 * of.typical),
)
RENEWAL_VALUE_RATIO = Saying(
    "the last renewal came to {value:percent} of the value before",
    (of.value > 0) & (of.value < 1),
)
RENEWAL_SEATS_RATIO = Saying(
    "the last renewal was for {value:percent} of the seats before",
    (of.value > 0) & (of.value < 1),
)
PLAN_CHANGED = Saying("took another plan at the last renewal", of.value.equals(1))
RENEWS_ITSELF = Saying("the contract does not renew itself", of.value.equals(0))
NOTICE_GIVEN = Saying("gave notice", of.value.equals(1))
USES = below_others(
    "used it {value:times} in {window} days; others {typical:times}",
    "has not used it in {window} days; others did {typical:times}",
    2,
)
USES_PER_SEAT = Saying(
    "used {value:points} times a seat in 30 days; others {typical:points}",
    (of.value > 0) & (of.value <= 0.7 * of.typical),
)
