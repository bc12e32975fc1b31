"""Renewals in SQL, for those who read or paste it: `features.calendar.renewals` over the clean table ``contracts``.

What Pinch counts is told by that module; the tests hold both to be the same.
"""

from __future__ import annotations

from features.engine import MICROS_PER_DAY

NO_END = 2**63 - 1
"""The end of a term that has none, later than all."""

_ORDER = """
    known_us,
    starts_us,
    ends_us nulls last,
    value nulls last,
    seats nulls last,
    auto_renews nulls last,
    plan nulls last"""


def terms_sql() -> str:
    """Every version of every term: its ``number``, what it says, and which one it ``changes`` and is ``changed_by``.

    A version changes the last one of its id before it that it overlaps or begins with and that no other has changed.
    """
    return f"""\
with recursive versions as materialized (
    select
        *,
        row_number() over (order by account_id, contract_id, {_ORDER}) as number,
        coalesce(ends_us, {NO_END}) as until_us,
        auto_renews is true as renews,
        case
            when contract_id is null then 1
            else row_number() over (
                partition by account_id, contract_id
                order by {_ORDER}
            )
        end as place
    from contracts
),
chained as (
    select
        number,
        account_id,
        contract_id,
        place,
        cast(null as bigint) as changes,
        [struct_pack(number, starts_us, until_us)] as standing
    from versions
    where place = 1
    union all
    select
        number,
        account_id,
        contract_id,
        place,
        changes,
        list_append(
            list_filter(standing, lambda s: s.number is distinct from changes),
            struct_pack(number, starts_us, until_us)
        )
    from (
        select
            v.*,
            c.standing,
            list_filter(
                c.standing,
                lambda s: s.starts_us = v.starts_us
                    or (s.starts_us < v.until_us and v.starts_us < s.until_us)
            )[-1].number as changes
        from chained as c
        join versions as v
            on v.account_id = c.account_id
            and v.contract_id = c.contract_id
            and v.place = c.place + 1
    )
)
select
    v.number,
    v.account_id,
    v.known_us,
    v.starts_us,
    v.ends_us,
    v.until_us,
    v.renews,
    c.changes,
    coalesce(changed.known_us, {NO_END}) as changed_us
from versions as v
join chained as c on c.number = v.number
left join chained as later on later.changes = v.number
left join versions as changed on changed.number = later.number"""


def lapsed_sql(grace_days: int, until: int) -> str:
    """Terms that lapsed, from ``terms``: ``account_id``, ``occurred_us`` (their end) and ``known_us``.

    Args:
        grace_days: for so long after its end a term may be renewed.
        until: what lapsed is told as far as it was known at this moment, in microseconds since 1970.
    """
    grace = grace_days * MICROS_PER_DAY
    return f"""\
with ended as (
    select *, greatest(ends_us + {grace}, known_us) as told_us
    from terms
    where ends_us > starts_us and not renews
)
select e.account_id, e.ends_us as occurred_us, e.told_us as known_us
from ended as e
where e.changed_us > e.told_us
    and e.told_us <= {until}
    and not exists (
        select 1
        from terms as o
        where o.account_id = e.account_id
            and o.number <> e.number
            and o.known_us <= e.told_us
            and o.changed_us > e.told_us
            and (o.until_us > e.ends_us or (o.renews and o.starts_us >= e.starts_us))
    )"""


def signed_sql() -> str:
    """What was signed, from ``terms``: ``account_id``, ``occurred_us``, ``known_us`` and ``undoes_us``."""
    return """\
select
    t.account_id,
    t.known_us as occurred_us,
    t.known_us,
    least(coalesce(before.until_us, t.starts_us), t.known_us - 1) as undoes_us
from terms as t
left join terms as before on before.number = t.changes
where (before.number is null or t.until_us > before.until_us)
    and t.until_us > greatest(t.known_us, t.starts_us)"""
