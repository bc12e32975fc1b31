"""Tenure: how long the account has been with us; what keeps it is not what got it (S12)."""

from features.history import ACCOUNT
from features.theme import Measure, Theme, smallest

theme = Theme("tenure", title="How long with us", about="The age of the account.", seeds=("S12",))


@theme.feature(unit="days", says="with us for {value:.0f} days")
def days_since_opened() -> Measure:
    """Days since the account was opened."""
    return smallest(ACCOUNT, "age")
