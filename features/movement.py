"""Movement: where an account has been on the index, and which way it went last (S2, S5).

It stands in a quadrant from every occasion on by the settled levels of both axes, each as last told by then; an axis
within the band around the cut keeps its place, so that noise is not a move.
"""

from features.axis_scores import LEVEL, SETTLING
from features.history import Source
from features.index import quadrant_sql
from features.theme import Measure, Theme, count, latest, smallest

theme = Theme(
    "movement",
    title="Where they are going",
    about="How long the account has been in its quadrant, where it was before, and which way it went.",
    seeds=("S2", "S5"),
)


def _as_last_told(axis: str) -> str:
    its_own = f"axis = '{axis}'"
    value, moment = f"case when {its_own} then settled end", f"case when {its_own} then occurred_us end"
    return f"max_by({value}, {moment}) over (partition by pair order by occurred_us)"


_STANDING = Source(
    "standing",
    f"""select pair, occurred_us, min(age) as age, max(product) as product, max(people) as people from (
            select pair, occurred_us, age, {_as_last_told("product")} as product, {_as_last_told("people")} as people
            from (select *, max_by(level, {SETTLING}) over (partition by pair, axis order by occurred_us) as settled
                from {{level}} where axis in ('product', 'people')) as settling
        ) as told group by pair, occurred_us""",
    reads=(LEVEL,),
)

STAND = Source(
    "stand",
    f"""select *, lag(quadrant) over (partition by pair order by occurred_us) as before
        from (select pair, occurred_us, age, {quadrant_sql("product", "people")} as quadrant from {{standing}}) as stood
        where quadrant is not null""",
    reads=(_STANDING,),
)
"""A row per occasion since both axes are known: the quadrant from then on, and the one before."""

_MOVED = "quadrant <> before"

_RISE = "case {} when 0e0 then 0e0 when 3e0 then 2e0 else 1e0 end"


@theme.feature(unit="days", says="has been in this quadrant for {value:.0f} days")
def days_in_quadrant() -> Measure:
    """Days since the account came into its quadrant, or since it has one at all."""
    return smallest(STAND, "age", f"before is null or {_MOVED}")


@theme.feature(windows=(365,), unit="moves", says="changed quadrant {value:.0f} times in {window} days")
def quadrant_moves(window: int) -> Measure:
    """Moves from one quadrant to another in the last {window} days."""
    return count(STAND, _MOVED, window)


@theme.feature(unit="code", says="was in quadrant {value:.0f} before: 0 is poor, 3 exceptional")
def quadrant_before() -> Measure:
    """The quadrant before the present one, coded as ``quadrant``; missing where it never moved."""
    return latest(STAND, "before", _MOVED)


@theme.feature(unit="direction", says="the last move was {value:+.0f}: +1 is towards exceptional")
def last_move() -> Measure:
    """The last move: 1 towards exceptional, -1 towards poor, 0 across; missing where it never moved."""
    return latest(STAND, f"sign({_RISE.format('quadrant')} - {_RISE.format('before')})", _MOVED)
