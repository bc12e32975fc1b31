"""Responsiveness: how fast and how well we dealt with what the account waited for (S8, S15, S24).

A *matter* is everything with one ``matter_id``. What is still open is not a duration of zero: its wait so far is a
lower bound, kept apart from the durations of what is settled.
"""

from features.engine import MICROS_PER_DAY
from features.history import INTERACTION, Source
from features.theme import Measure, Theme, count, kind, largest, mean, share, total

theme = Theme(
    "responsiveness",
    title="How we answered",
    about="Time to the first answer and to the resolution of matters, what is still open, and how many hands it took.",
    seeds=("S8", "S15", "S24"),
)

_EVENTS = Source(
    "matter_event",
    f"""select account_id, as_of_us, matter_id,
            min(case when opens_matter then occurred_us end) as opened_us,
            min(case when opens_matter then as_of_us - occurred_us end) as shortest_wait_us,
            min(case when answers_matter then occurred_us end) as answered_us,
            max(case when closes_matter then occurred_us end) as closed_us,
            max(case when {kind("reopen")} then occurred_us end) as reopened_us,
            sum(case when {kind("reopen")} then 1 else 0 end) as reopens,
            sum(case when {kind("transfer")} then 1 else 0 end) as transfers,
            sum(case when answers_matter then 1 else 0 end) as answers,
            count(distinct rep_id) as hands
        from {{interaction}} where matter_id is not null group by account_id, as_of_us, matter_id""",
    reads=(INTERACTION,),
)

MATTER = Source(
    "matter",
    f"""select *, (as_of_us - opened_us) / {MICROS_PER_DAY}e0 as age,
            (answered_us - opened_us) / 3600e6 as hours_to_answer,
            case when settled then (closed_us - opened_us) / {MICROS_PER_DAY}e0 end as days_to_resolution
        from (select *, closed_us is not null and (reopened_us is null or reopened_us < closed_us) as settled
            from {{matter_event}} where opened_us is not null) as states""",
    reads=(_EVENTS,),
)


@theme.feature(windows=(30, 90, 365), unit="matters", says="{value:.0f} matters raised in {window} days")
def matters(window: int) -> Measure:
    """Matters opened in the last {window} days."""
    return count(MATTER, window=window)


@theme.feature(unit="matters", says="{value:.0f} matters still open")
def matters_open() -> Measure:
    """Matters not settled yet."""
    return count(MATTER, "not settled")


@theme.feature(unit="days", says="has been waiting for {value:.0f} days")
def longest_open_wait() -> Measure:
    """Days that the oldest open matter has been waiting: a lower bound of its duration."""
    return largest(MATTER, "age", "not settled")


@theme.feature(windows=(90, 365), unit="hours", says="waited {value:.0f} hours for a first answer")
def hours_to_answer(window: int) -> Measure:
    """Mean hours to the first answer, of matters of the last {window} days that have one."""
    return mean(MATTER, "hours_to_answer", window=window)


@theme.feature(windows=(90, 365), unit="days", says="matters took {value:.1f} days to settle")
def days_to_resolution(window: int) -> Measure:
    """Mean days to resolution, of settled matters of the last {window} days."""
    return mean(MATTER, "days_to_resolution", window=window)


@theme.feature(windows=(365,), unit="share", says="{value:.0%} of their matters were settled")
def resolution_rate(window: int) -> Measure:
    """Share of the matters of the last {window} days that are settled."""
    return share(MATTER, "settled", "true", window)


@theme.feature(windows=(365,), unit="share", says="{value:.0%} of matters were settled at first contact")
def first_contact_resolution(window: int) -> Measure:
    """Share of the settled matters of the last {window} days that took a single answer and were never reopened."""
    return share(MATTER, "answers = 1 and reopens = 0", "settled", window)


@theme.feature(windows=(365,), unit="reopens", says="came back {value:.0f} times on settled matters")
def reopens(window: int) -> Measure:
    """Times that matters of the last {window} days were reopened."""
    return total(MATTER, "reopens", window=window)


@theme.feature(windows=(365,), unit="reps", says="{value:.1f} people touched each matter")
def hands_per_matter(window: int) -> Measure:
    """Mean number of reps that touched a matter of the last {window} days."""
    return mean(MATTER, "hands", window=window)


@theme.feature(windows=(365,), unit="minutes", says="was on hold for {value:.0f} minutes in a year")
def minutes_on_hold(window: int) -> Measure:
    """Minutes on hold in the last {window} days."""
    return total(INTERACTION, "coalesce(minutes, 0)", kind("hold"), window)
