"""Presence: from when to when an account is a customer, and what brings it back (docs/adr/0002).

It comes with its opening and leaves with a departure. A departure is undone by a ``return``, by an opening on a later
day (a CRM that overwrites the opening when an account opens again), by a term that is signed, see
`features.calendar.renewals`, and by a sign of life more than the grace after it.
Without departures nobody is known to have left, and an account is a customer from its first sign of life. An account
that was merged into another is none from then on, see `features.calendar.merges`.

All of it is SQL over the clean tables, for DuckDB and Spark alike.
"""

from __future__ import annotations

from features.calendar.merges import gone_sql
from features.engine import MICROS_PER_DAY, indented
from features.vocabulary.kinds import kinds_sql

RETURN_GRACE_DAYS = 60
"""For so long after a departure signs of life are the last of what was, such as use until a notice has run out."""

OPENING_DAY = (
    f"cast(floor(a.opened_us / {MICROS_PER_DAY}e0) as bigint) * {MICROS_PER_DAY}"
)
"""The first instant of the day on which account ``a`` opened: a departure dated that day follows the opening."""


def comings_sql(grace_days: int) -> str:
    """What may bring an account back: ``account_id``, ``occurred_us``, ``known_us``, ``undoes_us``, ``said``.

    Departures up to ``undoes_us`` are undone; ``said`` tells a return, an opening or a signing from a sign of life.
    Only accounts that ever departed are looked at.
    """
    grace = grace_days * MICROS_PER_DAY + 1
    returned = kinds_sql("return")
    return f"""\
with first_departures as (
    select account_id, min(occurred_us) as first_us
    from departures
    group by account_id
)
select
    r.account_id,
    r.occurred_us,
    r.known_us,
    case when {returned} then r.occurred_us else r.occurred_us - {grace} end as undoes_us,
    {returned} as said
from interactions as r
join first_departures as d on d.account_id = r.account_id
where r.sign_of_life and r.occurred_us >= d.first_us
union all
select
    a.account_id,
    a.opened_us as occurred_us,
    a.opened_us as known_us,
    {OPENING_DAY} - 1 as undoes_us,
    true as said
from accounts as a
join first_departures as d on d.account_id = a.account_id
union all
select
    s.account_id,
    s.occurred_us,
    s.known_us,
    s.undoes_us,
    true as said
from signed as s
join first_departures as d on d.account_id = s.account_id"""


def customers_sql(
    departures: bool, grace_days: int, moments: str = "as_ofs", until: int | None = None
) -> str:
    """Who is a customer when: ``account_id`` and ``as_of_us``, for each moment ``as_of_us`` of a relation.

    Args:
        departures: whether the book has any.
        grace_days: signs of life later than so long after a departure undo it.
        moments: the relation; each of its moments once.
        until: where given, all that was known by then (in microseconds since 1970) tells; else only what was known by
            the moment itself.
    """
    customers = _customers_sql(departures, grace_days, moments, until)
    merged = gone_sql("c.as_of_us" if until is None else str(until))
    return f"""\
select c.account_id, c.as_of_us
from (
    {indented(customers, 4)}
) as c
where not exists (select 1 from ({merged}) as g where g.from_id = c.account_id)"""


def _customers_sql(
    departures: bool, grace_days: int, moments: str, until: int | None
) -> str:
    """As `customers_sql`, before any account was merged into another."""
    when = "known_us" if until is None else "occurred_us"
    known = "" if until is None else f"\n    where known_us <= {until}"
    heard = "" if until is None else f" and known_us <= {until}"
    if not departures:
        return f"""\
with heard as (
    select account_id, min({when}) as heard_us
    from interactions
    where sign_of_life{heard}
    group by account_id
)
select a.account_id, m.as_of_us
from {moments} as m
join accounts as a on a.opened_us <= m.as_of_us
join heard as h on h.account_id = a.account_id and h.heard_us <= m.as_of_us"""
    return f"""\
with comings as (
    {indented(comings_sql(grace_days), 4)}
),
gone as (
    select d.account_id, m.as_of_us, max(d.occurred_us) as occurred_us
    from {moments} as m
    join departures as d on d.{when} <= m.as_of_us{known}
    group by d.account_id, m.as_of_us
),
back as (
    select c.account_id, m.as_of_us, max(c.undoes_us) as undoes_us
    from {moments} as m
    join comings as c on c.{when} <= m.as_of_us{known}
    group by c.account_id, m.as_of_us
)
select a.account_id, m.as_of_us
from {moments} as m
join accounts as a on a.opened_us <= m.as_of_us
left join gone on gone.account_id = a.account_id and gone.as_of_us = m.as_of_us
left join back on back.account_id = a.account_id and back.as_of_us = m.as_of_us
where gone.occurred_us is null or back.undoes_us >= gone.occurred_us"""


def left_sql(grace_days: int, until: int) -> str:
    """Each time an account left, as far as is known at a moment, on DuckDB.

    A departure reported again before anything brought the account back is the same one: its date is the first, its
    ``reason`` and ``overt`` the latest that were known. What is dated before the day of the opening belongs to a time
    that the book does not hold, and is left out.

    Returns:
        A select of ``account_id``, ``occurred_us``, ``known_us`` (of the first report), ``reason`` and ``overt``.
    """
    return f"""\
with reported as (
    select
        d.*,
        lag(d.occurred_us) over (
            partition by d.account_id order by d.occurred_us
        ) as before_us
    from departures as d
    join accounts as a on a.account_id = d.account_id
    where d.known_us <= {until} and d.occurred_us >= {OPENING_DAY}
        and d.account_id not in ({gone_sql(str(until))})
),
came as (
    select *
    from (
        {indented(comings_sql(grace_days), 8)}
    ) as comings
    where known_us <= {until}
),
first_reports as (
    select distinct account_id, occurred_us
    from reported as r
    where before_us is null
        or exists (
            select 1
            from came as c
            where c.account_id = r.account_id
                and c.undoes_us >= r.before_us
                and c.occurred_us <= r.occurred_us
        )
),
told as (
    select
        r.*,
        (
            select max(f.occurred_us)
            from first_reports as f
            where f.account_id = r.account_id and f.occurred_us <= r.occurred_us
        ) as left_us
    from reported as r
)
select
    account_id,
    left_us as occurred_us,
    min(case when occurred_us = left_us then known_us end) as known_us,
    max(case when reason is not null then struct_pack(known_us, reason) end).reason as reason,
    max(case when overt is not null then struct_pack(known_us, overt) end).overt as overt
from told
group by account_id, left_us"""


def seen_again_sql(grace_days: int) -> str:
    """The accounts that a sign of life alone brought back since their opening, each once: ``account_id``."""
    return f"""\
with comings as (
    {indented(comings_sql(grace_days), 4)}
),
undone as (
    select
        d.account_id,
        min(case when c.said then c.occurred_us end) as said_us,
        min(c.occurred_us) as back_us
    from departures as d
    join accounts as a on a.account_id = d.account_id
    join comings as c on c.account_id = d.account_id and c.undoes_us >= d.occurred_us
    where d.occurred_us >= {OPENING_DAY}
    group by d.account_id, d.occurred_us
)
select distinct account_id
from undone
where said_us is null or said_us > back_us"""
