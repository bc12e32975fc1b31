"""Contract: what was agreed, until when, and how it changed from one term to the next."""

from features.past.declaration import Formula, Theme
from features.past.measure import (
    Measure,
    amount,
    count,
    kind,
    largest,
    smallest,
)
from features.past.row_sources import SIGN
from features.past.terms import STEP, TERM
from features.sayings import contract as said
from features.timeline.expression import of

theme = Theme(
    "contract",
    title="What was agreed",
    about="Terms of contracts as they were known at the as-of date. The last term is the last one that has begun.",
    seeds=("S9",),
)

_LAST = of.current.named("last begun")


@theme.feature(unit="days", bad="low", says=said.ENDS)
def days_to_term_end() -> Measure:
    """Days to the end of the last term, below 0 once it is over; missing where it has none.

    A term that renews itself runs on by its own length, to the next of its ends.
    """
    return smallest(TERM, of.days_left, _LAST)


@theme.feature(unit="days", bad="low", says=said.TERM_LENGTH)
def term_length() -> Measure:
    """Days from the beginning of the last term to its end."""
    return largest(TERM, of.length, _LAST)


@theme.feature(
    unit="terms",
)
def terms_begun() -> Measure:
    """Terms that have begun."""
    return count(TERM, of.begun)


@theme.feature(
    unit="terms",
)
def terms_to_come() -> Measure:
    """Terms that are signed and have not begun."""
    return count(TERM, of.upcoming)


@theme.feature(unit="days", bad="low", says=said.DAYS_SINCE_FIRST_TERM)
def days_since_first_term() -> Measure:
    """Days since the first term began."""
    return largest(TERM, of.age, of.begun)


@theme.feature(unit="money", bad="low", says=said.CONTRACT_VALUE)
def contract_value() -> Measure:
    """Value per year of all terms that run, those beside each other added up; 0 where none runs.

    Missing where no running term says its value.
    """
    return amount(TERM, of.value, of.pays)


@theme.feature(unit="money", bad="low", says=said.TERM_VALUE)
def term_value() -> Measure:
    """Value per year of the last term."""
    return largest(TERM, of.value, _LAST)


@theme.feature(
    unit="money",
)
def value_before_renewal() -> Measure:
    """Value per year of the term before the last one."""
    return largest(TERM, of.value_before, _LAST)


@theme.feature(unit="ratio", bad="low", says=said.RENEWAL_VALUE_RATIO)
def renewal_value_ratio() -> Formula:
    """Value per year of the last term over that of the term before; missing where that was nothing."""
    return Formula(of.term_value / of.value_before_renewal)


@theme.feature(
    unit="seats",
)
def seats_bought() -> Measure:
    """Seats of the last term."""
    return largest(TERM, of.seats, _LAST)


@theme.feature(
    unit="seats",
)
def seats_before_renewal() -> Measure:
    """Seats of the term before the last one."""
    return largest(TERM, of.seats_before, _LAST)


@theme.feature(unit="ratio", bad="low", says=said.RENEWAL_SEATS_RATIO)
def renewal_seats_ratio() -> Formula:
    """Seats of the last term over those of the term before; missing where those were none."""
    return Formula(of.seats_bought / of.seats_before_renewal)


_ROSE = (of.value > of.value_before) | (
    ~(of.value < of.value_before) & (of.seats > of.seats_before)
)
_FELL = (of.value < of.value_before) | (
    ~(of.value > of.value_before) & (of.seats < of.seats_before)
)


@theme.feature(
    windows=(365,),
    unit="upgrades",
)
def upgrades(window: int) -> Measure:
    """Renewals and changes of a term in the last {window} days that raised its value, or its seats for no less."""
    return count(STEP, _ROSE, window)


@theme.feature(
    windows=(365,),
    unit="downgrades",
    bad="high",
    says="reduced the contract {value:times} in {window} days",
)
def downgrades(window: int) -> Measure:
    """Renewals and changes of a term in the last {window} days that lowered its value, or its seats for no more."""
    return count(STEP, _FELL, window)


@theme.feature(unit="flag", bad="high", says=said.PLAN_CHANGED)
def plan_changed() -> Measure:
    """Whether the last term is of another plan than the term before; missing where either says none."""
    return largest(TERM, of.plan_changed, _LAST)


@theme.feature(unit="flag", bad="low", says=said.RENEWS_ITSELF)
def renews_itself() -> Measure:
    """Whether the last term renews itself unless somebody says no."""
    return largest(TERM, of.renews, _LAST)


@theme.feature(unit="flag", bad="high", says=said.NOTICE_GIVEN)
def notice_given() -> Measure:
    """Whether the last term was said not to renew itself any more, or its end was brought forward."""
    return largest(TERM, of.notice, _LAST)


@theme.feature(windows=(30,), unit="uses", bad="low", says=said.USES)
def uses(window: int) -> Measure:
    """Uses in the last {window} days."""
    return count(SIGN, kind("use"), window)


@theme.feature(unit="uses a seat", bad="low", says=said.USES_PER_SEAT)
def uses_per_seat() -> Formula:
    """Uses of the last 30 days over the seats bought; which seats were used no row of ``use`` says."""
    return Formula(of.uses_30d / of.seats_bought)
