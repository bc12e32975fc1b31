"""Indifference: how unlikely this silence is, given the account's own rhythm (S11, S32).

The rhythm comes from *active days*, the days with a sign of life: the gaps between them are what is usual for this
account, and the silence since the last is set against them.
"""

from features.engine import MICROS_PER_DAY
from features.history import DEALING, INTERACTION, SIGN, Source
from features.theme import (
    Formula,
    Measure,
    Theme,
    count,
    kind,
    largest,
    latest,
    mean,
    share,
    smallest,
    spread,
    total,
)

theme = Theme(
    "indifference",
    title="Gone quiet",
    about="Silence against the account's own rhythm, and interest that fades.",
    seeds=("S32",),
)

SIGN_OF_LIFE = "sign_of_life"

PRIOR_GAPS, PRIOR_DAYS = 0.5, 30.0
"""What is assumed of an account's rhythm before it is seen: half a gap in 30 days."""

CHANNEL_WINDOWS = (30, 180)

ACTIVE_DAY = Source(
    "active_day",
    f"""select pair, day, age, gap from (
            select pair, day, age,
                lag(day) over (partition by pair order by occurred_us desc) - day as gap
            from (select *, cast(floor(occurred_us / {MICROS_PER_DAY}e0) as bigint) as day from {{sign}}) as signs
        ) as followed where gap is null or gap > 0""",
    reads=(SIGN,),
)
"""A day with a sign of life, as its last sign shows it; ``gap`` is the days to the next one, missing for the newest."""

CHANNEL = Source(
    "channel_used",
    f"""select pair, channel, min(age) as age from {{sign}}
        where channel is not null and age < {max(CHANNEL_WINDOWS)} group by pair, channel""",
    reads=(SIGN,),
)

_HEARD = kind("question", "request", "complaint", "compliment", "reopen", "unmet_request", "reply")


@theme.feature(unit="days", says="no sign of life for {value:.0f} days")
def days_silent() -> Measure:
    """Days since the last sign of life."""
    return smallest(SIGN, "age")


@theme.feature(unit="days", says="usually heard from every {value:.0f} days")
def usual_gap() -> Measure:
    """Mean days between active days."""
    return mean(ACTIVE_DAY, "gap")


@theme.feature(unit="days", says="gaps between active days vary by {value:.0f} days")
def gap_spread() -> Measure:
    """Standard deviation of the days between active days."""
    return spread(ACTIVE_DAY, "gap")


@theme.feature(unit="days", says="was once silent for {value:.0f} days and came back")
def longest_gap() -> Measure:
    """The longest gap between active days so far."""
    return largest(ACTIVE_DAY, "gap")


@theme.feature(unit="days", says="the last gap was {value:.0f} days")
def last_gap() -> Measure:
    """Days between the last two active days."""
    return latest(ACTIVE_DAY, "gap", by="day")


@theme.feature(unit="days", says="was active over a span of {value:.0f} days")
def active_span() -> Measure:
    """Days from the first active day to the last."""
    return Measure(ACTIVE_DAY, "max(day) - min(day)")


@theme.feature(unit="ratio", says="silent for {value:.1f} times their usual gap")
def silence_over_rhythm() -> Formula:
    """Silence over the usual gap between active days."""
    return Formula("days_silent / nullif(usual_gap, 0)")


@theme.feature(unit="probability", says="a silence this long has a chance of {value:.0%} in their rhythm")
def silence_chance() -> Formula:
    """Chance of a silence this long in the account's own rhythm.

    With n gaps over a span of T days, the chance of none in s days is ((T + b) / (T + b + s))^(n + a): exponential gaps
    whose rate is known as well as the account's history tells it, from a prior of a gaps in b days.
    """
    span = f"(active_span + {PRIOR_DAYS}e0)"
    return Formula(f"power({span} / ({span} + days_silent), greatest(active_days - 1, 0) + {PRIOR_GAPS}e0)")


@theme.feature(unit="days", says="{value:.0f} active days in all")
def active_days() -> Measure:
    """Active days in all."""
    return count(ACTIVE_DAY)


@theme.feature(windows=(7, 14, 30, 60, 90, 180, 365), unit="signs", says="{value:.0f} signs of life in {window} days")
def signs_of_life(window: int) -> Measure:
    """Signs of life in the last {window} days."""
    return count(SIGN, window=window)


@theme.feature(unit="ratio", says="activity of the last month is {value:.0%} of what is usual")
def activity_ratio() -> Formula:
    """Signs of life per day in the last 30 days over those of the last 180, or of all on record."""
    days = "greatest(least(days_on_record, 180e0), 30e0)"
    return Formula(f"(signs_of_life_30d / 30e0) / nullif(signs_of_life_180d / {days}, 0)")


@theme.feature(
    windows=(14, 30, 60), unit="deviations", says="activity of {window} days is {value:+.1f} deviations off their usual"
)
def activity_surprise(window: int) -> Formula:
    """Signs of life in the last {window} days less those expected, in standard deviations of a Poisson count.

    What is expected is the account's own rate in the rest of the last 365 days.
    """
    rest = f"(signs_of_life_365d - signs_of_life_{window}d)"
    expected = f"({rest} * {window}e0 / greatest(least(days_on_record, 365e0) - {window}e0, {window}e0))"
    surprise = f"(signs_of_life_{window}d - {expected}) / sqrt({expected} + 1e0)"
    return Formula(f"case when days_on_record is not null then {surprise} end")


@theme.feature(windows=CHANNEL_WINDOWS, unit="channels", says="uses {value:.0f} ways to reach us in {window} days")
def channels(window: int) -> Measure:
    """Different channels, or parts of the product, used in the last {window} days."""
    return count(CHANNEL, window=window)


@theme.feature(unit="days", says="has not said a word for {value:.0f} days")
def days_unheard() -> Measure:
    """Days since the account last said anything, good or bad."""
    return smallest(DEALING, "age", _HEARD)


@theme.feature(windows=(90, 365), unit="words", says="said something {value:.0f} times in {window} days")
def heard(window: int) -> Measure:
    """Times the account said something, good or bad, in the last {window} days."""
    return count(DEALING, _HEARD, window)


@theme.feature(windows=(30, 180), unit="minutes", says="used the product for {value:.0f} minutes in {window} days")
def minutes_used(window: int) -> Measure:
    """Minutes of use in the last {window} days."""
    return total(SIGN, "coalesce(minutes, 0)", kind("use"), window)


@theme.feature(unit="ratio", says="use of the last month is {value:.0%} of what is usual")
def use_ratio() -> Formula:
    """Minutes of use per day in the last 30 days over those of the last 180, or of all on record."""
    days = "greatest(least(days_on_record, 180e0), 30e0)"
    return Formula(f"(minutes_used_30d / 30e0) / nullif(minutes_used_180d / {days}, 0)")


@theme.feature(windows=(30, 180), unit="minutes", says="{value:.0f} minutes each time they use it")
def minutes_per_use(window: int) -> Measure:
    """Mean minutes of a use in the last {window} days."""
    return mean(SIGN, "minutes", kind("use"), window)


@theme.feature(unit="ratio", says="a use of the last month is {value:.0%} as long as is usual")
def minutes_per_use_ratio() -> Formula:
    """Mean minutes of a use in the last 30 days over that of the last 180."""
    return Formula("minutes_per_use_30d / nullif(minutes_per_use_180d, 0)")


@theme.feature(windows=(7, 30, 90), unit="days", says="active on {value:.0f} of {window} days")
def days_active(window: int) -> Measure:
    """Active days in the last {window} days."""
    return count(ACTIVE_DAY, window=window)


@theme.feature(windows=(365,), unit="share", says="{value:.0%} of contacts come from them", seeds=("S32",))
def own_share(window: int) -> Measure:
    """Share of the interactions of the last {window} days that are signs of life."""
    return share(INTERACTION, SIGN_OF_LIFE, "true", window)
