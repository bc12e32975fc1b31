"""Recovery: failures of ours and what came of them (S21, S27).

A failure fixed fast can leave an account happier than before; one left unfixed does lasting damage. So the outcomes are
kept apart, and the models may give each its own sign.
"""

import numpy as np

from features.past.declaration import Formula, Theme
from features.past.matters import MATTER
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    mean,
    smallest,
)
from features.past.row_sources import DEALING, days_before, dealings
from features.sayings import recovery as said
from features.timeline.expression import ALL, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import Rows, spread
from features.timeline.things import Things
from features.vocabulary.items import axis_codes

theme = Theme(
    "recovery",
    title="How we made good",
    about="Failures, and whether they were fixed fast, late, or not at all.",
    seeds=("S21",),
)

FAST_DAYS = 3
"""A failure fixed within this is fixed fast."""

_ON_AN_AXIS = of.item.among(*axis_codes("product"), *axis_codes("people"))


def _axis_rows(histories: Histories) -> Rows:
    return histories.surveys.part(_ON_AN_AXIS, "score")


def _scores_around_failure(past: Past) -> Things:
    dealt = past.once(dealings)
    failures = dealt.rows.places(kind("failure"))
    low, high = dealt.span(kind("failure"), None, None)
    scores = Timeline(past.histories.once(_axis_rows), past.edges)
    first, last = scores.span(ALL, None, None)
    failed = np.flatnonzero(high > low)
    failed_us = dealt.rows.when[failures[high[failed] - 1]]
    run, place = spread(first[failed], (last - first)[failed])
    when = scores.rows.when[place]
    columns = {
        "age": days_before(past.as_of[failed][run], when),
        "score": scores.rows.columns["score"][place],
        "later": when > failed_us[run],
    }
    return Things(failed[run], columns, len(past.edges))


SCORE_AROUND_FAILURE = Source("score_around_failure", _scores_around_failure)
"""The scores of the axes of an account that we failed; whether each is ``later`` than our last failure."""


@theme.feature(
    windows=(90, 365),
    unit="failures",
    bad="high",
    says="we failed them {value:times} in {window} days",
)
def failures(window: int) -> Measure:
    """Failures of ours in the last {window} days."""
    return count(DEALING, kind("failure"), window)


@theme.feature(unit="days", bad="low", says=said.DAYS_SINCE_FAILURE)
def days_since_failure() -> Measure:
    """Days since our last failure."""
    return days_since_last(DEALING, kind("failure"))


@theme.feature(
    windows=(365,),
    unit="failures",
)
def failures_fixed_fast(window: int) -> Measure:
    """Failures of the last {window} days fixed within three days."""
    return count(MATTER, (of.days_to_fix <= FAST_DAYS) & (of.failed_age < window))


@theme.feature(
    windows=(365,),
    unit="failures",
    bad="high",
    says="we fixed {value:.0f} failures late in {window} days",
)
def failures_fixed_late(window: int) -> Measure:
    """Failures of the last {window} days fixed after more than three days."""
    return count(MATTER, (of.days_to_fix > FAST_DAYS) & (of.failed_age < window))


@theme.feature(
    windows=(365,),
    unit="failures",
    bad="high",
    says=said.NOT_FIXED,
)
def failures_not_fixed(window: int) -> Measure:
    """Failures of the last {window} days not fixed yet, and open for more than three days."""
    open_for = of.failed_age
    return count(
        MATTER, of.failed & ~of.settled & (open_for > FAST_DAYS) & (open_for < window)
    )


@theme.feature(unit="days", bad="high", says=said.LONGEST_OPEN_FAILURE)
def longest_open_failure() -> Measure:
    """Days that the oldest failure not fixed yet has been open: a lower bound."""
    return largest(MATTER, of.failed_age, ~of.settled)


@theme.feature(unit="days", bad="either")
def freshest_open_failure() -> Measure:
    """Days since the last word on the failure not fixed yet that was spoken of last."""
    return smallest(MATTER, of.silent_for, of.failed & ~of.settled)


@theme.feature(
    windows=(365,),
    unit="points",
    bad="low",
    says=said.SCORED_LESS,
    seeds=("S21", "S27"),
)
def score_after_failure(window: int) -> Measure:
    """Mean score of both axes after our last failure, of the last {window} days."""
    return mean(SCORE_AROUND_FAILURE, of.score, of.later, window)


@theme.feature(
    windows=(365,),
    unit="points",
    seeds=("S21", "S27"),
)
def score_before_failure(window: int) -> Measure:
    """Mean score of both axes before our last failure, of the last {window} days."""
    return mean(SCORE_AROUND_FAILURE, of.score, ~of.later, window)


@theme.feature(
    unit="points",
    bad="low",
    says=said.SCORED_LESS,
    seeds=("S21", "S27"),
)
def forgiveness() -> Formula:
    """Mean score after our last failure less that before it: above zero is the service recovery paradox."""
    return Formula(of.score_after_failure_365d - of.score_before_failure_365d)
