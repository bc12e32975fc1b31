"""Matters and promises: what becomes of them, told once for all that speak of it (docs/adr/0017).

The rows of one account with one ``matter_id`` are taken moment by moment; what each kind does is in `features.kinds`.

A *matter* is opened by the first row that asks, fails or reopens; what came before it belongs to nothing. It waits
until it is *settled*, whatever we answer meanwhile. On a settled matter a failure of ours begins another one, and
whatever else the account asks *reopens* it; what we say there changes nothing. Of one moment questions and failures
come first, and settlements and reopenings cancel out: the matter is then what it was before.

A *promise* is made, and then kept or broken, which at one moment comes after. Made again while it is pending it is the
same promise with another date; made again after that it is another one. What was ever noted as broken is not kept.
"""

from features.engine import MICROS_PER_DAY
from features.history import INTERACTION, Source
from features.kinds import KINDS, Effect
from features.theme import kind


def does(*effects: Effect) -> str:
    """Condition: the row does one of these to its matter or promise."""
    return kind(*(known.name for known in KINDS.values() if known.effect in effects))


_BEFORE = """(partition by pair, matter_id order by occurred_us
            range between unbounded preceding and 1 preceding)"""

_MOMENT = Source(
    "matter_moment",
    f"""select *,
            case when settlements > reopenings then 1 when reopenings > settlements or asks > 0 then 0 end as settled
        from (
            select pair, as_of_us, matter_id, occurred_us, rep_id, kind_code,
                sum(case when {does("settles")} then 1 else 0 end) over moment as settlements,
                sum(case when {does("reopens")} then 1 else 0 end) over moment as reopenings,
                sum(case when {does("opens", "fails")} then 1 else 0 end) over moment as asks,
                sum(case when {does("fails")} then 1 else 0 end) over moment as failures,
                min(case when {does("opens", "fails", "reopens")} then occurred_us end)
                    over (partition by pair, matter_id) as first_us
            from {{interaction}} where matter_id is not null
            window moment as (partition by pair, matter_id, occurred_us)
        ) as rows_of_matters where occurred_us >= first_us""",
    reads=(INTERACTION,),
)
"""Rows of matters with all that happens at their moment: ``settled`` is 1 or 0, or missing where that stays."""

_FOLLOWED = Source(
    "followed_matter",
    f"""select *, coalesce(settled = 1, was_settled) as is_settled,
            was_settled and asks = 0 and reopenings = 0 as at_rest,
            reopenings > 0 or (was_settled and asks > 0 and failures = 0) as reopened,
            max(case when was_settled and failures > 0 then occurred_us end)
                over (partition by pair, matter_id order by occurred_us) as begun_us
        from (
            select *, last_settled_us is not null and coalesce(last_waiting_us < last_settled_us, true) as was_settled
            from (
                select *, max(case when settled = 1 then occurred_us end) over before as last_settled_us,
                    max(case when settled = 0 then occurred_us end) over before as last_waiting_us
                from {{matter_moment}} window before as {_BEFORE}
            ) as earlier
        ) as moments""",
    reads=(_MOMENT,),
)
"""The same with what the matter was before the moment and is after it; ``begun_us`` tells matters of one id apart."""

_GROUPED = Source(
    "grouped_matter",
    f"""select pair, matter_id, max(as_of_us) as as_of_us, min(occurred_us) as opened_us,
            nullif(count(distinct rep_id), 0) as hands,
            count(distinct case when reopened then occurred_us end) as reopens,
            max(case when asks > 0 then occurred_us end) as asked_us,
            min(case when {does("answers", "settles")} then occurred_us end) as answered_us,
            count(distinct case when {does("answers")} and not at_rest then occurred_us end) as answers,
            max_by(is_settled, occurred_us) as settled,
            max(case when is_settled and not at_rest then occurred_us end) as settled_us,
            min(case when {does("fails")} then occurred_us end) as failed_us
        from {{followed_matter}} group by pair, matter_id, begun_us""",
    reads=(_FOLLOWED,),
)

MATTER = Source(
    "matter",
    f"""select pair, opened_us, (as_of_us - opened_us) / {MICROS_PER_DAY}e0 as opened_age, hands, reopens,
            (answered_us - opened_us) / 3600e6 as hours_to_answer, settled,
            case when settled then (settled_us - opened_us) / {MICROS_PER_DAY}e0 end as days_to_settle,
            settled and reopens = 0 and answers <= 1 and asked_us <= answered_us as first_contact,
            failed_us is not null as failed, (as_of_us - failed_us) / {MICROS_PER_DAY}e0 as failed_age,
            case when settled then (settled_us - failed_us) / {MICROS_PER_DAY}e0 end as days_to_fix
        from {{grouped_matter}}""",
    reads=(_GROUPED,),
)
"""A row per matter: its ages and durations in days, missing where there is none (yet).

``hours_to_answer`` is the wait for the first word to the account; ``first_contact`` says that it was settled with one,
and never asked about again; ``failed`` and what follows are of its first failure.
"""

_FOLLOWED_PROMISE = Source(
    "followed_promise",
    f"""select *, max(case when {does("promises")} and not was_pending then occurred_us end)
                over (partition by pair, matter_id order by occurred_us) as made_us
        from (
            select *, last_made_us is not null and coalesce(last_done_us < last_made_us, true) as was_pending
            from (
                select pair, as_of_us, matter_id, occurred_us, kind_code, minutes,
                    max(case when {does("promises")} then occurred_us end) over before as last_made_us,
                    max(case when {does("keeps", "breaks")} then occurred_us end) over before as last_done_us
                from {{interaction}}
                where matter_id is not null and {does("promises", "keeps", "breaks")} window before as {_BEFORE}
            ) as earlier
        ) as moments""",
    reads=(INTERACTION,),
)

_GROUPED_PROMISE = Source(
    "grouped_promise",
    f"""select pair, (max(as_of_us) - made_us) / {MICROS_PER_DAY}e0 as made_age,
            max(case when {does("keeps")} then 1 else 0 end) = 1 as ever_kept,
            max(case when {does("breaks")} then 1 else 0 end) = 1 as broken,
            min(case when {does("promises")} then (as_of_us - occurred_us - 60e6 * minutes) / {MICROS_PER_DAY}e0 end)
                as days_past_due
        from {{followed_promise}} where made_us is not null group by pair, matter_id, made_us""",
    reads=(_FOLLOWED_PROMISE,),
)

PROMISE = Source(
    "promise",
    """select pair, made_age, days_past_due, ever_kept and not broken as kept, broken,
            not (ever_kept or broken) as pending
        from {grouped_promise}""",
    reads=(_GROUPED_PROMISE,),
)
"""A row per promise, in one of three states; ``days_past_due`` is by the latest date that was given, if any was."""

EXCHANGE = Source(
    "exchange",
    f"""select pair, count(*) as exchanges, min(age) as age from {{interaction}}
        where matter_id is not null and not ({kind("note")}) group by pair, matter_id""",
    reads=(INTERACTION,),
)
"""A row per ``matter_id``: how many interactions it took, and how long ago the last of them was."""
