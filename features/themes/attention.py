"""Attention: what we do for the account unasked, and what it makes of it (S11, S25, S32, S33)."""

from features.past.declaration import Formula, Theme
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    smallest,
)
from features.past.planned import PLANNED
from features.past.responses import RESPONSE, THEIRS
from features.past.row_sources import DEALING, PROFILE
from features.sayings import attention as said
from features.timeline.expression import of

theme = Theme(
    "attention",
    title="How we cared",
    about="Outreach, surprises, and whether the account answers them; what we know of it.",
    seeds=("S25",),
)


@theme.feature(
    windows=(60, 180, 365),
    unit="outreaches",
    bad="low",
    says=said.OUTREACHES,
)
def outreaches(window: int) -> Measure:
    """Times we reached out unasked in the last {window} days."""
    return count(DEALING, kind("outreach"), window)


@theme.feature(unit="days", bad="high", says=said.DAYS_SINCE_OUTREACH)
def days_since_outreach() -> Measure:
    """Days since we last reached out unasked."""
    return days_since_last(DEALING, kind("outreach"))


@theme.feature(windows=(180,), unit="contacts", bad="either")
def list_contacts(window: int) -> Measure:
    """Times we reached the account from a list in the last {window} days; no outreach counts, nor the other way."""
    return count(DEALING, kind("list_contact"), window)


@theme.feature(unit="days", bad="either")
def days_since_list_contact() -> Measure:
    """Days since we last reached the account from a list."""
    return days_since_last(DEALING, kind("list_contact"))


@theme.feature(unit="days", bad="high", says=said.DAYS_TO_NEXT_TOUCH)
def days_to_next_touch() -> Measure:
    """Days to the next event that is planned with the account; missing where none is."""
    return smallest(PLANNED, of.ahead)


@theme.feature(
    windows=(180, 365),
    unit="replies",
    bad="low",
    says=said.replies,
    seeds=("S11", "S32"),
)
def replies(window: int) -> Measure:
    """Replies to our outreach in the last {window} days."""
    return count(DEALING, kind("reply"), window)


@theme.feature(unit="ratio", bad="low", says=said.replies(365), seeds=("S11", "S32"))
def reply_rate() -> Formula:
    """Replies for each outreach of the last 365 days; not known where we never reached out."""
    return Formula(of.replies_365d / of.outreaches_365d)


@theme.feature(
    windows=(365,),
    unit="surveys",
    seeds=("S11",),
)
def surveys_sent(window: int) -> Measure:
    """Surveys sent in the last {window} days."""
    return count(DEALING, kind("survey_sent"), window)


@theme.feature(
    windows=(365,),
    unit="surveys",
    bad="low",
    says=said.SURVEYS,
    seeds=("S11",),
)
def surveys_answered(window: int) -> Measure:
    """Surveys answered in the last {window} days, each once; mystery shopping and focus groups do not count."""
    return count(RESPONSE, THEIRS, window)


@theme.feature(unit="ratio", bad="low", says=said.SURVEYS, seeds=("S11",))
def survey_answer_rate() -> Formula:
    """Surveys answered for each one sent in the last 365 days; not known where none was sent."""
    return Formula(of.surveys_answered_365d / of.surveys_sent_365d)


@theme.feature(
    windows=(365,),
    unit="surprises",
    bad="low",
    says=said.SURPRISES,
    seeds=("S33",),
)
def surprises(window: int) -> Measure:
    """Small surprises in the last {window} days."""
    return count(DEALING, kind("surprise"), window)


@theme.feature(unit="days", bad="high", says=said.DAYS_SINCE_SURPRISE, seeds=("S33",))
def days_since_surprise() -> Measure:
    """Days since the last small surprise."""
    return days_since_last(DEALING, kind("surprise"))


@theme.feature(unit="share", bad="low", says=said.PROFILE_FILLED, seeds=("S13",))
def profile_filled() -> Measure:
    """Share of the account's facts that are filled in."""
    return largest(PROFILE, of.filled)
