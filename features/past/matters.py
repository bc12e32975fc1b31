"""Matters and promises: what becomes of them, told once for all that speak of it (docs/adr/0017).

The rows of one account with one ``matter_id`` are taken moment by moment; what each kind does is in
`features.vocabulary.kinds`.

A *matter* is opened by the first row that asks, fails or reopens; what came before it belongs to nothing. It waits
until it is *settled*, whatever we answer meanwhile. On a settled matter a failure of ours begins another one, and
whatever else the account asks *reopens* it; what we say there changes nothing. Of one moment questions and failures
come first, and settlements and reopenings cancel out: the matter is then what it was before.

A *promise* is made, and then kept or broken, which at one moment comes after. Made again while it is pending it is the
same promise with another date; made again after that it is another one. What was ever noted as broken is not kept.
"""

from __future__ import annotations

import numpy as np

from features.engine import MICROS_PER_DAY
from features.past.measure import kind
from features.past.moments import Moments
from features.past.row_sources import days_before
from features.timeline.expression import Expression, of
from features.timeline.histories import Histories, Past, Source
from features.timeline.things import ThingRows, Things, group
from features.vocabulary.kind import Effect
from features.vocabulary.kinds import OF_PAYMENTS, doing

_MICROS_PER_HOUR = MICROS_PER_DAY / 24
_MICROS_PER_MINUTE = 60e6


def does(*effects: Effect) -> Expression:
    """Condition: the row does one of these to its matter or promise."""
    return kind(*doing(*effects))


def _matter_rows(histories: Histories) -> ThingRows:
    """A row for each moment of each matter, with the state that the matter is in from then on."""
    rows = group(histories.interactions, of.matter >= 0, "matter", ("kind_code", "rep"))
    every = Moments(rows.rows, rows.rows.history)
    begun = every.any(every.flagged(does("opens", "fails", "reopens")))
    moments = every.part(begun)

    asks = moments.flagged(does("opens", "fails"))
    fails = moments.flagged(does("fails"))
    settlements = moments.count(does("settles"))
    reopenings = moments.count(does("reopens"))
    settles = settlements > reopenings
    is_settled = moments.latest(
        settles, where=settles | (reopenings > settlements) | asks
    )
    was_settled = moments.before(is_settled)
    at_rest = was_settled & ~asks & (reopenings == 0)
    reopened = (reopenings > 0) | (was_settled & asks & ~fails)

    matter = moments.regrouped(begins=was_settled & fails)
    answers = matter.flagged(does("answers")) & ~at_rest
    states = {
        "opened_us": matter.group_began,
        "hands": matter.distinct("rep"),
        "reopens": matter.how_many(reopened),
        "asked_us": matter.last(asks),
        "answered_us": matter.first(matter.flagged(does("answers", "settles"))),
        "answers": matter.how_many(answers),
        "settled": is_settled,
        "settled_us": matter.last(is_settled & ~at_rest),
        "failed_us": matter.first(fails),
        "said_us": matter.last(matter.flagged(~kind("note"))),
    }
    return matter.things(states, owner=rows.owner)


def _matters(past: Past) -> Things:
    state, pair = past.histories.once(_matter_rows).states(past.edges)
    opened, settled = state["opened_us"], state["settled"]
    answered, failed = state["answered_us"], state["failed_us"]
    settled_us = np.where(settled, state["settled_us"], np.nan)
    asked_once = (
        (state["reopens"] == 0)
        & (state["answers"] <= 1)
        & (state["asked_us"] <= answered)
    )
    columns = {
        "opened_us": opened,
        "opened_age": days_before(past.as_of[pair], opened),
        "hands": state["hands"],
        "reopens": state["reopens"],
        "hours_to_answer": (answered - opened) / _MICROS_PER_HOUR,
        "settled": settled,
        "days_to_settle": days_before(settled_us, opened),
        "first_contact": settled & asked_once,
        "failed": ~np.isnan(failed),
        "failed_age": days_before(past.as_of[pair], failed),
        "days_to_fix": days_before(settled_us, failed),
        "silent_for": days_before(past.as_of[pair], state["said_us"]),
    }
    return Things(pair, columns, len(past.edges))


MATTER = Source("matter", _matters)
"""A row per matter: its ages and durations in days, missing where there is none (yet).

``hours_to_answer`` is the wait for the first word to the account; ``first_contact`` says that it was settled with one,
and never asked about again; ``failed`` and what follows are of its first failure; ``silent_for`` is since the last word
on it, by whomever.
"""


def _promise_rows(histories: Histories) -> ThingRows:
    """A row for each moment of each promise, with the state that it is in from then on."""
    of_promises = (of.matter >= 0) & does("promises", "keeps", "breaks")
    rows = group(
        histories.interactions, of_promises, "matter", ("kind_code", "minutes")
    )
    every = Moments(rows.rows, rows.rows.history)
    makes = every.flagged(does("promises"))
    ends = every.flagged(does("keeps", "breaks"))
    pending = every.any(makes) & ~(every.last(ends) >= every.last(makes))
    was_pending = every.before(pending)
    begins = makes & ~was_pending
    begun = every.any(begins)

    promise = every.part(begun).regrouped(begins=begins[begun])
    due_us = promise.when + _MICROS_PER_MINUTE * promise.largest_of_rows(
        "minutes", does("promises")
    )
    states = {
        "made_us": promise.group_began,
        "ever_kept": promise.any(promise.flagged(does("keeps"))),
        "broken": promise.any(promise.flagged(does("breaks"))),
        "due_us": promise.largest(due_us),
    }
    return promise.things(states, owner=rows.owner)


def _promises(past: Past) -> Things:
    state, pair = past.histories.once(_promise_rows).states(past.edges)
    kept, broken = state["ever_kept"] & ~state["broken"], state["broken"]
    columns = {
        "made_age": days_before(past.as_of[pair], state["made_us"]),
        "days_past_due": days_before(past.as_of[pair], state["due_us"]),
        "kept": kept,
        "broken": broken,
        "pending": ~(kept | broken),
    }
    return Things(pair, columns, len(past.edges))


PROMISE = Source("promise", _promises)
"""A row per promise, in one of three states; ``days_past_due`` is by the latest date that was given, if any was."""


def _exchange_rows(histories: Histories) -> ThingRows:
    return group(
        histories.interactions,
        (of.matter >= 0) & ~kind("note", *OF_PAYMENTS),
        "matter",
        (),
    )


def _exchanges(past: Past) -> Things:
    rows = past.histories.once(_exchange_rows)
    seen = rows.at(past.edges)
    columns = {
        "exchanges": (seen.high - seen.low).astype(np.float64),
        "age": days_before(past.as_of[seen.pair], rows.rows.when[seen.last]),
    }
    return Things(seen.pair, columns, len(past.edges))


EXCHANGE = Source("exchange", _exchanges)
"""A row per ``matter_id``: how many interactions it took, and how long ago the last of them was."""


def _to_make_good(past: Past) -> Things:
    matters, promises = past.once(_matters), past.once(_promises)
    failed = matters.columns["failed"] & ~matters.columns["settled"]
    overdue = promises.columns["pending"] & (promises.columns["days_past_due"] > 0)
    pair = np.concatenate([matters.pair[failed], promises.pair[overdue]])
    age = np.concatenate(
        [
            matters.columns["failed_age"][failed],
            promises.columns["days_past_due"][overdue],
        ]
    )
    order = np.argsort(pair, kind="stable")
    return Things(pair[order], {"age": age[order]}, len(past.edges))


TO_MAKE_GOOD = Source("to_make_good", _to_make_good)
"""Failures not fixed, by their age, and overdue promises, by the days since they were due."""
