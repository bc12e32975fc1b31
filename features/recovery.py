"""Recovery: failures of ours and what came of them (S21, S27).

A failure fixed fast can leave an account happier than before; one left unfixed does lasting damage. So the outcomes are
kept apart, and the models may give each its own sign.
"""

from features.history import DEALING, SURVEY, Source
from features.items import axis_items
from features.matters import MATTER
from features.theme import Formula, Measure, Theme, among, count, kind, largest, mean, smallest

theme = Theme(
    "recovery",
    title="How we made good",
    about="Failures, and whether they were fixed fast, late, or not at all.",
    seeds=("S21",),
)

FAST_DAYS = 3
"""A failure fixed within this is fixed fast."""

_AXIS_SCORE = among("item", *axis_items("product"), *axis_items("people"))

SCORE_AROUND_FAILURE = Source(
    "score_around_failure",
    f"""select s.pair, s.score, s.age,
            case when s.occurred_us > f.failed_us then 1 else 0 end as later
        from {{survey}} as s join (select pair, max(occurred_us) as failed_us from {{dealing}}
            where {kind("failure")} group by pair) as f on f.pair = s.pair
        where {_AXIS_SCORE}""",
    reads=(SURVEY, DEALING),
)


@theme.feature(windows=(90, 365), unit="failures", says="we failed them {value:.0f} times in {window} days")
def failures(window: int) -> Measure:
    """Failures of ours in the last {window} days."""
    return count(DEALING, kind("failure"), window)


@theme.feature(unit="days", says="our last failure is {value:.0f} days ago")
def days_since_failure() -> Measure:
    """Days since our last failure."""
    return smallest(DEALING, "age", kind("failure"))


@theme.feature(windows=(365,), unit="failures", says="{value:.0f} failures were fixed fast")
def failures_fixed_fast(window: int) -> Measure:
    """Failures of the last {window} days fixed within three days."""
    return count(MATTER, f"days_to_fix <= {FAST_DAYS} and failed_age < {window}")


@theme.feature(windows=(365,), unit="failures", says="{value:.0f} failures were fixed late")
def failures_fixed_late(window: int) -> Measure:
    """Failures of the last {window} days fixed after more than three days."""
    return count(MATTER, f"days_to_fix > {FAST_DAYS} and failed_age < {window}")


@theme.feature(windows=(365,), unit="failures", says="{value:.0f} failures are not fixed")
def failures_not_fixed(window: int) -> Measure:
    """Failures of the last {window} days not fixed yet, and open for more than three days."""
    return count(MATTER, f"failed and not settled and failed_age > {FAST_DAYS} and failed_age < {window}")


@theme.feature(unit="days", says="a failure has been open for {value:.0f} days")
def longest_open_failure() -> Measure:
    """Days that the oldest failure not fixed yet has been open: a lower bound."""
    return largest(MATTER, "failed_age", "not settled")


@theme.feature(windows=(365,), unit="points", says="scored {value:.1f} after our last failure", seeds=("S21", "S27"))
def score_after_failure(window: int) -> Measure:
    """Mean score of both axes after our last failure, of the last {window} days."""
    return mean(SCORE_AROUND_FAILURE, "score", "later = 1", window)


@theme.feature(windows=(365,), unit="points", says="scored {value:.1f} before our last failure", seeds=("S21", "S27"))
def score_before_failure(window: int) -> Measure:
    """Mean score of both axes before our last failure, of the last {window} days."""
    return mean(SCORE_AROUND_FAILURE, "score", "later = 0", window)


@theme.feature(unit="points", says="scores moved by {value:+.1f} with our last failure", seeds=("S21", "S27"))
def forgiveness() -> Formula:
    """Mean score after our last failure less that before it: above zero is the service recovery paradox."""
    return Formula("score_after_failure_365d - score_before_failure_365d")
