"""The SQL of labels, on the clean tables of a book and ``looked_at``, the pairs of account and as-of date looked at.

Moments are in microseconds since 1970; ``until`` is the moment up to which anything was known.
"""

from __future__ import annotations

from features.calendar.merges import gone_sql
from features.calendar.presence import left_sql
from features.engine import MICROS_PER_DAY, indented
from features.vocabulary.kinds import kinds_sql

USUAL_GAPS = 0.95
"""The share of gaps between active days that a quiet period exceeds, unless it is given."""
REPORTED = 0.99
"""The share of departures that are known within the reporting delay."""
SILENT_DAYS = 60
"""How long before leaving a word counts as said in leaving (docs/adr/0010)."""


def departed_sql(until: int) -> str:
    """When each pair looked at departed after its as-of date: ``left_us`` and, the same, ``last_us``."""
    return f"""\
select
    c.account_id,
    c.as_of_us,
    min(d.occurred_us) as left_us,
    min(d.occurred_us) as last_us
from looked_at as c
join departures as d
    on d.account_id = c.account_id
    and d.occurred_us > c.as_of_us
    and d.known_us <= {until}
group by c.account_id, c.as_of_us"""


def had_departed_sql(until: int, customers: str) -> str:
    """The pairs looked at that had departed by their as-of date, as became known later: ``left_us``.

    Args:
        until: up to when anything was known.
        customers: who was a customer at the as-of dates, by all that was known then, as a query.
    """
    return f"""\
with customers as (
    {indented(customers, 4)}
)
select
    c.account_id,
    c.as_of_us,
    max(d.occurred_us) as left_us
from looked_at as c
join departures as d
    on d.account_id = c.account_id
    and d.occurred_us <= c.as_of_us
    and d.known_us > c.as_of_us
    and d.known_us <= {until}
where (c.account_id, c.as_of_us) not in (select account_id, as_of_us from customers)
group by c.account_id, c.as_of_us"""


def merged_moments_sql(until: int) -> str:
    """When each pair looked at was merged into another account: ``merged_us``."""
    return f"""\
select
    c.account_id,
    c.as_of_us,
    min(g.known_us) as merged_us
from looked_at as c
join merged as g on g.from_id = c.account_id and g.known_us <= {until}
group by c.account_id, c.as_of_us"""


def contacts_sql(until: int, days: int) -> str:
    """Whether each pair looked at was reached from a list within so many days after: ``contacted``, 1 where it was."""
    ahead = days * MICROS_PER_DAY
    return f"""\
select distinct
    c.account_id,
    c.as_of_us,
    1 as contacted
from looked_at as c
join interactions as r on r.account_id = c.account_id
where {kinds_sql("list_contact")} and r.known_us <= {until}
    and r.occurred_us > c.as_of_us and r.occurred_us <= c.as_of_us + {ahead}"""


def departed_now_sql(until: int, customers: str) -> str:
    """Whether each account that had opened is no customer: ``has_left``.

    Args:
        until: the moment.
        customers: who is a customer then, as a query.
    """
    return f"""\
with customers as (
    {indented(customers, 4)}
)
select
    a.account_id,
    case when c.account_id is null then 1 else 0 end as has_left
from accounts as a
left join customers as c on c.account_id = a.account_id
where a.opened_us <= {until} and a.account_id not in ({gone_sql(str(until))})
order by a.account_id"""


def quiet_now_sql(until: int, quiet_days: int) -> str:
    """Whether each account has been quiet for longer than the quiet period: ``has_left``."""
    quiet = quiet_days * MICROS_PER_DAY
    return f"""\
select
    account_id,
    case when max(occurred_us) + {quiet} < {until} then 1 else 0 end as has_left
from interactions
where sign_of_life and known_us <= {until} and account_id not in ({gone_sql(str(until))})
group by account_id
order by account_id"""


def quiet_stretches_sql(until: int, quiet_days: int) -> str:
    """The signs of life that more than a quiet period follows, and when the next one is: ``next_us``.

    After the last sign of life all is quiet until the moment.
    """
    quiet = quiet_days * MICROS_PER_DAY
    return f"""\
with signs as (
    select
        account_id,
        occurred_us,
        lead(occurred_us) over (partition by account_id order by occurred_us) as after_us
    from interactions
    where sign_of_life and known_us <= {until}
)
select
    account_id,
    occurred_us,
    coalesce(after_us, {until} + 1) as next_us
from signs
where coalesce(after_us, {until} + 1) - occurred_us > {quiet}"""


def fell_silent_sql(until: int, quiet_days: int) -> str:
    """When each pair looked at fell silent after its as-of date: ``left_us``; ``last_us`` is its last sign of life.

    Only the signs that a quiet stretch follows matter, and few do; the stretch may have begun before the as-of date.
    """
    quiet = quiet_days * MICROS_PER_DAY
    return f"""\
with quiet_stretches as (
    {indented(quiet_stretches_sql(until, quiet_days), 4)}
)
select
    c.account_id,
    c.as_of_us,
    min(greatest(s.occurred_us, c.as_of_us)) as left_us,
    min(s.occurred_us) as last_us
from looked_at as c
join quiet_stretches as s
    on s.account_id = c.account_id
    and s.next_us - greatest(s.occurred_us, c.as_of_us) > {quiet}
group by c.account_id, c.as_of_us"""


def left_moments_sql(until: int, quiet_days: int | None) -> str:
    """When each pair looked at left: it departed, or, where there is a quiet period, fell silent."""
    if quiet_days is None:
        return departed_sql(until)
    return fell_silent_sql(until, quiet_days)


def said_sql(until: int, moments: str) -> str:
    """Whether the departure of each pair looked at says that it was ``overt``; null where it does not.

    Args:
        until: up to when anything was known.
        moments: when each pair left, as `left_moments_sql` tells.
    """
    return f"""\
with moments as (
    {indented(moments, 4)}
)
select
    m.account_id,
    m.as_of_us,
    cast(bool_or(d.overt) as double) as overt
from moments as m
join departures as d
    on d.account_id = m.account_id
    and d.occurred_us = m.left_us
    and d.known_us <= {until}
group by m.account_id, m.as_of_us"""


def behaved_sql(until: int, moments: str) -> str:
    """Whether each pair looked at said a word before it left, and so was ``overt``; nothing where nobody says any.

    Args:
        until: up to when anything was known.
        moments: when each pair left, as `left_moments_sql` tells.
    """
    return f"""\
with moments as (
    {indented(moments, 4)}
),
words as (
    select account_id, occurred_us
    from interactions
    where {kinds_sql("complaint", "reopen", "unmet_request")} and known_us <= {until}
)
select
    m.account_id,
    m.as_of_us,
    cast(count(w.occurred_us) > 0 as double) as overt
from moments as m
left join words as w
    on w.account_id = m.account_id
    and w.occurred_us <= m.last_us
    and w.occurred_us > m.last_us - {SILENT_DAYS * MICROS_PER_DAY}
where exists (select 1 from words)
group by m.account_id, m.as_of_us"""


def usual_gap_sql(until: int) -> str:
    """The gap between active days, in days, that `USUAL_GAPS` of them do not exceed."""
    return f"""\
with days as (
    select distinct
        account_id,
        occurred_us // {MICROS_PER_DAY} as day
    from interactions
    where sign_of_life and known_us <= {until}
),
gaps as (
    select day - lag(day) over (partition by account_id order by day) as gap
    from days
)
select quantile_cont(gap, {USUAL_GAPS})
from gaps
where gap is not null"""


def came_back_sql(until: int, quiet_days: int) -> str:
    """The share of the quiet stretches that ended with the account coming back."""
    return f"""\
with quiet_stretches as (
    {indented(quiet_stretches_sql(until, quiet_days), 4)}
)
select avg(case when next_us <= {until} then 1e0 else 0e0 end)
from quiet_stretches"""


def reporting_delay_sql(until: int, grace_days: int) -> str:
    """How long after a departure `REPORTED` of them are known, in microseconds."""
    return f"""\
with departures_known as (
    {indented(left_sql(grace_days, until), 4)}
)
select quantile_disc(known_us - occurred_us, {REPORTED})
from departures_known"""
