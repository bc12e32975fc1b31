"""Doses: what was done for an account in a quarter, of what we can do for one (S7, S14, S21, S25, S34)."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from features.book.book import Book
from features.edits.records import Records
from features.engine import MICROS_PER_DAY
from features.timeline.rows import Floats
from features.vocabulary.kinds import code, doing, kinds_sql

QUARTER_DAYS = 91
"""For so long a lever is pulled."""
FAST_DAYS = 3
"""A matter settled within these is settled fast, as the features of failures have it (S21)."""
DOSES = (
    *("kept", "broken", "reached", "handed", "fits"),
    *("fast_grave", "fast_asked", "late", "waiting"),
)
"""Promises kept, and broken; times we reached out; handovers; whether the rep's style fits at the end; complaints and
failures settled fast, questions and requests settled fast, matters settled late, and matters that still wait."""


def doses_of_chosen(book: Book) -> pd.DataFrame:
    """The doses of the quarter before each pair of account and date looked at, by these: `DOSES`, and ``rep_id``."""
    found: pd.DataFrame = book.connection.sql(_DOSES).df()
    return found.set_index(["account_id", "as_of_us"])


def doses_of(records: Records, as_of: int) -> Floats:
    """The doses of the quarter before a date: shape (accounts, `DOSES`), by the statement that measures a book."""
    ids = records.account_ids
    with duckdb.connect() as connection:
        for table in ("accounts", "interactions", "reps"):
            connection.register(table, records.tables[table])
        chosen = pd.DataFrame({"account_id": ids, "as_of_us": as_of})
        connection.register("chosen", chosen)
        found = connection.sql(_DOSES).df().set_index("account_id")
    return np.asarray(found.reindex(ids)[list(DOSES)].fillna(0.0), dtype=np.float64)


_QUARTER = QUARTER_DAYS * MICROS_PER_DAY
_OPENS = kinds_sql(*doing("opens", "fails"))
_SETTLES = kinds_sql(*doing("settles"))
_COUNTED = kinds_sql(
    *doing("opens", "fails", "settles"),
    *("promise_kept", "promise_broken", "outreach", "surprise", "handover"),
)

_COUNTS = [f"coalesce({dose}, 0)::double as {dose}" for dose in DOSES if dose != "fits"]

_DOSES = f"""
    with rows as (
        select c.account_id, c.as_of_us, r.kind_code, r.matter_id, r.occurred_us,
            r.occurred_us > c.as_of_us - {_QUARTER} as now
        from chosen as c
        join interactions as r on r.account_id = c.account_id
            and r.known_us <= c.as_of_us
            and r.occurred_us > c.as_of_us - {3 * _QUARTER}
        where {_COUNTED}
    ),
    acts as (
        select account_id, as_of_us,
            count(*) filter (kind_code = {code("promise_kept")}) as kept,
            count(*) filter (kind_code = {code("promise_broken")}) as broken,
            count(*) filter ({kinds_sql("outreach", "surprise")}) as reached,
            count(*) filter (kind_code = {code("handover")}) as handed
        from rows
        where now
        group by all
    ),
    matters as (
        select account_id, as_of_us, matter_id,
            bool_or({kinds_sql("complaint", "failure")}) as grave,
            min(occurred_us) filter ({_OPENS}) as opened,
            min(occurred_us) filter ({_SETTLES}) as settled
        from rows
        where matter_id is not null and ({_OPENS} or {_SETTLES})
        group by all
    ),
    dealt as (
        select account_id, as_of_us, grave, settled,
            settled - opened <= {FAST_DAYS * MICROS_PER_DAY} as fast,
            settled > as_of_us - {_QUARTER} as now
        from matters
        where opened is not null
    ),
    dealings as (
        select account_id, as_of_us,
            count(*) filter (now and fast and grave) as fast_grave,
            count(*) filter (now and fast and not grave) as fast_asked,
            count(*) filter (now and not fast) as late,
            count(*) filter (settled is null) as waiting
        from dealt
        group by all
    ),
    served as (
        select c.account_id, c.as_of_us, arg_max(r.rep_id, (r.occurred_us, cast(r.rep_id as varchar))) as rep_id
        from chosen as c
        join interactions as r on r.account_id = c.account_id
            and r.known_us <= c.as_of_us
            and r.occurred_us > c.as_of_us - {5 * _QUARTER}
        where r.rep_id is not null
        group by all
    )
    select c.account_id, c.as_of_us, {", ".join(_COUNTS)},
        coalesce(reps.style = accounts.style, false)::double as fits,
        cast(served.rep_id as varchar) as rep_id
    from chosen as c
    left join acts using (account_id, as_of_us)
    left join dealings using (account_id, as_of_us)
    left join served using (account_id, as_of_us)
    left join reps on reps.rep_id = served.rep_id
    left join accounts on accounts.account_id = c.account_id"""
