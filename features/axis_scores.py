"""Axis scores: what the account says of the product and of the people, and the quadrant that follows (S1, S2, S6, S28).

The *score of an occasion* is the mean of an axis's items answered in one response, or in several that were complete at
one instant. The *level* of an axis is the mean
of its last three occasions. Means are weighed by the survey's `weight`, so that sources can count differently (S10).
The *settled level* passes over levels in the band around the cut, see `features.index`.
"""

from features.engine import fixed, to_six_decimals
from features.history import SURVEY, Source
from features.index import EXCEPTIONAL_FROM, LOW_BELOW, in_band_sql, quadrant_sql
from features.items import axis_items
from features.responses import ANSWER
from features.theme import Formula, Measure, Theme, among, count, latest, smallest, spread, trend

OCCASIONS_IN_LEVEL = 3

theme = Theme(
    "axis_scores",
    title="What they say of us",
    about="Scores of the product and of the people, on 0 to 10, and the quadrant that they give.",
    seeds=("S1", "S2", "S10"),
)

_AXIS = (
    f"case when {among('item', *axis_items('product'))} then 'product' "
    f"when {among('item', *axis_items('people'))} then 'people' else item end"
)


def _weighed(value: str, over: str = "") -> str:
    """The mean of a value by weight: of whole numbers, so that a 9 stays a 9 whatever it weighs."""
    products = f"cast(sum({fixed(value)} * {fixed('weight')}){over} as double)"
    return f"round({products} / nullif(sum({fixed('weight')}){over}, 0)) / 1e6"


OCCASION = Source(
    "occasion",
    f"""select pair, answered_us as occurred_us, {_AXIS} as axis, min(answered_age) as age,
        {_weighed("score")} as score, cast(sum({fixed("weight")}) as double) / count(*) / 1e6 as weight
        from {{answer}} group by pair, answered_us, {_AXIS}""",
    reads=(ANSWER,),
)

ITEM_SCORE = Source(
    "item_score",
    f"""select pair, answered_us as occurred_us, item, {_weighed("score")} as score, {_weighed("answer")} as answer
        from {{answer}} group by pair, answered_us, item""",
    reads=(ANSWER,),
)

_CHANGE = to_six_decimals("score - level_before")

_ORDERED = "partition by pair, axis order by occurred_us"


def _mean_of(first: int, last: int) -> str:
    """The mean score of the occasions from so many before to so many before."""
    return _weighed("score", f" over ({_ORDERED} rows between {first} preceding and {last} preceding)")


LEVEL = Source(
    "level",
    f"""select *, {_mean_of(OCCASIONS_IN_LEVEL - 1, 0)} as level, {_mean_of(OCCASIONS_IN_LEVEL, 1)} as level_before
        from {{occasion}}""",
    reads=(OCCASION,),
)


# Earlier than every instant, and still in order: a level in the band counts only where there is no other.
SETTLING = f"occurred_us - case when {in_band_sql('level')} then 10000000000000000 else 0 end"


def _newest(axis: str, value: str) -> Measure:
    return latest(LEVEL, value, f"axis = '{axis}'")


def _settled(axis: str) -> Measure:
    return latest(LEVEL, "level", f"axis = '{axis}'", by=SETTLING)


@theme.feature(unit="points", says="the product stands at {value:.1f} of 10")
def product_level() -> Measure:
    """Level of the product axis: mean of the last three occasions."""
    return _newest("product", "level")


@theme.feature(unit="points", says="the people stand at {value:.1f} of 10")
def people_level() -> Measure:
    """Level of the people axis: mean of the last three occasions."""
    return _newest("people", "level")


@theme.feature(unit="points", says="the product's settled level is {value:.1f} of 10")
def product_settled() -> Measure:
    """Settled level of the product axis: the newest level that is not too near the cut to count."""
    return _settled("product")


@theme.feature(unit="points", says="the people's settled level is {value:.1f} of 10")
def people_settled() -> Measure:
    """Settled level of the people axis: the newest level that is not too near the cut to count."""
    return _settled("people")


@theme.feature(unit="code", says="the quadrant they are in")
def quadrant() -> Formula:
    """Quadrant of the Customer Service Index: 0 poor, 1 people-carried, 2 product-carried, 3 exceptional."""
    return Formula(quadrant_sql("product_settled", "people_settled"))


@theme.feature(unit="points", says="their last score of the product was {value:.1f} of 10")
def product_last() -> Measure:
    """Score of the product on the last occasion."""
    return _newest("product", "score")


@theme.feature(unit="points", says="their last score of our people was {value:.1f} of 10")
def people_last() -> Measure:
    """Score of the people on the last occasion."""
    return _newest("people", "score")


@theme.feature(unit="points", says="the last score of the product moved by {value:+.1f}")
def product_change() -> Measure:
    """Score of the product on the last occasion, less the level before it."""
    return _newest("product", _CHANGE)


@theme.feature(unit="points", says="the last score of our people moved by {value:+.1f}")
def people_change() -> Measure:
    """Score of the people on the last occasion, less the level before it."""
    return _newest("people", _CHANGE)


@theme.feature(unit="points", says="scores of the product vary by {value:.1f}", seeds=("S1", "S33"))
def product_spread_365d() -> Measure:
    """Standard deviation of the scores of the product in the last 365 days."""
    return spread(OCCASION, "score", "axis = 'product'", 365)


@theme.feature(unit="points", says="scores of our people vary by {value:.1f}", seeds=("S1", "S33"))
def people_spread_365d() -> Measure:
    """Standard deviation of the scores of the people in the last 365 days."""
    return spread(OCCASION, "score", "axis = 'people'", 365)


@theme.feature(windows=(365,), unit="points", says="scores of the product move by {value:+.1f} a quarter")
def product_trend(window: int) -> Measure:
    """Change of the scores of the product in 90 days, by least squares over the last {window} days.

    Missing for fewer than three occasions, or where all are within 30 days.
    """
    return trend(OCCASION, "score", "axis = 'product'", window)


@theme.feature(windows=(365,), unit="points", says="scores of our people move by {value:+.1f} a quarter")
def people_trend(window: int) -> Measure:
    """Change of the scores of the people in 90 days, by least squares over the last {window} days.

    Missing for fewer than three occasions, or where all are within 30 days.
    """
    return trend(OCCASION, "score", "axis = 'people'", window)


@theme.feature(windows=(365,), unit="occasions", says="the product was scored {value:.0f} times in {window} days")
def product_occasions(window: int) -> Measure:
    """Occasions on which the product was scored in the last {window} days."""
    return count(OCCASION, "axis = 'product'", window)


@theme.feature(windows=(365,), unit="occasions", says="our people were scored {value:.0f} times in {window} days")
def people_occasions(window: int) -> Measure:
    """Occasions on which the people were scored in the last {window} days."""
    return count(OCCASION, "axis = 'people'", window)


@theme.feature(unit="days", says="last scored the product {value:.0f} days ago")
def days_since_product_score() -> Measure:
    """Days since the product was last scored."""
    return smallest(OCCASION, "age", "axis = 'product'")


@theme.feature(unit="days", says="last scored our people {value:.0f} days ago")
def days_since_people_score() -> Measure:
    """Days since the people were last scored."""
    return smallest(OCCASION, "age", "axis = 'people'")


@theme.feature(unit="points", says="is {value:.1f} points from another quadrant")
def distance_to_cut() -> Formula:
    """Points from the settled level that is nearer to the cut to the middle of the band."""
    middle = f"{(LOW_BELOW + EXCEPTIONAL_FROM) / 2}e0"
    nearer = f"least(abs(product_settled - {middle}), abs(people_settled - {middle}))"
    return Formula(f"case when quadrant is not null then {nearer} end")


def _item(name: str) -> Measure:
    return latest(ITEM_SCORE, "score", f"item = '{name}'")


@theme.feature(unit="points", says="whether we are better is at {value:.1f} of 10", seeds=("S6",))
def better_last() -> Measure:
    """Last score of whether the product is better."""
    return _item("better")


@theme.feature(unit="points", says="whether we are faster is at {value:.1f} of 10", seeds=("S6",))
def faster_last() -> Measure:
    """Last score of whether the product is faster."""
    return _item("faster")


@theme.feature(unit="points", says="whether we are different is at {value:.1f} of 10", seeds=("S6",))
def different_last() -> Measure:
    """Last score of whether the product is different."""
    return _item("different")


@theme.feature(unit="points", says="whether we are worth the cost is at {value:.1f} of 10", seeds=("S6",))
def cost_effective_last() -> Measure:
    """Last score of whether the product is worth its cost."""
    return _item("cost_effective")


@theme.feature(unit="points", says="our processes are at {value:.1f} of 10", seeds=("S8",))
def process_last() -> Measure:
    """Last score of our processes."""
    return _item("process")


@theme.feature(unit="points", says="the attitude of our people is at {value:.1f} of 10", seeds=("S8",))
def attitude_last() -> Measure:
    """Last score of the attitude of our people."""
    return _item("attitude")


@theme.feature(unit="points", says="the skills of our people are at {value:.1f} of 10", seeds=("S8",))
def skills_last() -> Measure:
    """Last score of the skills of our people."""
    return _item("skills")


@theme.feature(unit="points", says="the knowledge of our people is at {value:.1f} of 10", seeds=("S8",))
def knowledge_last() -> Measure:
    """Last score of the knowledge of our people."""
    return _item("knowledge")


@theme.feature(unit="days", says="the last survey is {value:.0f} days old", seeds=("S1", "S11"))
def days_since_survey() -> Measure:
    """Days since the account last answered a survey."""
    return smallest(SURVEY, "age")


@theme.feature(unit="scores", says="{value:.0f} scores given in a year", seeds=("S1", "S11"))
def scores_365d() -> Measure:
    """Scores given in the last 365 days, on any item."""
    return count(SURVEY, window=365)


@theme.feature(unit="points", says="they would recommend us at {value:.0f} of 10", seeds=("S17",))
def recommend_last() -> Measure:
    """Score of the recommend item on the last occasion."""
    return _newest("recommend", "score")


@theme.feature(unit="points", says="dealing with us is at {value:.1f} of 10 for ease", seeds=("S28",))
def ease_last() -> Measure:
    """Score of the effort item on the last occasion, turned so that 10 is the least effort."""
    return _newest("effort", "score")
