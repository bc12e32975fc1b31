"""Sayings: how they pay."""

from __future__ import annotations

from features.past.saying import Saying, below_others
from features.timeline.expression import of

PAYMENTS = below_others(
    "paid {value:times} in {window} days; others {typical:times}",
    "paid nothing in {window} days; others {typical:times}",
)
SINCE_PAYMENT = Saying("has not paid for {value:days}", of.value >= 45)
SINCE_FAILED = Saying("a payment failed {value:ago}", of.value < 120)
FAILED_OPEN = Saying(
    "a payment failed {days_since_payment_failed:ago} and was not made up for",
    of.value.equals(1),
)
LATE_SHARE = Saying(
    "paid {value:percent} of the invoices of a year late", of.value >= 0.1
)
DAYS_LATE = Saying("pays {value:days} late", of.value >= 2)
PAST_DUE = (
    Saying(
        "an invoice is past due for {longest_past_due:days}",
        of.value.equals(1) & (of.longest_past_due >= 1),
    ),
    Saying(
        "{value:.0f} invoices are past due, the oldest for {longest_past_due:days}",
        of.value >= 2,
    ),
)
LONGEST = Saying("an invoice is past due for {value:days}", of.value >= 1)
