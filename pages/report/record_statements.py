"""The SQL of what a book has on record, on its clean tables.

Moments are in microseconds since 1970; ``until`` is the moment up to which anything was known.
"""

from __future__ import annotations

from features.book.given import Given
from features.book.statements import Statement
from features.calendar.presence import left_sql
from features.engine import indented, listed
from features.vocabulary.kinds import doing, kinds_sql

OF_INTERACTIONS = {
    "purchase": kinds_sql("purchase"),
    "amount": f"{kinds_sql('purchase')} and value is not null",
    "visit": kinds_sql("visit"),
    "referral": kinds_sql("referral"),
    "reply": kinds_sql("reply"),
    "settling": kinds_sql(*doing("settles")),
    "zoned": kinds_sql(
        *doing("fails", "promises"), "complaint", "compliment", "surprise"
    ),
    "any": "true",
}
"""The kinds of record that interactions are, each by what tells it."""

RECORDS = (*OF_INTERACTIONS, "survey", "departure", "reported", "contract")
"""Every kind of record, in the order of the columns of `first_records_sql`."""


def first_records_sql(until: int, grace_days: int) -> str:
    """When each kind of record first appears, one row; null where there is none."""
    firsts = [
        f"min(case when {where} then occurred_us end) as first_{name}"
        for name, where in OF_INTERACTIONS.items()
    ]
    return f"""\
with of_interactions as (
    select
        {listed(firsts, 8)}
    from interactions
    where known_us <= {until}
),
of_surveys as (
    select min(occurred_us) as first_survey
    from surveys
    where known_us <= {until}
),
times_left as (
    {indented(left_sql(grace_days, until), 4)}
),
of_times_left as (
    select min(occurred_us) as first_departure
    from times_left
),
of_departures as (
    select min(occurred_us) as first_reported
    from departures
    where known_us <= {until}
),
of_contracts as (
    select min(starts_us) as first_contract
    from contracts
    where known_us <= {until}
)
select *
from of_interactions, of_surveys, of_times_left, of_departures, of_contracts"""


def departures_known_sql(until: int, grace_days: int) -> str:
    """Each time an account left, and what is summed up of it, see `pages.report.quarterly_sums.departures_known`."""
    return f"""\
with times_left as (
    {indented(left_sql(grace_days, until), 4)}
)
select
    account_id,
    occurred_us,
    known_us - occurred_us as late_us,
    reason,
    1 as departures,
    cast(reason is null as integer) as unreasoned,
    cast(overt is not null as integer) as told_apart,
    cast(coalesce(overt, false) as integer) as overt
from times_left
order by account_id, occurred_us"""


def statements(given: Given) -> dict[str, Statement]:
    """The statements of a report by name, beside those of a book: see `features.book.statements`."""
    events = ("accounts", "merged", "interactions", "departures", "signed", "contracts")
    return {
        "first_records": Statement(
            "When each kind of record first appears.",
            first_records_sql(given.as_of, given.grace_days),
            (*events, "surveys"),
        ),
        "departures_known": Statement(
            "Each time an account left, and what is summed up of it.",
            departures_known_sql(given.as_of, given.grace_days),
            events,
        ),
    }
