"""Value: what the account buys, how often, and where that is going (S9, S25)."""

from features.past.declaration import Formula, Theme
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    mean,
    relative_mean,
    share,
)
from features.past.money import CANCELLATION, PURCHASE, net_spending, of_spending
from features.past.row_sources import DEAL, SIGN, TIER
from features.sayings import value as said
from features.timeline.expression import of
from features.timeline.functions import case, greatest, least

theme = Theme(
    "value",
    title="What they buy",
    about="Purchases and their amounts, cancellations, and where they are going.",
    seeds=("S9", "S25"),
)


@theme.feature(
    windows=(30, 90, 180, 365),
    unit="purchases",
    bad="low",
    says=said.purchases,
)
def purchases(window: int) -> Measure:
    """Purchases in the last {window} days."""
    return count(DEAL, PURCHASE, window)


@theme.feature(
    unit="purchases",
)
def purchases_ever() -> Measure:
    """Purchases in all."""
    return count(DEAL, PURCHASE)


@theme.feature(unit="days", bad="high", says=said.ORDERS)
def days_since_purchase() -> Measure:
    """Days since the last purchase."""
    return days_since_last(DEAL, PURCHASE)


@theme.feature(windows=(90, 180, 365), unit="money", bad="low", says=said.spending)
def spent(window: int) -> Measure:
    """Net spending of the last {window} days: purchases less cancellations and credit notes.

    Missing where purchases are on record and none of them with an amount.
    """
    return net_spending(DEAL, window=window)


@theme.feature(
    unit="money",
)
def spent_ever() -> Measure:
    """Net spending in all: purchases less cancellations and credit notes."""
    return net_spending(DEAL)


@theme.feature(unit="money", bad="low", says=said.MEAN_PURCHASE)
def mean_purchase() -> Measure:
    """Mean amount of a purchase, of those whose amount is known."""
    return mean(DEAL, of.value, PURCHASE)


@theme.feature(
    unit="ratio",
    bad="low",
    says=said.PURCHASE_SIZE_RATIO,
)
def purchase_size_ratio() -> Measure:
    """Mean amount of a purchase in the last 90 days over that of all, of those whose amount is known."""
    return relative_mean(DEAL, of.value, PURCHASE, 90)


@theme.feature(unit="items", bad="low", says=said.ITEMS_PER_PURCHASE)
def items_per_purchase() -> Measure:
    """Mean items of a purchase, lines of its invoice, of those whose items are known."""
    return mean(DEAL, of.items, PURCHASE)


@theme.feature(
    unit="ratio",
    bad="low",
    says=said.ITEMS_RATIO,
)
def items_ratio() -> Measure:
    """Mean items of a purchase in the last 90 days over that of all, of those whose items are known."""
    return relative_mean(DEAL, of.items, PURCHASE, 90)


@theme.feature(unit="ratio", bad="low", says=said.spending(90))
def spending_ratio() -> Formula:
    """Net spending per day in the last 90 days over that of the last 365, or of all on record.

    Missing where that is nothing or below.
    """
    days = greatest(least(of.days_on_record, 365), 90)
    return Formula(of_spending(of.spent_90d / 90, of.spent_365d / days))


@theme.feature(
    windows=(90, 365),
    unit="cancellations",
    bad="high",
    says=said.CANCELLATIONS,
)
def cancellations(window: int) -> Measure:
    """Cancellations, goods sent back and credit notes in the last {window} days."""
    return count(DEAL, CANCELLATION, window)


@theme.feature(windows=(365,), unit="share", bad="high", says=said.CANCELLED_SHARE)
def cancelled_share(window: int) -> Measure:
    """Cancellations over purchases and cancellations, in the last {window} days."""
    return share(DEAL, CANCELLATION, PURCHASE | CANCELLATION, window)


@theme.feature(
    windows=(90, 365),
    unit="visits",
    bad="low",
    says=said.visits,
    seeds=("S9",),
)
def visits(window: int) -> Measure:
    """Visits in the last {window} days."""
    return count(SIGN, kind("visit"), window)


@theme.feature(unit="ratio", bad="low", says=said.BEFORE)
def spent_ratio() -> Formula:
    """Net spending of the last 90 days over that of the 90 days before; missing where that is nothing or below."""
    return Formula(of_spending(of.spent_90d, of.spent_180d - of.spent_90d))


@theme.feature(unit="flag", seeds=("S25",))
def key_account() -> Measure:
    """Whether the fact ``tier`` of the account is ``key``; missing where the book has no such fact."""
    return largest(TIER, of.is_key)


GROWTH = 1.5
"""An account that spends so many times what it spent half a year before is growing."""


@theme.feature(
    unit="code",
    seeds=("S25",),
)
def account_tier() -> Formula:
    """Tier: 0 key (the fact ``tier`` says so), 1 growth, 2 new (opened in the last 90 days), 3 other.

    Growing is to spend half as much again a day in the last 180 days as in those of the year before them, of which 90
    or more must be on record. Who is key by size is for the book to say: it takes the other accounts to know.
    """
    before = of.spent_365d - of.spent_180d
    days_before = least(of.days_on_record, 365) - 180
    more = of.spent_180d / 180 >= GROWTH * before / days_before
    growing = (of.days_on_record >= 270) & (before > 0) & more
    return Formula(
        case(
            of.key_account.equals(1),
            0,
            case(of.days_since_opened < 90, 2, case(growing, 1, 3)),
        )
    )
