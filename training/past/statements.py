"""The statements of labels by name, beside those of a book: see `features.book.statements`."""

from __future__ import annotations

from features.book.given import Given
from features.book.statements import Statement
from features.calendar.presence import customers_sql
from features.engine import MICROS_PER_DAY
from models.score.horizon import MIGRATION_HORIZON
from training.past.label_statements import (
    behaved_sql,
    came_back_sql,
    departed_now_sql,
    left_moments_sql,
    quiet_now_sql,
    reporting_delay_sql,
    said_sql,
    usual_gap_sql,
)
from training.past.leaving import Leaving

EVENTS = ("accounts", "merged", "interactions", "departures", "signed")


def statements(given: Given, meaning: Leaving) -> dict[str, Statement]:
    """The statements of labels by name, of the cohort of which all is known by the book's as-of date.

    Args:
        given: what of a book its statements depend on.
        meaning: what leaving means there.
    """
    until, quiet_days = given.as_of, meaning.quiet_days
    known_after = (MIGRATION_HORIZON + meaning.delay_days) * MICROS_PER_DAY
    earlier = f"(select {until - known_after} as as_of_us)"
    moments = left_moments_sql(until, quiet_days)
    told = ("looked_at", "interactions", "departures")
    made = {
        "looked_at": Statement(
            "The customers of the last as-of date of which it is known who left.",
            customers_sql(given.departures, given.grace_days, earlier),
            EVENTS,
        ),
        "when_left": Statement("When each of those looked at left.", moments, told),
        "said": Statement(
            "Whether those who left said so, by their departure.",
            said_sql(until, moments),
            told,
        ),
        "behaved": Statement(
            "Whether those who left said a word before, by what they did.",
            behaved_sql(until, moments),
            told,
        ),
    }
    if quiet_days is None:
        now = f"(select {until} as as_of_us)"
        customers = customers_sql(True, given.grace_days, now)
        made["has_left"] = Statement(
            "Whether each account has left by now.",
            departed_now_sql(until, customers),
            EVENTS,
        )
        made["reporting_delay"] = Statement(
            "How long after a departure nearly all of them are known, in microseconds.",
            reporting_delay_sql(until, given.grace_days),
            EVENTS,
        )
        return made
    made["has_left"] = Statement(
        "Whether each account has been quiet for longer than the quiet period.",
        quiet_now_sql(until, quiet_days),
        ("interactions", "merged"),
    )
    made["usual_gap"] = Statement(
        "The days between active days that few gaps exceed.",
        usual_gap_sql(until),
        ("interactions",),
    )
    made["came_back"] = Statement(
        "The share of quiet stretches that ended with the account coming back.",
        came_back_sql(until, quiet_days),
        ("interactions",),
    )
    return made
