"""Matters: everything with one ``matter_id``, grouped once for all themes that speak of it.

A matter may be a question and its answers, a failure and what came of it, or a promise. What is still open is not a
duration of zero: its wait so far is a lower bound, kept apart from the durations of what is settled.
"""

from features.engine import MICROS_PER_DAY
from features.history import INTERACTION, Source
from features.theme import kind

_MICROS_PER_MINUTE = 60_000_000


def _first(condition: str) -> str:
    return f"min(case when {condition} then occurred_us end)"


def _last(condition: str) -> str:
    return f"max(case when {condition} then occurred_us end)"


def _count(condition: str) -> str:
    return f"sum(case when {condition} then 1 else 0 end)"


_SETTLED = "(closed_us is not null and (reopened_us is null or reopened_us < closed_us))"

_GROUPED = Source(
    "grouped_matter",
    f"""select pair, matter_id, max(as_of_us) as as_of_us, count(*) as exchanges, min(age) as touched_age,
            nullif(count(distinct rep_id), 0) as hands,
            {_first("opens_matter")} as opened_us, {_first("answers_matter")} as answered_us,
            {_last("closes_matter")} as closed_us, {_last(kind("reopen"))} as reopened_us,
            {_count(kind("reopen"))} as reopens, {_count("answers_matter")} as answers,
            {_last(kind("failure"))} as failed_us, {_first(kind("promise_made"))} as made_us,
            {_first(kind("promise_kept"))} as kept_us, {_first(kind("promise_broken"))} as broken_us,
            max(case when {kind("promise_made")} then minutes end) as minutes_to_due
        from {{interaction}} where matter_id is not null group by pair, matter_id""",
    reads=(INTERACTION,),
)

MATTER = Source(
    "matter",
    f"""select pair, matter_id, exchanges, hands, touched_age as age, reopens, answers,
            opened_us, opened_us is not null as opened, (as_of_us - opened_us) / {MICROS_PER_DAY}e0 as opened_age,
            (answered_us - opened_us) / 3600e6 as hours_to_answer,
            {_SETTLED} as settled,
            (closed_us - opened_us) / {MICROS_PER_DAY}e0 as days_to_close,
            failed_us, (as_of_us - failed_us) / {MICROS_PER_DAY}e0 as failed_age,
            case when {_SETTLED} and closed_us >= failed_us then (closed_us - failed_us) / {MICROS_PER_DAY}e0 end
                as days_to_fix,
            (as_of_us - made_us) / {MICROS_PER_DAY}e0 as made_age, kept_us is not null as kept,
            broken_us is not null as broken, made_us is not null and kept_us is null and broken_us is null as promised,
            (as_of_us - made_us - {_MICROS_PER_MINUTE} * minutes_to_due) / {MICROS_PER_DAY}e0 as days_past_due
        from {{grouped_matter}}""",
    reads=(_GROUPED,),
)
"""A row per matter known by the as-of date; ages in days are missing where it is no such matter."""
