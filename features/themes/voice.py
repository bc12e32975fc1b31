"""Voice: what the account says to us and to others, and the pinch it has not put into words (S17, S18, S19).

A *pinch* is a mild dissatisfaction not voiced as a problem: the tone dips, a score slips, one matter takes many words,
and there is no complaint. The sooner it is cleared up the better.
"""

from features.past.declaration import Formula, Theme
from features.past.matters import EXCHANGE
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    latest,
    mean,
)
from features.past.occasions import ITEM_SCORE, of_item
from features.past.row_sources import DEALING, INTERACTION
from features.quadrants import EXCEPTIONAL_FROM
from features.sayings import voice as said
from features.timeline.expression import Expression, of
from features.timeline.functions import case, how_many, to_six_decimals

TOLD = {"delighted": (2, 5), "very dissatisfied": (5, 20)}
"""How many others a customer tells, from and to: a claim of the seed (S18) to be compared with one's own referrals."""


def _by_recommendation(recommends: Expression, scores: Expression) -> Expression:
    """Condition: what the account says of recommending us, or its scores where it was not asked."""
    return (of.recommend_last.known() & recommends) | (
        of.recommend_last.missing() & scores
    )


_DELIGHTED = _by_recommendation(
    of.recommend_class.equals(1), (of.product_level >= 8) & (of.people_level >= 8)
)
_VERY_DISSATISFIED = _by_recommendation(
    of.recommend_last <= 2, (of.product_level < 3) & (of.people_level < 3)
)
_SCORED = of.recommend_last.known() | (
    of.product_level.known() & of.people_level.known()
)
_CARING = of.people_level.otherwise(of.tone_365d)
_RECOMMEND_CLASS = case(of.answer >= 9, 1, case(of.answer >= 7, 0, -1))
_GOOD_LINES = (
    (of.product_level, of.product_level >= EXCEPTIONAL_FROM),
    (of.promises_kept_365d, of.promises_kept_365d >= 0.9),
    (
        _CARING,
        (of.people_level >= EXCEPTIONAL_FROM)
        | (of.people_level.missing() & (of.tone_365d > 0)),
    ),
    (of.resolution_rate_365d, of.resolution_rate_365d >= 0.8),
)
"""The lines of the checklist: what tells each, and when it is good."""

theme = Theme(
    "voice",
    title="What they let us feel",
    about="Complaints, compliments, referrals, the tone of contact, and mild signs without a complaint.",
    seeds=("S18", "S19"),
)


@theme.feature(
    windows=(90, 365),
    unit="complaints",
    bad="high",
    says="complained {value:times} in {window} days",
    seeds=("S18", "S32"),
)
def complaints(window: int) -> Measure:
    """Complaints in the last {window} days."""
    return count(DEALING, kind("complaint"), window)


@theme.feature(
    unit="days", bad="low", says=said.DAYS_SINCE_COMPLAINT, seeds=("S18", "S32")
)
def days_since_complaint() -> Measure:
    """Days since the last complaint."""
    return days_since_last(DEALING, kind("complaint"))


@theme.feature(
    windows=(365,),
    unit="compliments",
    bad="low",
    says=said.COMPLIMENTS,
    seeds=("S32",),
)
def compliments(window: int) -> Measure:
    """Compliments in the last {window} days."""
    return count(DEALING, kind("compliment"), window)


@theme.feature(
    windows=(365,),
    unit="referrals",
    bad="low",
    says=said.REFERRALS,
    seeds=("S9", "S18"),
)
def referrals(window: int) -> Measure:
    """Referrals in the last {window} days."""
    return count(DEALING, kind("referral"), window)


@theme.feature(
    windows=(30, 90),
    unit="questions",
    bad="high",
    says=said.ASKED,
    seeds=("S19",),
)
def asked(window: int) -> Measure:
    """Questions and requests in the last {window} days."""
    return count(DEALING, kind("question", "request"), window)


@theme.feature(
    windows=(60, 365),
    unit="points",
    bad="low",
    says=said.TONE,
    seeds=("S19",),
)
def tone(window: int) -> Measure:
    """Mean sentiment of interactions in the last {window} days, -1 to 1."""
    return mean(INTERACTION, of.sentiment, window=window)


@theme.feature(unit="points", bad="low", says=said.TONE_CHANGE, seeds=("S19",))
def tone_change() -> Formula:
    """Mean sentiment of the last 60 days less that of the last 365."""
    return Formula(to_six_decimals(of.tone_60d - of.tone_365d))


@theme.feature(
    windows=(90,),
    unit="exchanges",
    bad="high",
    says=said.LONGEST_EXCHANGE,
    seeds=("S19", "S24"),
)
def longest_exchange(window: int) -> Measure:
    """The most interactions on one matter touched in the last {window} days."""
    return largest(EXCHANGE, of.exchanges, window=window)


@theme.feature(
    unit="signs",
    bad="high",
    says="{value:.0f} small signs of displeasure, and no complaint",
    seeds=("S19",),
)
def pinch_signs() -> Formula:
    """Small signs without a complaint in 90 days: a dip in tone, a slip of either score, a long exchange (0 to 4)."""
    signs = (
        of.tone_change < -0.2,
        of.product_change < -0.5,
        of.people_change < -0.5,
        of.longest_exchange_90d >= 5,
    )
    return Formula(case(of.complaints_90d > 0, 0, how_many(signs)))


@theme.feature(
    unit="class",
    bad="low",
    says=said.RECOMMEND_CLASS,
    seeds=("S17",),
)
def recommend_class() -> Measure:
    """Whether the account would recommend us: 1 promoter (from 9), 0 neither (from 7), -1 detractor (below 7).

    By the last answer on its own scale, as tenths of the highest: a 9 of 1 to 10 is a 9, a 5 of 1 to 5 a 10. Several
    answers at one time count as their mean, so every number has a class.
    """
    return latest(ITEM_SCORE, _RECOMMEND_CLASS, of_item("recommend"))


def _told(end: int) -> Formula:
    delighted, dissatisfied = TOLD["delighted"][end], TOLD["very dissatisfied"][end]
    told = case(_DELIGHTED, delighted, case(_VERY_DISSATISFIED, -dissatisfied, 0))
    return Formula(case(_DELIGHTED | _VERY_DISSATISFIED | _SCORED, told))


@theme.feature(
    unit="people",
    bad="low",
    says=said.WARNS,
    seeds=("S17", "S18"),
)
def word_of_mouth_low() -> Formula:
    """Others told of us, at least: above zero good, below bad. An assumption, see `TOLD`; missing without scores.

    Delighted is a promoter, or 8 on both axes where that was not asked; very dissatisfied is up to 2, or
    below 3 on both axes.
    """
    return _told(0)


@theme.feature(
    unit="people",
    bad="low",
    says=said.WARNS,
    seeds=("S17", "S18"),
)
def word_of_mouth_high() -> Formula:
    """Others told of us, at most: see ``word_of_mouth_low``."""
    return _told(1)


@theme.feature(unit="share", bad="low", says=said.CHECKLIST, seeds=("S17",))
def checklist() -> Formula:
    """Share that is good of the four lines of a checklist, of those that are known.

    A great product (level 5.1 or more), delivered as promised (90% kept), every touch caring (people 5.1 or more, or a
    tone above zero), a working way to resolve problems (80% settled).
    """
    good = how_many(holds for _, holds in _GOOD_LINES)
    known = how_many(told_by.known() for told_by, _ in _GOOD_LINES)
    return Formula(good / known)
