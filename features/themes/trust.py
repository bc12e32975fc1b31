"""Trust: promises and whether they were kept, notices given and apologies made (S14, S16, S20, S29).

A promise that nobody followed up is open, and once it is due it is overdue; open is not kept.
"""

from features.past.declaration import Theme
from features.past.matters import PROMISE
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    mean,
    share,
    smallest,
)
from features.past.row_sources import DEALING
from features.sayings import trust as said
from features.timeline.expression import Expression, of

theme = Theme(
    "trust",
    title="What we promised",
    about="Promises kept, broken and overdue; delays told in advance; apologies; requests declined.",
    seeds=("S14", "S29"),
)


def _made(window: int) -> Expression:
    """Condition: the promise was made in the last days."""
    return of.made_age < window


@theme.feature(
    windows=(365,),
    unit="promises",
)
def promises(window: int) -> Measure:
    """Promises made in the last {window} days."""
    return count(PROMISE, _made(window))


@theme.feature(windows=(365,), unit="share", bad="low", says=said.KEPT)
def promises_kept(window: int) -> Measure:
    """Share of the promises of the last {window} days, kept or broken, that were kept; once broken is broken."""
    return share(PROMISE, of.kept, _made(window) & ~of.pending)


@theme.feature(
    windows=(365,),
    unit="promises",
    bad="high",
    says="we broke {value:.0f} promises in {window} days",
)
def promises_broken(window: int) -> Measure:
    """Promises made in the last {window} days and broken."""
    return count(PROMISE, _made(window) & of.broken)


@theme.feature(
    unit="promises",
    bad="high",
    says=said.OVERDUE,
)
def promises_overdue() -> Measure:
    """Promises still open after they were due."""
    return count(PROMISE, of.pending & (of.days_past_due > 0))


@theme.feature(unit="days", bad="high", says=said.LONGEST_OVERDUE)
def longest_overdue() -> Measure:
    """Days that the oldest open promise is past its due date: a lower bound."""
    return largest(PROMISE, of.days_past_due, of.pending & (of.days_past_due > 0))


@theme.feature(unit="days", bad="either")
def freshest_overdue() -> Measure:
    """Days that the open promise which was due last is past its due date."""
    return smallest(PROMISE, of.days_past_due, of.pending & (of.days_past_due > 0))


@theme.feature(
    windows=(365,),
    unit="notices",
    bad="high",
    says="we had to announce {value:.0f} delays in {window} days",
    seeds=("S16",),
)
def delay_notices(window: int) -> Measure:
    """Delays told before the account found out, in the last {window} days."""
    return count(DEALING, kind("delay_notice"), window)


@theme.feature(
    windows=(365,),
    unit="apologies",
    bad="high",
    says="we had to apologise {value:times} in {window} days",
    seeds=("S16",),
)
def apologies(window: int) -> Measure:
    """Apologies in the last {window} days."""
    return count(DEALING, kind("apology"), window)


@theme.feature(
    windows=(180,),
    unit="requests",
    bad="high",
    says="we declined {value:.0f} requests in {window} days",
    seeds=("S20",),
)
def declined(window: int) -> Measure:
    """Requests declined in the last {window} days."""
    return count(DEALING, kind("request_declined"), window)


@theme.feature(
    windows=(180,),
    unit="options",
    bad="low",
    says=said.OPTIONS_OFFERED,
    seeds=("S20",),
)
def options_offered(window: int) -> Measure:
    """Other ways offered to what was asked for, in the last {window} days."""
    return count(DEALING, kind("option_offered"), window)


@theme.feature(
    windows=(365,),
    unit="requests",
    bad="high",
    says="asked {value:times} in {window} days for what we do not have",
    seeds=("S30",),
)
def unmet_requests(window: int) -> Measure:
    """Requests for an item or feature that we do not have, in the last {window} days."""
    return count(DEALING, kind("unmet_request"), window)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_SINCE_UNMET_REQUEST,
    seeds=("S30",),
)
def days_since_unmet_request() -> Measure:
    """Days since the last request for an item or feature that we do not have."""
    return days_since_last(DEALING, kind("unmet_request"))


@theme.feature(
    windows=(180,),
    unit="minutes",
    bad="high",
    says=said.MINUTES_LATE,
    seeds=("S14", "S33"),
)
def minutes_late(window: int) -> Measure:
    """Mean minutes that deliveries of the last {window} days came late."""
    return mean(DEALING, of.minutes, kind("delivery"), window)
