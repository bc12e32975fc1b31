"""Movement: where an account has been on the index, and which way it went last (S2, S5).

It stands in a quadrant from every occasion on by the settled levels of both axes, each as last told by then; an axis
within the band around the cut keeps its place, so that noise is not a move.
"""

import numpy as np

from features.past.declaration import Theme
from features.past.measure import Measure, count, days_since_last, latest
from features.past.occasions import AXES, occasion_rows
from features.quadrants import HEIGHTS, quadrant_code
from features.sayings import movement as said
from features.timeline.expression import of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import Floats, Ints, Rows, ends, first_of_group, starts

theme = Theme(
    "movement",
    title="Where they are going",
    about="How long the account has been in its quadrant, where it was before, and which way it went.",
    seeds=("S2", "S5"),
)


def _stand_rows(histories: Histories) -> Rows:
    on_axes = of.axis <= AXES.index("people")
    occasions = histories.once(occasion_rows).part(on_axes, "axis", "settled")
    told = {axis: _as_last_told(occasions, axis) for axis in ("product", "people")}
    quadrant = quadrant_code(of.product, of.people).values(told)
    newest = ends(occasions.history, occasions.when)
    kept = newest & ~np.isnan(quadrant)
    history, quadrant = occasions.history[kept], quadrant[kept]
    before = _one_before(history, quadrant)
    columns = {"quadrant": quadrant, "before": before, "rise": _rise(quadrant, before)}
    return Rows(history, occasions.when[kept], columns, occasions.histories)


def _as_last_told(occasions: Rows, axis: str) -> Floats:
    """The settled level of an axis as told up to each occasion on either; missing before the first on it."""
    rows = np.arange(len(occasions))
    is_on_axis = occasions.columns["axis"] == AXES.index(axis)
    last = np.maximum.accumulate(np.where(is_on_axis, rows, -1))
    first = first_of_group(starts(occasions.history))
    return np.where(last >= first, occasions.columns["settled"][last], np.nan)


def _one_before(history: Ints, values: Floats) -> Floats:
    """The value of the row before in the same history; missing for the first."""
    shifted = np.roll(values, 1)
    return np.where(starts(history), np.nan, shifted)


def _stands(past: Past) -> Timeline:
    return Timeline(past.histories.once(_stand_rows), past.edges)


STAND = Source("stand", _stands)
"""A row per occasion since both axes are known: the quadrant from then on, the one before, and the ``rise`` between."""


def _rise(quadrant: Floats, before: Floats) -> Floats:
    """1 towards exceptional, -1 towards poor, 0 across or at one place; missing where there is none before."""
    heights = np.array(HEIGHTS, dtype=np.float64)
    known = ~np.isnan(before)
    here = heights[quadrant[known].astype(int)]
    there = heights[before[known].astype(int)]
    rise = np.full(len(quadrant), np.nan)
    rise[known] = np.sign(here - there)
    return rise


_MOVED = of.quadrant.differs(of.before)


@theme.feature(unit="days", bad="either", says=said.SINCE)
def days_in_quadrant() -> Measure:
    """Days since the account came into its quadrant, or since it has one at all."""
    return days_since_last(STAND, of.before.missing() | _MOVED)


@theme.feature(
    windows=(365,),
    unit="moves",
    bad="high",
    says=said.QUADRANT_MOVES,
)
def quadrant_moves(window: int) -> Measure:
    """Moves from one quadrant to another in the last {window} days."""
    return count(STAND, _MOVED, window)


@theme.feature(
    unit="code",
)
def quadrant_before() -> Measure:
    """The quadrant before the present one, coded as ``quadrant``; missing where it never moved."""
    return latest(STAND, of.before, _MOVED)


@theme.feature(unit="direction", bad="low", says=said.LAST_MOVE)
def last_move() -> Measure:
    """The last move: 1 towards exceptional, -1 towards poor, 0 across; missing where it never moved."""
    return latest(STAND, of.rise, _MOVED)
