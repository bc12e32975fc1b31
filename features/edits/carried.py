"""Who carries an account: of the reps still here, the one with most of its contacts in the last 365 days (S3)."""

from __future__ import annotations

import pandas as pd

from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.themes.dependence import CONTACT_DAYS


def carried(book: Book) -> pd.DataFrame:
    """Who carries each account, of the pairs of account and date that are looked at, see `features.snapshot.cohort`.

    Args:
        book: an opened book.

    Returns:
        ``account_id``, ``as_of_us``, ``rep_id``, ``share`` of all contacts that the account had with reps, and
        ``known``, the part of these days since their first contact; by date and account. Accounts without contact are
        left out.
    """
    found: pd.DataFrame = book.connection.sql(_CARRIED).df()
    return found


_CARRIED = f"""
    with contacts as (
        select
            c.account_id,
            c.as_of_us,
            cast(r.rep_id as varchar) as rep_id,
            count(*) as contacts,
            min(r.occurred_us) as first_us,
            max(r.occurred_us) as last_us
        from chosen as c
        join numbered_accounts as n on n.account_id = c.account_id
        join interactions as r on r.account = n.number
            and r.known_us <= c.as_of_us
            and r.occurred_us > c.as_of_us - {CONTACT_DAYS * MICROS_PER_DAY}
        where r.rep_id is not null
        group by all
    ),
    shared as (
        select *, contacts / sum(contacts) over (partition by account_id, as_of_us) as share
        from contacts
    )
    select
        s.account_id,
        s.as_of_us,
        s.rep_id,
        s.share,
        (s.as_of_us - s.first_us) / {CONTACT_DAYS * MICROS_PER_DAY}e0 as known
    from shared as s
    left join reps on reps.rep_id = s.rep_id
    where reps.left_us is null or reps.left_us > s.as_of_us
    qualify row_number() over (
        partition by s.account_id, s.as_of_us
        order by s.contacts desc, s.last_us desc, s.rep_id
    ) = 1
    order by s.as_of_us, s.account_id"""
