"""What several themes measure on: the interactions and their parts, the surveys, the account, its market.

All of it comes from `features.timeline.histories`, which shows of each pair of account and as-of date what was known by
then, and nothing else.
"""

from __future__ import annotations

import numpy as np

from features.engine import MICROS_PER_DAY
from features.past.measure import kind
from features.timeline.expression import Array, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.measures import Timeline
from features.timeline.rows import Floats, Rows
from features.timeline.things import Things
from features.vocabulary.kinds import OF_PAYMENTS


def _interactions(past: Past) -> Timeline:
    return Timeline(past.histories.interactions, past.edges)


INTERACTION = Source("interaction", _interactions)
"""Interactions."""


def sign_rows(histories: Histories) -> Rows:
    """Interactions that show that the account still does business with us."""
    return histories.interactions.part(of.sign_of_life, "kind_code", "minutes")


def signs(past: Past) -> Timeline:
    """Signs of life, as some pairs see them."""
    return past.once(_interactions).part(past.histories.once(sign_rows))


SIGN = Source("sign", signs)
"""Interactions that show that the account still does business with us."""


def _deal_rows(histories: Histories) -> Rows:
    return histories.interactions.part(
        kind("purchase", "cancellation"), "kind_code", "value", "items"
    )


def _deals(past: Past) -> Timeline:
    return past.once(_interactions).part(past.histories.once(_deal_rows))


DEAL = Source("deal", _deals)
"""Purchases and cancellations."""


def _dealing_rows(histories: Histories) -> Rows:
    return histories.interactions.part(
        ~kind("use", "visit", "purchase", *OF_PAYMENTS), "kind_code", "minutes"
    )


def dealings(past: Past) -> Timeline:
    """What we and the account said and did, as some pairs see it."""
    return past.once(_interactions).part(past.histories.once(_dealing_rows))


DEALING = Source("dealing", dealings)
"""What the account and our people said and did for each other: all but use, visits, purchases and payments."""


def _surveys(past: Past) -> Timeline:
    return Timeline(past.histories.surveys, past.edges)


SURVEY = Source("survey", _surveys)
"""Survey scores, on 0 to 10, high is good; ``answer`` is tenths of its scale's highest."""


def _one_each(past: Past, name: str, values: Floats) -> Things:
    """The accounts as things, one for each pair, with one column."""
    return Things(np.arange(len(past.account)), {name: values}, len(past.account))


def _accounts(past: Past) -> Things:
    opened_us = past.ledger.accounts["opened_us"][past.account]
    return _one_each(past, "age", days_before(past.as_of, opened_us))


ACCOUNT = Source("account", _accounts)
"""The account itself: ``age`` is its tenure."""


def _tiers(past: Past) -> Things:
    return _one_each(past, "is_key", past.ledger.accounts["is_key"][past.account])


TIER = Source("tier", _tiers)
"""What the fact ``tier`` says of the account: whether it ``is_key``, missing where it says nothing."""


def _profiles(past: Past) -> Things:
    return _one_each(
        past, "filled", past.ledger.accounts["profile_filled"][past.account]
    )


PROFILE = Source("profile", _profiles)
"""The facts of the account: the share that is ``filled`` in."""


def days_before(as_of: Array, moment: Array) -> Floats:
    """Days from moments to as-of dates, both in microseconds since 1970."""
    return np.asarray((as_of - moment) / MICROS_PER_DAY)
