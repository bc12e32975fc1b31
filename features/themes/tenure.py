"""Tenure: how long the account has been with us; what keeps it is not what got it (S12)."""

from features.past.declaration import Formula, Theme
from features.past.measure import Measure, days_since_first, smallest
from features.past.row_sources import ACCOUNT, INTERACTION
from features.sayings import tenure as said
from features.timeline.expression import of
from features.timeline.functions import greatest

theme = Theme(
    "tenure", title="How long with us", about="The age of the account.", seeds=("S12",)
)


@theme.feature(unit="days", bad="low", says=said.DAYS_SINCE_OPENED)
def days_since_opened() -> Measure:
    """Days since the account was opened."""
    return smallest(ACCOUNT, of.age)


@theme.feature(
    unit="days",
)
def days_on_record() -> Measure:
    """Days since the first interaction on record: less than the tenure where the account is older than the records."""
    return days_since_first(INTERACTION)


YOUNG_DAYS = 365


@theme.feature(unit="share", bad="high", says=said.YOUTH)
def youth() -> Formula:
    """How new the account is: 1 on the day of its opening, 0 after a year."""
    return Formula(greatest(1 - of.days_since_opened / YOUNG_DAYS, 0))


@theme.feature(
    unit="deviations",
)
def youth_activity() -> Formula:
    """The surprise in 30 days' activity, weighted by youth: what it says of an account may change with its age."""
    return Formula(of.youth * of.activity_surprise_30d)


@theme.feature(unit="points", bad="low", says=said.YOUTH_PRODUCT)
def youth_product() -> Formula:
    """Level of the product axis over 5, weighted by youth."""
    return Formula(of.youth * (of.product_level - 5))


@theme.feature(unit="points", bad="low", says=said.YOUTH_PEOPLE)
def youth_people() -> Formula:
    """Level of the people axis over 5, weighted by youth."""
    return Formula(of.youth * (of.people_level - 5))
