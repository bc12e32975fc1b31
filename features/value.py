"""Value: what the account buys, how often, and where that is going (S9, S25)."""

from features.history import ACCOUNT, PURCHASE, SIGN
from features.theme import Formula, Measure, Theme, count, kind, largest, mean, share, smallest, total

theme = Theme(
    "value",
    title="What they buy",
    about="Purchases and their amounts, cancellations, and where they are going.",
    seeds=("S9", "S25"),
)

_PURCHASE = kind("purchase")
_CANCELLATION = kind("cancellation")


@theme.feature(windows=(30, 90, 180, 365), unit="purchases", says="{value:.0f} purchases in {window} days")
def purchases(window: int) -> Measure:
    """Purchases in the last {window} days."""
    return count(PURCHASE, _PURCHASE, window)


@theme.feature(unit="purchases", says="{value:.0f} purchases in all")
def purchases_ever() -> Measure:
    """Purchases in all."""
    return count(PURCHASE, _PURCHASE)


@theme.feature(unit="days", says="the last purchase is {value:.0f} days ago")
def days_since_purchase() -> Measure:
    """Days since the last purchase."""
    return smallest(PURCHASE, "age", _PURCHASE)


@theme.feature(windows=(90, 180, 365), unit="money", says="spent {value:,.0f} in {window} days")
def spent(window: int) -> Measure:
    """Amount of the purchases of the last {window} days."""
    return total(PURCHASE, "coalesce(value, 0)", _PURCHASE, window)


@theme.feature(unit="money", says="spent {value:,.0f} in all")
def spent_ever() -> Measure:
    """Amount of all purchases."""
    return total(PURCHASE, "coalesce(value, 0)", _PURCHASE)


@theme.feature(unit="money", says="spends {value:,.0f} a purchase")
def mean_purchase() -> Measure:
    """Mean amount of a purchase."""
    return mean(PURCHASE, "value", _PURCHASE)


@theme.feature(unit="ratio", says="a purchase of the last quarter is {value:.0%} of their usual one")
def purchase_size_ratio() -> Formula:
    """Mean amount of a purchase in the last 90 days over that of all."""
    return Formula("(spent_90d / nullif(purchases_90d, 0)) / nullif(mean_purchase, 0)")


@theme.feature(unit="ratio", says="spending of the last quarter is {value:.0%} of the usual")
def spending_ratio() -> Formula:
    """Amount per day in the last 90 days over that of the last 365, or of all on record."""
    days = "greatest(least(days_on_record, 365e0), 90e0)"
    return Formula(f"(spent_90d / 90e0) / nullif(spent_365d / {days}, 0)")


@theme.feature(windows=(90, 365), unit="cancellations", says="{value:.0f} cancellations in {window} days")
def cancellations(window: int) -> Measure:
    """Cancellations and goods sent back in the last {window} days."""
    return count(PURCHASE, _CANCELLATION, window)


@theme.feature(windows=(365,), unit="share", says="{value:.0%} of orders were cancelled")
def cancelled_share(window: int) -> Measure:
    """Cancellations over purchases and cancellations, in the last {window} days."""
    return share(PURCHASE, _CANCELLATION, kind("purchase", "cancellation"), window)


@theme.feature(windows=(90, 365), unit="visits", says="came by {value:.0f} times in {window} days", seeds=("S9",))
def visits(window: int) -> Measure:
    """Visits in the last {window} days."""
    return count(SIGN, kind("visit"), window)


@theme.feature(unit="ratio", says="spent {value:.0%} of the quarter before")
def spent_ratio() -> Formula:
    """Amount spent in the last 90 days over that of the 90 days before; missing where that is nothing."""
    return Formula("spent_90d / nullif(spent_180d - spent_90d, 0)")


@theme.feature(unit="flag", says="is a key account: {value:.0f}", seeds=("S25",))
def key_account() -> Measure:
    """Whether the fact ``tier`` of the account is ``key``; missing where the book has no such fact."""
    return largest(ACCOUNT, "case when lower(tier) = 'key' then 1e0 when tier is not null then 0e0 end")


GROWTH = 1.5
"""An account that spends so many times what it spent half a year before is growing."""


@theme.feature(unit="code", says="is of tier {value:.0f}: 0 is key, 1 growth, 2 new, 3 other", seeds=("S25",))
def account_tier() -> Formula:
    """Tier: 0 key (the fact ``tier`` says so), 1 growth, 2 new (opened in the last 90 days), 3 other.

    Growing is to spend half as much again a day in the last 180 days as in those of the year before them, of which 90
    or more must be on record. Who is key by size is for the book to say: it takes the other accounts to know.
    """
    before, days_before = "(spent_365d - spent_180d)", "(least(days_on_record, 365e0) - 180e0)"
    more = f"spent_180d / 180e0 >= {GROWTH}e0 * {before} / {days_before}"
    growing = f"days_on_record >= 270 and {before} > 0 and {more}"
    return Formula(
        f"case when key_account = 1 then 0e0 when days_since_opened < 90 then 2e0 when {growing} then 1e0 else 3e0 end"
    )
