"""Responsiveness: how fast and how well we dealt with what the account waited for (S8, S15, S24).

Matters and what is open of them are those of `features.past.matters`.
"""

from features.past.declaration import Theme
from features.past.matters import MATTER
from features.past.measure import (
    Measure,
    count,
    kind,
    largest,
    mean,
    share,
    smallest,
    total,
)
from features.past.row_sources import DEALING
from features.sayings import responsiveness as said
from features.timeline.expression import Expression, of

theme = Theme(
    "responsiveness",
    title="How we answered",
    about="Time to the first answer and to the resolution of matters, what is still open, and how many hands it took.",
    seeds=("S8", "S15", "S24"),
)


def _opened(window: int) -> Expression:
    """Condition: the matter was opened in the last days."""
    return of.opened_age < window


@theme.feature(
    windows=(30, 90, 365),
    unit="matters",
    bad="high",
    says=said.MATTERS,
)
def matters(window: int) -> Measure:
    """Matters opened in the last {window} days."""
    return count(MATTER, _opened(window))


@theme.feature(
    unit="matters",
    bad="high",
    says=said.OPEN,
)
def matters_open() -> Measure:
    """Matters not settled yet."""
    return count(MATTER, ~of.settled)


@theme.feature(unit="days", bad="high", says=said.LONGEST_OPEN_WAIT)
def longest_open_wait() -> Measure:
    """Days that the oldest open matter has been waiting: a lower bound of its duration."""
    return largest(MATTER, of.opened_age, ~of.settled)


@theme.feature(unit="days", bad="either")
def freshest_open_wait() -> Measure:
    """Days since the last word on the open matter, no failure, that was spoken of last."""
    return smallest(MATTER, of.silent_for, ~of.settled & ~of.failed)


@theme.feature(windows=(90, 365), unit="hours", bad="high", says=said.HOURS_TO_ANSWER)
def hours_to_answer(window: int) -> Measure:
    """Mean hours to the first answer, of matters of the last {window} days that have one."""
    return mean(MATTER, of.hours_to_answer, _opened(window))


@theme.feature(windows=(90, 365), unit="days", bad="high", says=said.DAYS_TO_RESOLUTION)
def days_to_resolution(window: int) -> Measure:
    """Mean days to resolution, of settled matters of the last {window} days."""
    return mean(MATTER, of.days_to_settle, _opened(window))


@theme.feature(windows=(365,), unit="share", bad="low", says=said.SETTLED)
def resolution_rate(window: int) -> Measure:
    """Share of the matters of the last {window} days that are settled."""
    return share(MATTER, of.settled, _opened(window))


@theme.feature(
    windows=(365,),
    unit="share",
    bad="low",
    says=said.FIRST_CONTACT_RESOLUTION,
)
def first_contact_resolution(window: int) -> Measure:
    """Share of the settled matters of the last {window} days that took one answer and were not asked about again.

    An answer and a later settlement are one; what passes within our house is none.
    """
    return share(MATTER, of.first_contact, _opened(window) & of.settled)


@theme.feature(
    windows=(365,),
    unit="reopens",
    bad="high",
    says="came back {value:times} in {window} days on matters that we thought settled",
)
def reopens(window: int) -> Measure:
    """Times that matters of the last {window} days were reopened after they were settled."""
    return total(MATTER, of.reopens, _opened(window))


@theme.feature(windows=(365,), unit="reps", bad="high", says=said.HANDS_PER_MATTER)
def hands_per_matter(window: int) -> Measure:
    """Mean number of reps that touched a matter of the last {window} days."""
    return mean(MATTER, of.hands, _opened(window))


@theme.feature(windows=(365,), unit="minutes", bad="high", says=said.MINUTES_ON_HOLD)
def minutes_on_hold(window: int) -> Measure:
    """Minutes on hold in the last {window} days."""
    return total(DEALING, of.minutes.otherwise(0), kind("hold"), window)
