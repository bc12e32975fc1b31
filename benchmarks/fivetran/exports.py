"""The clean tables of a book as exports of Salesforce, Zendesk and, for what neither can tell, tables of one's own."""

from __future__ import annotations

from pathlib import Path

from features.book.book import Book

_ROWS = """
create temp table told as
select
    row_number() over () as row,
    account_id,
    make_timestamp(occurred_us) as moment,
    make_timestamp(known_us) as known,
    kind,
    rep_id,
    channel,
    account_id || '-' || matter_id as matter,
    value,
    minutes,
    sentiment
from interactions
"""

_TICKETS = """
create temp table ticket as
with ordered as (
    select
        *,
        kind in ('question', 'request', 'complaint') as asks,
        lag(kind) over of_matter as kind_before,
        lag(rep_id) over (partition by matter, kind = 'transfer' order by moment) as rep_before,
        row_number() over of_matter as place,
        count(*) over (partition by matter, kind, moment) as at_once
    from told
    where matter is not null
    window of_matter as (
        partition by matter, kind in ('resolution', 'reopen')
        order by moment
    )
)
select
    matter,
    any_value(account_id) as account_id,
    min(moment) as opened,
    any_value(kind) filter (where asks) as asked,
    any_value(channel) filter (where asks) as channel
from ordered
group by matter
having
    bool_and(asks or kind in ('answer', 'resolution', 'reopen', 'transfer'))
    and count(*) filter (where asks) = 1
    and min(moment) filter (where asks) < coalesce(min(moment) filter (where not asks), 'infinity')
    and bool_and(moment = known and at_once = 1)
    and bool_and(kind not in ('answer', 'transfer') or rep_id is not null)
    and bool_and(kind <> 'transfer' or rep_id is distinct from rep_before)
    and bool_and(kind <> 'resolution' or place % 2 = 1)
    and bool_and(kind <> 'reopen' or place % 2 = 0)
"""
"""Matters of one question that nothing but answers, transfers, solutions and reopenings follow, by turns."""

_DEALS = """
create temp table deal as
select *
from told
where kind = 'purchase' and moment = known
"""
_TASKS = """
create temp table task as
select *
from told
where kind = 'outreach' and moment = known and rep_id is not null
"""
_OTHERS = """
create temp table other as
select *
from told
where
    (matter is null or matter not in (select matter from ticket))
    and row not in (select row from deal)
    and row not in (select row from task)
"""
_MADE = (_ROWS, _TICKETS, _DEALS, _TASKS, _OTHERS)

_DOMAIN = "lower(account_id) || '.example'"
_FILES = {
    "salesforce/account": f"""
        select account_id as id, account_id as name, make_timestamp(opened_us) as created_date,
            industry, market as billing_country, {_DOMAIN} as website, false as is_deleted
        from accounts""",
    "salesforce/user": """
        select rep_id as id, rep_id as name, make_timestamp(hired_us) as created_date from reps""",
    "salesforce/opportunity": """
        select 'p' || row as id, account_id, moment as created_date, cast(moment as date) as close_date,
            value as amount, 'New' as type, 'Closed Won' as stage_name, true as is_won, true as is_closed,
            null as loss_reason_c
        from deal
        union all
        select 'd' || row_number() over (), account_id, null, cast(make_timestamp(occurred_us) as date), null,
            'Renewal', 'Closed Lost', false, true, reason
        from departures""",
    "salesforce/opportunity_history": """
        with lost as (
            select 'd' || row_number() over () as id, make_timestamp(known_us) as known from departures
        )
        select id, known - interval 1 day as _fivetran_start, 'Negotiation' as stage_name from lost
        union all
        select id, known, 'Closed Lost' from lost""",
    "salesforce/task": """
        select 't' || row as id, account_id, rep_id as owner_id, moment as created_date, moment as completed_date_time,
            cast(moment as date) as activity_date, if(channel = 'email', 'Email', 'Call') as task_subtype,
            'Completed' as status, true as is_closed
        from task""",
    "zendesk/organization": """
        select account_id as id, account_id as name, make_timestamp(opened_us) as created_at from accounts""",
    "zendesk/domain_name": f"""
        select account_id as organization_id, {_DOMAIN} as domain_name from accounts""",
    "zendesk/user": """
        select rep_id as id, null as organization_id, 'agent' as role, make_timestamp(hired_us) as created_at
        from reps
        union all
        select 'caller ' || account_id, account_id, 'end-user', make_timestamp(opened_us) from accounts""",
    "zendesk/ticket": """
        select matter as id, account_id as organization_id, 'caller ' || account_id as requester_id,
            'caller ' || account_id as submitter_id, null as assignee_id, opened as created_at,
            case asked when 'complaint' then 'incident' when 'request' then 'task' else 'question' end as type,
            'closed' as status, channel as via_channel
        from ticket""",
    "zendesk/ticket_comment": """
        select row as id, matter as ticket_id, rep_id as user_id, moment as created, true as public
        from told
        where kind = 'answer' and matter in (select matter from ticket)""",
    "zendesk/ticket_field_history": """
        select matter as ticket_id, 'status' as field_name, opened as updated, 'new' as value, null as user_id
        from ticket
        union all
        select matter, 'assignee_id', opened, 'nobody yet', null from ticket
        union all
        select matter, 'status', moment, if(kind = 'resolution', 'solved', 'open'), rep_id
        from told
        where kind in ('resolution', 'reopen') and matter in (select matter from ticket)
        union all
        select matter, 'assignee_id', moment, rep_id, rep_id
        from told
        where kind = 'transfer' and matter in (select matter from ticket)""",
    "csv/accounts": f"""
        select account_id, make_timestamp(opened_us) as opened_at, {_DOMAIN} as domain from accounts""",
    "csv/events": """
        select row as event_id, account_id, moment as occurred_at, known as known_at, kind, rep_id, channel,
            matter as matter_id, value, minutes, sentiment
        from other""",
    "csv/surveys": """
        select account_id, make_timestamp(occurred_us) as occurred_at, make_timestamp(known_us) as known_at, item,
            score, 0 as scale_min, 10 as scale_max, true as higher_is_better, source, rep_id, response_id
        from surveys""",
}
"""The files of each export, by the names of Fivetran."""


def write_exports(book: Book, folder: Path) -> dict[str, int]:
    """Writes the exports of a book's clean tables, and says how many rows each file has.

    Args:
        book: an opened book, in whose database the parts are made.
        folder: gets a folder for each source.
    """
    for statement in _MADE:
        book.connection.execute(statement)
    rows = {}
    for name, query in _FILES.items():
        file = folder / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        book.connection.execute(f"copy ({query}) to '{file}' (format parquet)")
        ((rows[name],),) = book.ask(f"select count(*) from '{file}'")
    return rows
