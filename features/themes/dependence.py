"""Dependence: what holds the account, a person of ours or the product, and what happened to it (S3, S4, S34)."""

import numpy as np

from features.past.declaration import Formula, Theme
from features.past.measure import (
    Measure,
    count,
    days_since_last,
    kind,
    largest,
    smallest,
)
from features.past.row_sources import DEALING, days_before
from features.sayings import dependence as said
from features.timeline.expression import Array, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.rows import Flags, Ints, spread, starts
from features.timeline.things import ThingRows, Things, group

theme = Theme(
    "dependence",
    title="Who holds them",
    about="How much hangs on one of our people, and whether that rep left or a competitor came.",
    seeds=("S3", "S4"),
)

CONTACT_DAYS = 365
"""A rep counts as one who serves the account for so long after a contact."""


def _rep_rows(histories: Histories) -> ThingRows:
    return group(histories.interactions, of.rep >= 0, "rep", ())


def _contacts(past: Past) -> Things:
    served = past.histories.once(_rep_rows)
    seen = served.at(past.edges, CONTACT_DAYS)
    pair, rep = seen.pair, served.name[seen.thing]
    as_of = past.as_of[pair]
    contacts = (seen.high - seen.low).astype(np.float64)
    last_us = served.rows.when[seen.last]
    hired_us, left_us = (
        past.ledger.reps[name][rep] for name in ("hired_us", "left_us")
    )
    known = ~(hired_us > as_of)
    columns = {
        "rep": rep,
        "known": known,
        "part": contacts / np.bincount(pair, contacts, len(past.edges))[pair],
        "known_for": days_before(as_of, served.rows.when[seen.low]),
        "hired_age": np.where(known, days_before(as_of, hired_us), np.nan),
        "left_age": np.where(
            known & (left_us <= as_of), days_before(as_of, left_us), np.nan
        ),
        "most": _first_by(pair, contacts, last_us, -rep),
        "newest": _first_by(pair, last_us, contacts, -rep),
    }
    return Things(pair, columns, len(past.edges))


CONTACT = Source("contact", _contacts)
"""A rep with contact in the last 365 days; who had the ``most``, and who the ``newest``."""


def _first_by(pair: Ints, largest: Array, *ties: Array) -> Flags:
    """Of each pair the row that is largest by a value, of equal ones by the next, and so on."""
    first = np.zeros(len(pair), dtype=bool)
    if len(pair):
        new = starts(pair)
        top = np.maximum.reduceat(largest, np.flatnonzero(new))[np.cumsum(new) - 1]
        equal = np.flatnonzero(largest == top)
        order = equal[
            np.lexsort((*(-tie[equal] for tie in reversed(ties)), pair[equal]))
        ]
        first[order[starts(pair[order])]] = True
    return first


def _styles(past: Past) -> Things:
    contacts = past.once(_contacts)
    newest = np.flatnonzero(contacts.columns["newest"])
    pair, rep = contacts.pair[newest], contacts.columns["rep"][newest]
    theirs = past.ledger.accounts["style"][past.account[pair]]
    ours = past.ledger.reps["style"][rep]
    told = contacts.columns["known"][newest] & (theirs >= 0) & (ours >= 0)
    return Things(
        pair, {"same": np.where(told, theirs == ours, np.nan)}, len(past.edges)
    )


STYLE = Source("style", _styles)
"""The rep of the last contact: whether its style is the ``same`` as the account's."""


def _market_events(past: Past) -> Things:
    markets, as_of = past.ledger.markets, past.as_of
    order = np.argsort(markets["market"], kind="stable")
    numbers = markets["market"][order]
    mine = past.ledger.accounts["market"][past.account]
    low = np.searchsorted(numbers, mine)
    high = np.searchsorted(numbers, mine, side="right")
    pair, place = spread(low, np.where(mine >= 0, high - low, 0))
    event = order[place]
    seen = markets["known_us"][event] <= as_of[pair]
    pair, event = pair[seen], event[seen]
    columns = {
        "age": days_before(as_of[pair], markets["occurred_us"][event]),
        "competitor_entered": markets["competitor_entered"][event],
    }
    return Things(pair, columns, len(past.edges))


MARKET_EVENT = Source("market_event", _market_events)
"""What happened in the account's market."""


@theme.feature(unit="share", bad="high", says=said.MAIN_REP_SHARE, seeds=("S3",))
def main_rep_share_365d() -> Measure:
    """Share of the contacts of the last 365 days that the rep with most of them holds."""
    return largest(CONTACT, of.part, of.most)


@theme.feature(unit="reps", bad="high", says=said.REPS, seeds=("S3", "S24"))
def reps_365d() -> Measure:
    """Reps with contact in the last 365 days."""
    return count(CONTACT)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_SINCE_MAIN_REP_LEFT,
    seeds=("S3",),
)
def days_since_main_rep_left() -> Measure:
    """Days since the rep with most contact in the last 365 days left; missing where that rep is still here."""
    return largest(CONTACT, of.left_age, of.most)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_SINCE_REP_LEFT,
    seeds=("S3",),
)
def days_since_rep_left() -> Measure:
    """Days since any rep with contact in the last 365 days left."""
    return smallest(CONTACT, of.left_age)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_WITH_REP,
    seeds=("S3",),
)
def days_with_rep() -> Measure:
    """Days since the first contact, within the last 365 days, with the rep of the last contact."""
    return largest(CONTACT, of.known_for, of.newest)


@theme.feature(
    unit="days",
    bad="low",
    says=said.REP_TENURE,
    seeds=("S3",),
)
def rep_tenure() -> Measure:
    """Days since the rep of the last contact was hired."""
    return largest(CONTACT, of.hired_age, of.newest)


@theme.feature(
    windows=(180,),
    unit="handovers",
    bad="high",
    says="was handed over {value:times} in {window} days",
    seeds=("S3",),
)
def handovers(window: int) -> Measure:
    """Handovers to another rep in the last {window} days."""
    return count(DEALING, kind("handover"), window)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_SINCE_HANDOVER,
    seeds=("S3",),
)
def days_since_handover() -> Measure:
    """Days since the last handover to another rep."""
    return days_since_last(DEALING, kind("handover"))


@theme.feature(
    unit="points",
    bad="either",
    says=said.UNEVEN,
    seeds=("S3", "S4"),
)
def people_over_product() -> Formula:
    """Level of the people axis less that of the product axis: who carries the account."""
    return Formula(of.people_level - of.product_level)


@theme.feature(
    windows=(365,),
    unit="entries",
    bad="high",
    says=said.COMPETITORS,
    seeds=("S4",),
)
def competitors_entered(window: int) -> Measure:
    """Entries of a competitor into the account's market in the last {window} days."""
    return count(MARKET_EVENT, of.competitor_entered, window)


@theme.feature(
    unit="days",
    bad="low",
    says=said.DAYS_SINCE_COMPETITOR,
    seeds=("S4",),
)
def days_since_competitor() -> Measure:
    """Days since a competitor last entered the account's market."""
    return smallest(MARKET_EVENT, of.age, of.competitor_entered)


@theme.feature(
    unit="match",
    bad="low",
    says=said.STYLE_MATCH,
    seeds=("S34",),
)
def style_match() -> Measure:
    """Whether the style of the rep of the last contact is the account's own: 1 or 0, missing where one is unknown."""
    return largest(STYLE, of.same)
