"""Voice: what the account says to us and to others, and the pinch it has not put into words (S17, S18, S19).

A *pinch* is a mild dissatisfaction not voiced as a problem: the tone dips, a score slips, one matter takes many words,
and there is no complaint. The sooner it is cleared up the better.
"""

from features.axis_scores import ITEM_SCORE
from features.engine import to_six_decimals
from features.history import DEALING, INTERACTION
from features.matters import EXCHANGE
from features.theme import Formula, Measure, Theme, count, kind, largest, latest, mean, smallest

TOLD = {"delighted": (2, 5), "very dissatisfied": (5, 20)}
"""How many others a customer tells, from and to: a claim of the seed (S18) to be compared with one's own referrals."""

_DELIGHTED = "coalesce(recommend_class = 1, product_level >= 8 and people_level >= 8)"
_VERY_DISSATISFIED = "coalesce(recommend_last <= 2, product_level < 3 and people_level < 3)"
_RECOMMEND_CLASS = "case when answer >= 9 then 1e0 when answer >= 7 then 0e0 else -1e0 end"
_GOOD_LINES = (
    "product_level >= 5.1",
    "promises_kept_365d >= 0.9",
    "coalesce(people_level >= 5.1, tone_365d > 0)",
    "resolution_rate_365d >= 0.8",
)

theme = Theme(
    "voice",
    title="What they let us feel",
    about="Complaints, compliments, referrals, the tone of contact, and mild signs without a complaint.",
    seeds=("S18", "S19"),
)


@theme.feature(
    windows=(90, 365), unit="complaints", says="{value:.0f} complaints in {window} days", seeds=("S18", "S32")
)
def complaints(window: int) -> Measure:
    """Complaints in the last {window} days."""
    return count(DEALING, kind("complaint"), window)


@theme.feature(unit="days", says="complained {value:.0f} days ago", seeds=("S18", "S32"))
def days_since_complaint() -> Measure:
    """Days since the last complaint."""
    return smallest(DEALING, "age", kind("complaint"))


@theme.feature(windows=(365,), unit="compliments", says="{value:.0f} compliments in {window} days", seeds=("S32",))
def compliments(window: int) -> Measure:
    """Compliments in the last {window} days."""
    return count(DEALING, kind("compliment"), window)


@theme.feature(
    windows=(365,), unit="referrals", says="sent us {value:.0f} others in {window} days", seeds=("S9", "S18")
)
def referrals(window: int) -> Measure:
    """Referrals in the last {window} days."""
    return count(DEALING, kind("referral"), window)


@theme.feature(windows=(30, 90), unit="questions", says="asked {value:.0f} things in {window} days", seeds=("S19",))
def asked(window: int) -> Measure:
    """Questions and requests in the last {window} days."""
    return count(DEALING, kind("question", "request"), window)


@theme.feature(windows=(60, 365), unit="points", says="the tone of contact is {value:+.1f}", seeds=("S19",))
def tone(window: int) -> Measure:
    """Mean sentiment of interactions in the last {window} days, -1 to 1."""
    return mean(INTERACTION, "sentiment", window=window)


@theme.feature(unit="points", says="the tone of contact moved by {value:+.1f}", seeds=("S19",))
def tone_change() -> Formula:
    """Mean sentiment of the last 60 days less that of the last 365."""
    return Formula(to_six_decimals("tone_60d - tone_365d"))


@theme.feature(windows=(90,), unit="exchanges", says="one matter took {value:.0f} exchanges", seeds=("S19", "S24"))
def longest_exchange(window: int) -> Measure:
    """The most interactions on one matter touched in the last {window} days."""
    return largest(EXCHANGE, "exchanges", window=window)


@theme.feature(unit="signs", says="{value:.0f} small signs of displeasure, and no complaint", seeds=("S19",))
def pinch_signs() -> Formula:
    """Small signs without a complaint in 90 days: a dip in tone, a slip of either score, a long exchange (0 to 4)."""
    signs = ("tone_change < -0.2e0", "product_change < -0.5e0", "people_change < -0.5e0", "longest_exchange_90d >= 5")
    added = " + ".join(f"case when {sign} then 1e0 else 0e0 end" for sign in signs)
    return Formula(f"case when complaints_90d > 0 then 0e0 else {added} end")


@theme.feature(unit="class", says="recommends us at {value:+.0f}: -1 is a detractor, +1 a promoter", seeds=("S17",))
def recommend_class() -> Measure:
    """Whether the account would recommend us: 1 promoter (from 9), 0 neither (from 7), -1 detractor (below 7).

    By the last answer on its own scale, as tenths of the highest: a 9 of 1 to 10 is a 9, a 5 of 1 to 5 a 10. Several
    answers at one time count as their mean, so every number has a class.
    """
    return latest(ITEM_SCORE, _RECOMMEND_CLASS, "item = 'recommend'")


def _told(end: int) -> Formula:
    delighted, dissatisfied = TOLD["delighted"][end], TOLD["very dissatisfied"][end]
    cases = f"when {_DELIGHTED} then {delighted}e0 when {_VERY_DISSATISFIED} then -{dissatisfied}e0"
    known = "recommend_last is not null or (product_level is not null and people_level is not null)"
    return Formula(f"case {cases} when {known} then 0e0 end")


@theme.feature(
    unit="people", says="word of mouth to {value:+.0f} others at least, below 0 if bad", seeds=("S17", "S18")
)
def word_of_mouth_low() -> Formula:
    """Others told of us, at least: above zero good, below bad. An assumption, see `TOLD`; missing without scores.

    Delighted is a promoter, or 8 on both axes where that was not asked; very dissatisfied is up to 2, or
    below 3 on both axes.
    """
    return _told(0)


@theme.feature(unit="people", says="word of mouth to {value:+.0f} others at most, below 0 if bad", seeds=("S17", "S18"))
def word_of_mouth_high() -> Formula:
    """Others told of us, at most: see ``word_of_mouth_low``."""
    return _told(1)


@theme.feature(unit="share", says="{value:.0%} of the checklist is good", seeds=("S17",))
def checklist() -> Formula:
    """Share that is good of the four lines of a checklist, of those that are known.

    A great product (level 5.1 or more), delivered as promised (90% kept), every touch caring (people 5.1 or more, or a
    tone above zero), a working way to resolve problems (80% settled).
    """
    good = " + ".join(f"case when {line} then 1e0 else 0e0 end" for line in _GOOD_LINES)
    known = " + ".join(f"case when ({line}) is not null then 1e0 else 0e0 end" for line in _GOOD_LINES)
    return Formula(f"({good}) / nullif({known}, 0)")
