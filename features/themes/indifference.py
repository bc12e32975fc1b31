"""Indifference: how unlikely this silence is, given the account's own rhythm (S11, S32).

The rhythm comes from *active days*, the days with a sign of life: the gaps between them are what is usual for this
account, and the silence since the last is set against them.
"""

from features.past.active_days import ACTIVE_DAY, CHANNEL
from features.past.declaration import Formula, Theme
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    extent,
    kind,
    largest,
    latest,
    mean,
    share,
    spread,
    total,
)
from features.past.row_sources import (
    DEALING,
    INTERACTION,
    SIGN,
)
from features.sayings import indifference as said
from features.timeline.expression import of
from features.timeline.functions import case, greatest, least, root
from features.vocabulary.kinds import OF_PAYMENTS

theme = Theme(
    "indifference",
    title="Gone quiet",
    about="Silence against the account's own rhythm, and interest that fades.",
    seeds=("S32",),
)

PRIOR_GAPS, PRIOR_DAYS = 0.5, 30.0
"""What is assumed of an account's rhythm before it is seen: half a gap in 30 days."""

CHANNEL_WINDOWS = (30, 180)


_HEARD = kind(
    "question", "request", "complaint", "compliment", "reopen", "unmet_request", "reply"
)


@theme.feature(unit="days", bad="high", says=said.SILENT)
def days_silent() -> Measure:
    """Days since the last sign of life."""
    return days_since_last(SIGN)


@theme.feature(unit="days", bad="high", says=said.USUAL_GAP)
def usual_gap() -> Measure:
    """Mean days between active days."""
    return mean(ACTIVE_DAY, of.gap)


@theme.feature(
    unit="days",
)
def gap_spread() -> Measure:
    """Standard deviation of the days between active days."""
    return spread(ACTIVE_DAY, of.gap)


@theme.feature(
    unit="days",
)
def longest_gap() -> Measure:
    """The longest gap between active days so far."""
    return largest(ACTIVE_DAY, of.gap)


@theme.feature(unit="days", bad="high", says=said.LAST_GAP)
def last_gap() -> Measure:
    """Days between the last two active days."""
    return latest(ACTIVE_DAY, of.gap)


@theme.feature(
    unit="days",
)
def active_span() -> Measure:
    """Days from the first active day to the last."""
    return extent(ACTIVE_DAY, of.day)


@theme.feature(unit="ratio", bad="high", says=said.SILENCE_OVER_RHYTHM)
def silence_over_rhythm() -> Formula:
    """Silence over the usual gap between active days."""
    return Formula(of.days_silent / of.usual_gap)


@theme.feature(
    unit="probability",
    bad="low",
    says=said.UNLIKELY,
)
def silence_chance() -> Formula:
    """Chance of a silence this long in the account's own rhythm.

    With n gaps over a span of T days, the chance of none in s days is ((T + b) / (T + b + s))^(n + a): exponential gaps
    whose rate is known as well as the account's history tells it, from a prior of a gaps in b days.
    """
    span = of.active_span + PRIOR_DAYS
    gaps = greatest(of.active_days - 1, 0) + PRIOR_GAPS
    return Formula((span / (span + of.days_silent)) ** gaps)


@theme.feature(
    unit="days",
)
def active_days() -> Measure:
    """Active days in all."""
    return count(ACTIVE_DAY)


@theme.feature(
    windows=(7, 14, 30, 60, 90, 180, 365),
    unit="signs",
    bad="low",
    says=said.activity,
)
def signs_of_life(window: int) -> Measure:
    """Signs of life in the last {window} days."""
    return count(SIGN, window=window)


@theme.feature(unit="ratio", bad="low", says=said.activity(30))
def activity_ratio() -> Formula:
    """Signs of life per day in the last 30 days over those of the last 180, or of all on record."""
    days = greatest(least(of.days_on_record, 180), 30)
    return Formula((of.signs_of_life_30d / 30) / (of.signs_of_life_180d / days))


@theme.feature(
    windows=(14, 30, 60),
    unit="deviations",
    bad="low",
    says=said.activity,
)
def activity_surprise(window: int) -> Formula:
    """Signs of life in the last {window} days less those expected, in standard deviations of a Poisson count.

    What is expected is the account's own rate in the rest of the last 365 days.
    """
    seen = of[f"signs_of_life_{window}d"]
    rest = of.signs_of_life_365d - seen
    expected = rest * window / greatest(least(of.days_on_record, 365) - window, window)
    return Formula(
        case(of.days_on_record.known(), (seen - expected) / root(expected + 1))
    )


@theme.feature(
    windows=CHANNEL_WINDOWS,
    unit="channels",
)
def channels(window: int) -> Measure:
    """Different channels, or parts of the product, used in the last {window} days."""
    return count(CHANNEL, window=window)


@theme.feature(unit="days", bad="high", says=said.DAYS_UNHEARD)
def days_unheard() -> Measure:
    """Days since the account last said anything, good or bad."""
    return days_since_last(DEALING, _HEARD)


@theme.feature(
    windows=(90, 365),
    unit="words",
    bad="low",
    says=said.HEARD,
)
def heard(window: int) -> Measure:
    """Times the account said something, good or bad, in the last {window} days."""
    return count(DEALING, _HEARD, window)


@theme.feature(
    windows=(30, 180),
    unit="minutes",
    bad="low",
    says=said.use,
)
def minutes_used(window: int) -> Measure:
    """Minutes of use in the last {window} days."""
    return total(SIGN, of.minutes.otherwise(0), kind("use"), window)


@theme.feature(unit="ratio", bad="low", says=said.use(30))
def use_ratio() -> Formula:
    """Minutes of use per day in the last 30 days over those of the last 180, or of all on record."""
    days = greatest(least(of.days_on_record, 180), 30)
    return Formula((of.minutes_used_30d / 30) / (of.minutes_used_180d / days))


@theme.feature(windows=(30, 180), unit="minutes", bad="low", says=said.MINUTES_PER_USE)
def minutes_per_use(window: int) -> Measure:
    """Mean minutes of a use in the last {window} days."""
    return mean(SIGN, of.minutes, kind("use"), window)


@theme.feature(unit="ratio", bad="low", says=said.MINUTES_PER_USE_RATIO)
def minutes_per_use_ratio() -> Formula:
    """Mean minutes of a use in the last 30 days over that of the last 180."""
    return Formula(of.minutes_per_use_30d / of.minutes_per_use_180d)


@theme.feature(windows=(7, 30, 90), unit="days", bad="low", says=said.active_days)
def days_active(window: int) -> Measure:
    """Active days in the last {window} days."""
    return count(ACTIVE_DAY, window=window)


@theme.feature(
    windows=(365,),
    unit="share",
    bad="low",
    says=said.OWN_SHARE,
    seeds=("S32",),
)
def own_share(window: int) -> Measure:
    """Share of the interactions of the last {window} days, but for payments, that are signs of life."""
    contact = ~kind(*OF_PAYMENTS)
    return share(INTERACTION, of.sign_of_life, contact, window)
