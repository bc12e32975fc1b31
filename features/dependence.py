"""Dependence: what holds the account, a person of ours or the product, and what happened to it (S3, S4, S34)."""

from features.history import ACCOUNT, DEALING, INTERACTION, MARKET_EVENT, REP, Source
from features.theme import Formula, Measure, Theme, count, kind, largest, smallest

theme = Theme(
    "dependence",
    title="Who holds them",
    about="How much hangs on one of our people, and whether that rep left or a competitor came.",
    seeds=("S3", "S4"),
)

REP_CONTACT = Source(
    "rep_contact",
    """select pair, rep_id, max(as_of_us) as as_of_us, count(*) as contacts,
            max(age) as known_for, max(occurred_us) as last_us
        from {interaction} where rep_id is not null and age < 365 group by pair, rep_id""",
    reads=(INTERACTION,),
)

_SHARED = "partition by c.pair"

CONTACT = Source(
    "contact",
    f"""select c.pair, c.contacts, c.known_for, r.left_age, r.hired_age, r.style,
            cast(c.contacts as double) / sum(c.contacts) over ({_SHARED}) as part,
            row_number() over ({_SHARED} order by c.contacts desc, c.last_us desc, c.rep_id) as most,
            row_number() over ({_SHARED} order by c.last_us desc, c.contacts desc, c.rep_id) as newest
        from {{rep_contact}} as c left join {{rep}} as r on r.rep_id = c.rep_id and r.as_of_us = c.as_of_us""",
    reads=(REP_CONTACT, REP),
)

_STYLES = Source(
    "styles",
    """select a.pair,
            case when a.style = c.style then 1e0 when c.style is not null then 0e0 end as same
        from {account} as a join {contact} as c on c.pair = a.pair
        where c.newest = 1 and a.style is not null""",
    reads=(ACCOUNT, CONTACT),
)


@theme.feature(unit="share", says="{value:.0%} of contact goes through one person", seeds=("S3",))
def main_rep_share_365d() -> Measure:
    """Share of the contacts of the last 365 days that the rep with most of them holds."""
    return largest(CONTACT, "part", "most = 1")


@theme.feature(unit="reps", says="{value:.0f} people served them in a year", seeds=("S3", "S24"))
def reps_365d() -> Measure:
    """Reps with contact in the last 365 days."""
    return count(CONTACT)


@theme.feature(unit="days", says="the person who served them most left {value:.0f} days ago", seeds=("S3",))
def days_since_main_rep_left() -> Measure:
    """Days since the rep with most contact in the last 365 days left; missing where that rep is still here."""
    return largest(CONTACT, "left_age", "most = 1")


@theme.feature(unit="days", says="a person who served them left {value:.0f} days ago", seeds=("S3",))
def days_since_rep_left() -> Measure:
    """Days since any rep with contact in the last 365 days left."""
    return smallest(CONTACT, "left_age")


@theme.feature(unit="days", says="has been served by this person for {value:.0f} days", seeds=("S3",))
def days_with_rep() -> Measure:
    """Days since the first contact, within the last 365 days, with the rep of the last contact."""
    return largest(CONTACT, "known_for", "newest = 1")


@theme.feature(unit="days", says="the person who serves them has been with us for {value:.0f} days", seeds=("S3",))
def rep_tenure() -> Measure:
    """Days since the rep of the last contact was hired."""
    return largest(CONTACT, "hired_age", "newest = 1")


@theme.feature(windows=(180,), unit="handovers", says="handed over {value:.0f} times in {window} days", seeds=("S3",))
def handovers(window: int) -> Measure:
    """Handovers to another rep in the last {window} days."""
    return count(DEALING, kind("handover"), window)


@theme.feature(unit="days", says="handed over to another person {value:.0f} days ago", seeds=("S3",))
def days_since_handover() -> Measure:
    """Days since the last handover to another rep."""
    return smallest(DEALING, "age", kind("handover"))


@theme.feature(unit="points", says="our people stand {value:+.1f} above the product", seeds=("S3", "S4"))
def people_over_product() -> Formula:
    """Level of the people axis less that of the product axis: who carries the account."""
    return Formula("people_level - product_level")


@theme.feature(windows=(365,), unit="entries", says="{value:.0f} competitors entered their market", seeds=("S4",))
def competitors_entered(window: int) -> Measure:
    """Entries of a competitor into the account's market in the last {window} days."""
    return count(MARKET_EVENT, "kind = 'competitor_entered'", window)


@theme.feature(unit="days", says="a competitor entered their market {value:.0f} days ago", seeds=("S4",))
def days_since_competitor() -> Measure:
    """Days since a competitor last entered the account's market."""
    return smallest(MARKET_EVENT, "age", "kind = 'competitor_entered'")


@theme.feature(unit="match", says="the style of the person who serves them fits: {value:.0f}", seeds=("S34",))
def style_match() -> Measure:
    """Whether the style of the rep of the last contact is the account's own: 1 or 0, missing where one is unknown."""
    return largest(_STYLES, "same")
