"""Zones: what an account needs of us now, recovery, expectations or surprises (S23; docs/adr/0006)."""

from features.theme import Formula, Theme

theme = Theme(
    "zones",
    title="What they need now",
    about="The zone that an account is in: making good, meeting expectations, or small surprises.",
    seeds=("S23",),
)

_RECOVERY = (
    "longest_open_failure is not null or promises_overdue > 0 "
    "or (complaints_90d > 0 and (matters_open > 0 or coalesce(quadrant, 3e0) = 0))"
)
_AT_EASE = "matters_open = 0 and failures_90d = 0 and complaints_90d = 0"
_DELIGHTED = "coalesce(quadrant = 3, compliments_365d > 0 or surprises_365d > 0)"


@theme.feature(unit="code", says="the zone they are in")
def zone() -> Formula:
    """Zone: 0 recovery, 1 expectations, 2 surprises; missing where nothing is on record.

    Recovery: a failure is not fixed, a promise is overdue, or there was a complaint in 90 days and a matter is open or
    the quadrant is poor. Surprises: nothing is open, no failure and no complaint in 90 days, and the quadrant is
    exceptional, or, without surveys, there was a compliment or a surprise in a year. Expectations: everybody else.
    """
    zones = f"case when {_RECOVERY} then 0e0 when {_AT_EASE} and {_DELIGHTED} then 2e0 else 1e0 end"
    return Formula(f"case when days_on_record is not null then {zones} end")
