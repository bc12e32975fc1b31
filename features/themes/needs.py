"""Zones: what an account needs of us now, recovery, expectations or surprises (S23; docs/adr/0006)."""

from features.past.declaration import Formula, Theme
from features.past.matters import MATTER, TO_MAKE_GOOD
from features.past.measure import Measure, count
from features.quadrants import EXCEPTIONAL_CODE, POOR_CODE
from features.sayings import needs as said
from features.timeline.expression import of
from features.timeline.functions import case

theme = Theme(
    "zones",
    title="What they need now",
    about="The zone that an account is in: making good, meeting expectations, or small surprises.",
    seeds=("S23",),
)

ZONES = ("recovery", "expectations", "surprises")
"""The zones, in the order of their codes."""

HALF_A_YEAR = 180
"""What nobody followed up for longer no longer tells the zone: else the book drifts into recovery with its age."""

_TO_MAKE_GOOD = of[f"to_make_good_{HALF_A_YEAR}d"]
_WAITING = of[f"waiting_{HALF_A_YEAR}d"]

_RECOVERY = (_TO_MAKE_GOOD > 0) | (
    (of.complaints_90d > 0) & ((_WAITING > 0) | of.quadrant.equals(POOR_CODE))
)
_AT_EASE = _WAITING.equals(0) & of.failures_90d.equals(0) & of.complaints_90d.equals(0)
_PRAISED = (of.compliments_365d > 0) | (of.surprises_365d > 0)
_DELIGHTED = of.quadrant.equals(EXCEPTIONAL_CODE) | (of.quadrant.missing() & _PRAISED)


@theme.feature(
    windows=(HALF_A_YEAR,),
    unit="matters",
    bad="high",
    says=said.TO_MAKE_GOOD,
)
def to_make_good(window: int) -> Measure:
    """Failures of the last {window} days not fixed yet, and promises that fell due in them and are still open."""
    return count(TO_MAKE_GOOD, window=window)


@theme.feature(
    windows=(HALF_A_YEAR,),
    unit="matters",
    bad="high",
    says=said.WAITING,
)
def waiting(window: int) -> Measure:
    """Matters opened in the last {window} days and not settled yet."""
    return count(MATTER, ~of.settled & (of.opened_age < window))


@theme.feature(
    unit="code",
)
def zone() -> Formula:
    """Zone: 0 recovery, 1 expectations, 2 surprises; missing where nothing is on record.

    Recovery: in the last 180 days a failure was not fixed or a promise fell due and is still open; or there was a
    complaint in 90 days, and a matter of the last 180 days is open or the quadrant is poor. Surprises: no matter of the
    last 180 days is open, no failure and no complaint in 90 days, and the quadrant is exceptional, or, where that is
    not known, there was a compliment or a surprise in a year. Expectations: everybody else.
    """
    zones = case(_RECOVERY, 0, case(_AT_EASE & _DELIGHTED, 2, 1))
    return Formula(
        case(of.days_on_record.known() | of.days_since_survey.known(), zones)
    )


def zone_of(code: float) -> str:
    """The zone of a code; unknown for a missing one.

    Example:
        >>> zone_of(0.0), zone_of(float("nan"))
        ('recovery', 'unknown')
    """
    return "unknown" if code != code else ZONES[int(code)]
