"""Zones: what an account needs of us now, recovery, expectations or surprises (S23; docs/adr/0006)."""

from features.history import Source
from features.matters import MATTER, PROMISE
from features.theme import Formula, Measure, Theme, count

theme = Theme(
    "zones",
    title="What they need now",
    about="The zone that an account is in: making good, meeting expectations, or small surprises.",
    seeds=("S23",),
)

HALF_A_YEAR = 180
"""What nobody followed up for longer no longer tells the zone: else the book drifts into recovery with its age."""

TO_MAKE_GOOD = Source(
    "to_make_good",
    """select pair, failed_age as age from {matter} where failed and not settled
        union all select pair, days_past_due as age from {promise} where pending and days_past_due > 0""",
    reads=(MATTER, PROMISE),
)
"""Failures not fixed, by their age, and overdue promises, by the days since they were due."""

_RECOVERY = (
    f"to_make_good_{HALF_A_YEAR}d > 0 or (complaints_90d > 0 and (waiting_{HALF_A_YEAR}d > 0 or "
    "coalesce(quadrant, 3e0) = 0))"
)
_AT_EASE = f"waiting_{HALF_A_YEAR}d = 0 and failures_90d = 0 and complaints_90d = 0"
_DELIGHTED = "coalesce(quadrant = 3, compliments_365d > 0 or surprises_365d > 0)"


@theme.feature(windows=(HALF_A_YEAR,), unit="matters", says="we have {value:.0f} failures or promises to make good")
def to_make_good(window: int) -> Measure:
    """Failures of the last {window} days not fixed yet, and promises that fell due in them and are still open."""
    return count(TO_MAKE_GOOD, window=window)


@theme.feature(windows=(HALF_A_YEAR,), unit="matters", says="{value:.0f} matters of {window} days wait for us")
def waiting(window: int) -> Measure:
    """Matters opened in the last {window} days and not settled yet."""
    return count(MATTER, f"not settled and opened_age < {window}")


@theme.feature(unit="code", says="is in zone {value:.0f}: 0 is recovery, 1 expectations, 2 surprises")
def zone() -> Formula:
    """Zone: 0 recovery, 1 expectations, 2 surprises; missing where nothing is on record.

    Recovery: in the last 180 days a failure was not fixed or a promise fell due and is still open; or there was a
    complaint in 90 days, and a matter of the last 180 days is open or the quadrant is poor. Surprises: no matter of the
    last 180 days is open, no failure and no complaint in 90 days, and the quadrant is exceptional, or, where that is
    not known, there was a compliment or a surprise in a year. Expectations: everybody else.
    """
    zones = f"case when {_RECOVERY} then 0e0 when {_AT_EASE} and {_DELIGHTED} then 2e0 else 1e0 end"
    return Formula(f"case when coalesce(days_on_record, days_since_survey) is not null then {zones} end")
