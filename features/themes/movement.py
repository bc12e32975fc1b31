"""Movement: where an account has been on the index, and which way it went last (S2, S5).

It stands in a quadrant from every occasion on by the settled levels of both axes, each as last told by then; an axis
within the band around the cut keeps its place, so that noise is not a move.
"""

import numpy as np

from features.past.declaration import Theme
from features.past.measure import Measure, count, days_since_last, latest
from features.past.occasions import AXES, occasion_rows
from features.quadrants import quadrant_code
from features.timeline.expression import of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import Floats, Rows, first_of_group, starts

theme = Theme(
    "movement",
    title="Where they are going",
    about="How long the account has been in its quadrant, where it was before, and which way it went.",
    seeds=("S2", "S5"),
)


_RISE = np.array([0.0, 1.0, 1.0, 2.0])
"""How far up each quadrant is, by its code."""


def _stand_rows(histories: Histories) -> Rows:
    occasions = histories.once(occasion_rows).part(
        of.axis <= AXES.index("people"), "axis", "settled"
    )
    history, when, settled = (
        occasions.history,
        occasions.when,
        occasions.columns["settled"],
    )
    first = first_of_group(starts(history))

    def as_last_told(axis: str) -> Floats:
        place = np.where(
            occasions.columns["axis"] == AXES.index(axis), np.arange(len(history)), -1
        )
        last = np.maximum.accumulate(place)
        return np.where(last >= first, settled[last], np.nan)

    told = {axis: as_last_told(axis) for axis in ("product", "people")}
    quadrant = quadrant_code(of.product, of.people).values(told)
    newest = np.append(starts(history, when)[1:], True)[: len(history)]
    kept = newest & ~np.isnan(quadrant)
    history, when, quadrant = history[kept], when[kept], quadrant[kept]
    before = np.where(
        starts(history), np.nan, np.append(np.nan, quadrant[:-1])[: len(history)]
    )
    columns = {"quadrant": quadrant, "before": before, "rise": _rise(quadrant, before)}
    return Rows(history, when, columns, occasions.histories)


def _stands(past: Past) -> Timeline:
    return Timeline(past.histories.once(_stand_rows), past.edges)


STAND = Source("stand", _stands)
"""A row per occasion since both axes are known: the quadrant from then on, the one before, and the ``rise`` between."""


def _rise(quadrant: Floats, before: Floats) -> Floats:
    known = ~np.isnan(before)
    rise = np.full(len(quadrant), np.nan)
    rise[known] = np.sign(
        _RISE[quadrant[known].astype(int)] - _RISE[before[known].astype(int)]
    )
    return rise


_MOVED = of.quadrant.differs(of.before)


@theme.feature(unit="days", says="has been in this quadrant for {value:.0f} days")
def days_in_quadrant() -> Measure:
    """Days since the account came into its quadrant, or since it has one at all."""
    return days_since_last(STAND, of.before.missing() | _MOVED)


@theme.feature(
    windows=(365,),
    unit="moves",
    says="changed quadrant {value:.0f} times in {window} days",
)
def quadrant_moves(window: int) -> Measure:
    """Moves from one quadrant to another in the last {window} days."""
    return count(STAND, _MOVED, window)


@theme.feature(
    unit="code", says="was in quadrant {value:.0f} before: 0 is poor, 3 exceptional"
)
def quadrant_before() -> Measure:
    """The quadrant before the present one, coded as ``quadrant``; missing where it never moved."""
    return latest(STAND, of.before, _MOVED)


@theme.feature(
    unit="direction", says="the last move was {value:+.0f}: +1 is towards exceptional"
)
def last_move() -> Measure:
    """The last move: 1 towards exceptional, -1 towards poor, 0 across; missing where it never moved."""
    return latest(STAND, of.rise, _MOVED)
