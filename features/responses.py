"""Responses: which survey scores were given together, as one answer to one survey (S11; docs/adr/0015).

Scores with one ``response_id`` are one response. Without it the scores of an account from one source are, that follow
each other within less than a day; what would last longer than a day begins anew each day after its first score.
"""

from features.engine import MICROS_PER_DAY
from features.history import SURVEY, Source

_ONE_THREAD = "partition by pair, thread"

ANSWER = Source(
    "answer",
    f"""
    select *,
        max(occurred_us) over ({_ONE_THREAD}, began_us) as answered_us,
        min(age) over ({_ONE_THREAD}, began_us) as answered_age
    from (
        select *, case when response_id is null
                then first_us + {MICROS_PER_DAY} * cast(floor((occurred_us - first_us) / {MICROS_PER_DAY}e0) as bigint)
            end as began_us
        from (
            select *, max(case when follows then null else occurred_us end)
                over ({_ONE_THREAD} order by occurred_us) as first_us
            from (
                select *, coalesce(occurred_us - lag(occurred_us) over ({_ONE_THREAD} order by occurred_us)
                    < {MICROS_PER_DAY}, false) as follows
                from (select *, coalesce('id ' || response_id, 'from ' || source, '') as thread from {{survey}}) as told
            ) as followed
        ) as strung
    ) as parted""",
    reads=(SURVEY,),
)
"""Survey scores with when their response was complete, ``answered_us``, and its age."""

RESPONSE = Source(
    "response",
    """select pair, answered_us as occurred_us, min(answered_age) as age, max(source) as source
        from {answer} group by pair, thread, began_us, answered_us""",
    reads=(ANSWER,),
)
"""A row per response, with the ``source`` of its scores."""

THEIRS = "coalesce(source, '') not in ('mystery_shopping', 'focus_group')"
"""Condition: the response answers a survey that we sent."""
