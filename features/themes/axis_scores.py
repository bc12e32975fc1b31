"""Axis scores: what the account says of the product and the people, and the quadrant that follows (S1, S2, S6, S28)."""

from functools import partial

from features.past.declaration import Formula, Theme
from features.past.measure import Measure, count, days_since_last, latest, spread, trend
from features.past.occasions import ITEM_SCORE, OCCASION, of_item, on
from features.past.row_sources import SURVEY
from features.quadrants import EXCEPTIONAL_FROM, LOW_BELOW, quadrant_code
from features.sayings import axis_scores as said
from features.timeline.expression import Expression, of
from features.timeline.functions import absolute, case, least, to_six_decimals

theme = Theme(
    "axis_scores",
    title="What they say of us",
    about="Scores of the product and of the people, on 0 to 10, and the quadrant that they give.",
    seeds=("S1", "S2", "S10"),
)


_in_points = partial(theme.feature, unit="points")

_CHANGE = to_six_decimals(of.score - of.level_before)


def _newest(axis: str, value: Expression) -> Measure:
    return latest(OCCASION, value, on(axis))


@_in_points(bad="low", says=said.level("the product"))
def product_level() -> Measure:
    """Level of the product axis: mean of the last three occasions."""
    return _newest("product", of.level)


@_in_points(bad="low", says=said.level("our people"))
def people_level() -> Measure:
    """Level of the people axis: mean of the last three occasions."""
    return _newest("people", of.level)


@_in_points(bad="low", says=said.settled("the product"))
def product_settled() -> Measure:
    """Settled level of the product axis: the newest level that is not too near the cut to count."""
    return _newest("product", of.settled)


@_in_points(bad="low", says=said.settled("our people"))
def people_settled() -> Measure:
    """Settled level of the people axis: the newest level that is not too near the cut to count."""
    return _newest("people", of.settled)


@theme.feature(unit="code", bad="either", says=said.QUADRANTS)
def quadrant() -> Formula:
    """Quadrant of the Customer Service Index: 0 poor, 1 people-carried, 2 product-carried, 3 exceptional."""
    return Formula(quadrant_code(of.product_settled, of.people_settled))


@_in_points(bad="low", says=said.last("the product"))
def product_last() -> Measure:
    """Score of the product on the last occasion."""
    return _newest("product", of.score)


@_in_points(bad="low", says=said.last("our people"))
def people_last() -> Measure:
    """Score of the people on the last occasion."""
    return _newest("people", of.score)


@_in_points(bad="low", says=said.fall("the product"))
def product_change() -> Measure:
    """Score of the product on the last occasion, less the level before it."""
    return _newest("product", _CHANGE)


@_in_points(bad="low", says=said.fall("our people"))
def people_change() -> Measure:
    """Score of the people on the last occasion, less the level before it."""
    return _newest("people", _CHANGE)


@_in_points(seeds=("S1", "S33"))
def product_spread_365d() -> Measure:
    """Standard deviation of the scores of the product in the last 365 days."""
    return spread(OCCASION, of.score, on("product"), 365)


@_in_points(seeds=("S1", "S33"))
def people_spread_365d() -> Measure:
    """Standard deviation of the scores of the people in the last 365 days."""
    return spread(OCCASION, of.score, on("people"), 365)


@_in_points(
    windows=(365,), bad="low", says=said.trend("the product", of.product_occasions_365d)
)
def product_trend(window: int) -> Measure:
    """Change of the scores of the product in 90 days, by least squares over the last {window} days.

    Missing for fewer than three occasions, or where all are within 30 days.
    """
    return trend(OCCASION, of.score, on("product"), window)


@_in_points(
    windows=(365,), bad="low", says=said.trend("our people", of.people_occasions_365d)
)
def people_trend(window: int) -> Measure:
    """Change of the scores of the people in 90 days, by least squares over the last {window} days.

    Missing for fewer than three occasions, or where all are within 30 days.
    """
    return trend(OCCASION, of.score, on("people"), window)


@theme.feature(
    windows=(365,),
    unit="occasions",
)
def product_occasions(window: int) -> Measure:
    """Occasions on which the product was scored in the last {window} days."""
    return count(OCCASION, on("product"), window)


@theme.feature(
    windows=(365,),
    unit="occasions",
)
def people_occasions(window: int) -> Measure:
    """Occasions on which the people were scored in the last {window} days."""
    return count(OCCASION, on("people"), window)


@theme.feature(unit="days", bad="high", says=said.unscored("the product"))
def days_since_product_score() -> Measure:
    """Days since the product was last scored."""
    return days_since_last(OCCASION, on("product"))


@theme.feature(unit="days", bad="high", says=said.unscored("our people"))
def days_since_people_score() -> Measure:
    """Days since the people were last scored."""
    return days_since_last(OCCASION, on("people"))


@_in_points()
def distance_to_cut() -> Formula:
    """Points from the settled level that is nearer to the cut to the middle of the band."""
    middle = (LOW_BELOW + EXCEPTIONAL_FROM) / 2
    nearer = least(
        absolute(of.product_settled - middle), absolute(of.people_settled - middle)
    )
    return Formula(case(of.quadrant.known(), nearer))


_of_the_product = partial(theme.feature, unit="points", seeds=("S6",))
_of_how_we_serve = partial(theme.feature, unit="points", seeds=("S8",))


def _item(name: str) -> Measure:
    return latest(ITEM_SCORE, of.score, of_item(name))


@_of_the_product(bad="low", says=said.item_low("being better than others"))
def better_last() -> Measure:
    """Last score of whether the product is better."""
    return _item("better")


@_of_the_product(bad="low", says=said.item_low("being faster"))
def faster_last() -> Measure:
    """Last score of whether the product is faster."""
    return _item("faster")


@_of_the_product(bad="low", says=said.item_low("being different"))
def different_last() -> Measure:
    """Last score of whether the product is different."""
    return _item("different")


@_of_the_product(bad="low", says=said.item_low("being worth the cost"))
def cost_effective_last() -> Measure:
    """Last score of whether the product is worth its cost."""
    return _item("cost_effective")


@_of_how_we_serve(bad="low", says=said.item_low("our processes"))
def process_last() -> Measure:
    """Last score of our processes."""
    return _item("process")


@_of_how_we_serve(bad="low", says=said.item_low("the attitude of our people"))
def attitude_last() -> Measure:
    """Last score of the attitude of our people."""
    return _item("attitude")


@_of_how_we_serve(bad="low", says=said.item_low("the skills of our people"))
def skills_last() -> Measure:
    """Last score of the skills of our people."""
    return _item("skills")


@_of_how_we_serve(bad="low", says=said.item_low("the knowledge of our people"))
def knowledge_last() -> Measure:
    """Last score of the knowledge of our people."""
    return _item("knowledge")


@theme.feature(
    unit="days", bad="high", says=said.DAYS_SINCE_SURVEY, seeds=("S1", "S11")
)
def days_since_survey() -> Measure:
    """Days since the account last answered a survey."""
    return days_since_last(SURVEY)


@theme.feature(unit="scores", seeds=("S1", "S11"))
def scores_365d() -> Measure:
    """Scores given in the last 365 days, on any item."""
    return count(SURVEY, window=365)


@_in_points(bad="low", says=said.RECOMMEND_LAST, seeds=("S17",))
def recommend_last() -> Measure:
    """Score of the recommend item on the last occasion."""
    return _newest("recommend", of.score)


@theme.feature(
    unit="points",
    bad="low",
    says=said.EASE_LAST,
    seeds=("S28",),
)
def ease_last() -> Measure:
    """Score of the effort item on the last occasion, turned so that 10 is the least effort."""
    return _newest("effort", of.score)
