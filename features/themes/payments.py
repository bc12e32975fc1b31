"""Payments: whether the account pays, and in time; some leave without meaning to, because a payment failed."""

from features.past.declaration import Formula, Theme
from features.past.invoices import INVOICE
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    mean,
    share,
)
from features.past.row_sources import INTERACTION
from features.sayings import payments as said
from features.timeline.expression import of
from features.timeline.functions import case

theme = Theme(
    "payments",
    title="How they pay",
    about="Payments, those that failed, and invoices past due.",
    seeds=("S9",),
)


@theme.feature(windows=(90, 365), unit="payments", bad="low", says=said.PAYMENTS)
def payments(window: int) -> Measure:
    """Payments in the last {window} days."""
    return count(INTERACTION, kind("payment"), window)


@theme.feature(unit="days", bad="high", says=said.SINCE_PAYMENT)
def days_since_payment() -> Measure:
    """Days since the last payment."""
    return days_since_last(INTERACTION, kind("payment"))


@theme.feature(
    windows=(90, 365),
    unit="failures",
    bad="high",
    says="{value:.0f} payments failed in {window} days",
)
def payment_failures(window: int) -> Measure:
    """Payments that failed in the last {window} days."""
    return count(INTERACTION, kind("payment_failed"), window)


@theme.feature(unit="days", bad="low", says=said.SINCE_FAILED)
def days_since_payment_failed() -> Measure:
    """Days since a payment last failed."""
    return days_since_last(INTERACTION, kind("payment_failed"))


@theme.feature(unit="flag", bad="high", says=said.FAILED_OPEN)
def failed_payment_open() -> Formula:
    """Whether no payment followed the last one that failed; missing where none ever failed."""
    failed = of.days_since_payment_failed
    made_up_for = of.days_since_payment <= failed
    return Formula(case(failed.known(), case(made_up_for, 0, 1)))


@theme.feature(windows=(365,), unit="share", bad="high", says=said.LATE_SHARE)
def late_share(window: int) -> Measure:
    """Invoices late over those that were due in the last {window} days, or paid before; unpaid ones are late."""
    return share(INVOICE, of.late, of.told, window)


@theme.feature(windows=(365,), unit="days", bad="high", says=said.DAYS_LATE)
def mean_days_late(window: int) -> Measure:
    """Mean days past due of the invoices due in the last {window} days; of those not paid yet the days so far."""
    return mean(INVOICE, of.days_late, of.told, window)


@theme.feature(unit="invoices", bad="high", says=said.PAST_DUE)
def invoices_past_due() -> Measure:
    """Invoices that are past due and not paid."""
    return count(INVOICE, of.late & ~of.paid)


@theme.feature(unit="days", bad="high", says=said.LONGEST)
def longest_past_due() -> Measure:
    """Days past due, so far, of the oldest invoice that is not paid."""
    return largest(INVOICE, of.days_late, of.late & ~of.paid)
