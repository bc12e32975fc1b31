"""Tenure: how long the account has been with us; what keeps it is not what got it (S12)."""

from features.history import ACCOUNT, INTERACTION
from features.theme import Measure, Theme, largest, smallest

theme = Theme("tenure", title="How long with us", about="The age of the account.", seeds=("S12",))


@theme.feature(unit="days", says="with us for {value:.0f} days")
def days_since_opened() -> Measure:
    """Days since the account was opened."""
    return smallest(ACCOUNT, "age")


@theme.feature(unit="days", says="on record for {value:.0f} days")
def days_on_record() -> Measure:
    """Days since the first interaction on record: less than the tenure where the account is older than the records."""
    return largest(INTERACTION, "age")
