"""Terms of contracts, as they were known at a date (docs/adr/0033).

A row of ``contracts`` says what was agreed: from when to when, for how much. A later known row of the same
``contract_id`` *changes* the term that it overlaps or begins with; one that overlaps none is the contract's next term.
Rows without an id are terms of their own. A term that ends as it begins was annulled, and is none.

The *running* term is the last begun one, until its end; one that renews itself runs on by its own length until it is
said not to. Terms that lie beside each other add up to what the account pays; the last begun tells all else.
"""

from __future__ import annotations

import numpy as np

from features.past.row_sources import days_before
from features.past.versions import (
    changed_by,
    earlier_rows,
    in_order_of_id,
    rank_of_id,
    roots,
    things_of,
)
from features.timeline.expression import Array
from features.timeline.histories import Histories, Past, Source
from features.timeline.rows import (
    Flags,
    Floats,
    Ints,
    Rows,
    ends,
    first_of_group,
    running_maximum,
    spread,
    starts,
)
from features.timeline.things import ThingRows, Things

_COLUMNS = ("starts_us", "ends_us", "value", "seats", "renews", "plan")
_AGREED = ("value", "seats", "plan")
"""What is compared from one term to the next."""


def term_rows(histories: Histories) -> ThingRows:
    """A row for each version of each term, with what it says and what is new in it."""
    rows = in_order_of_contract(histories.contracts)
    terms = things_of(rows, roots(changes(rows)), _COLUMNS)
    return ThingRows(_compared(terms.rows), terms.owner, terms.name)


def in_order_of_contract(rows: Rows) -> Rows:
    """Rows of ``contracts`` by history and contract, each one's by when they became known."""
    return in_order_of_id(rows, "contract", _COLUMNS)


def changes(rows: Rows) -> Ints:
    """Of each row of `in_order_of_contract` the earlier one that it changes, itself where it is another term."""
    rank = rank_of_id(rows, "contract")
    later, earlier = earlier_rows(rank)
    begins, until = rows.columns["starts_us"], open_end(rows.columns["ends_us"])
    overlap = (begins[later] < until[earlier]) & (begins[earlier] < until[later])
    same = overlap | (begins[later] == begins[earlier])
    return changed_by(rank, later[same], earlier[same])


def _compared(versions: Rows) -> Rows:
    """The versions of terms with whether notice was given by each, and what the first and the one before said."""
    first = first_of_group(starts(versions.history))
    before = np.maximum(np.arange(len(versions)) - 1, first)
    until = open_end(versions.columns["ends_us"])
    renews = versions.columns["renews"]
    furthest = running_maximum(until, versions.history)
    renewed = running_maximum(np.nan_to_num(renews), versions.history)
    stopped = (renews == 0) & (renewed > 0)
    columns: dict[str, Array] = {name: versions.columns[name] for name in _COLUMNS}
    columns["notice"] = stopped | (until < furthest)
    columns["known_us"] = versions.when.astype(np.float64)
    for name in _AGREED:
        columns[f"first_{name}"] = columns[name][first]
        columns[f"{name}_before"] = columns[name][before]
    return Rows(versions.history, versions.when, columns, versions.histories)


def _terms(past: Past) -> Things:
    state, pair = past.histories.once(term_rows).states(past.edges)
    term = _in_order({**state, "pair": pair})
    pair = term["pair"].astype(np.int64)
    as_of = past.as_of[pair]
    begun = term["starts_us"] <= as_of
    current = begun & ends(pair, begun)
    runs = current & _runs(term, as_of)
    within = begun & ~(term["ends_us"] <= as_of)
    columns = {
        "age": days_before(as_of, term["starts_us"]),
        "begun": begun,
        "upcoming": ~begun,
        "current": current,
        "pays": within | runs,
        "days_left": _days_left(term, as_of),
        "length": days_before(term["ends_us"], term["starts_us"]),
        **{name: term[name] for name in ("value", "seats", "renews", "notice")},
        **_renewal(term, pair),
        **_next(term, pair, current),
    }
    return Things(pair, columns, len(past.edges))


TERM = Source("term", _terms)
"""A row per term that is known: ``age`` in days since it began, below 0 for one to come.

``days_left`` to its end, missing where it has none; what the term before agreed on is ``value_before`` and the like.
The next term that is known begins ``gap`` days after its end.
"""


def _steps(past: Past) -> Things:
    """What a term began with beside the term before it, and each of its versions beside the version before."""
    terms = past.once(_terms)
    renewed = np.flatnonzero(terms.columns["follows"] & terms.columns["begun"])
    versions = past.histories.once(term_rows)
    seen = versions.at(past.edges)
    pair, place = _changes(seen.pair, seen.low, seen.high)
    known = versions.rows.when[place]
    age = [terms.columns["age"][renewed], days_before(past.as_of[pair], known)]
    columns = {"age": np.concatenate(age)}
    for name in ("value", "seats"):
        before, after = f"{name}_before", f"first_{name}"
        said = versions.rows.columns
        columns[name] = np.concatenate(
            [terms.columns[after][renewed], said[name][place]]
        )
        columns[before] = np.concatenate(
            [terms.columns[before][renewed], said[before][place]]
        )
    pairs = np.concatenate([terms.pair[renewed], pair])
    order = np.argsort(pairs, kind="stable")
    return Things(
        pairs[order],
        {name: values[order] for name, values in columns.items()},
        len(past.edges),
    )


STEP = Source("step", _steps)
"""A row per renewal and per change of a term: its ``value`` and ``seats``, and those ``_before``."""


def _changes(pair: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """The versions that each pair sees of each term, but for the first: whose, and where they stand."""
    later = np.maximum(high - low - 1, 0)
    run, place = spread(low + 1, later)
    return pair[run], place


def _in_order(term: dict[str, Array]) -> dict[str, Array]:
    """The terms of each pair by when they begin, those left out that were annulled."""
    held = np.flatnonzero(~(term["ends_us"] <= term["starts_us"]))
    keys = ("plan", "seats", "value", "ends_us", "known_us", "starts_us", "pair")
    order = held[np.lexsort([term[name][held] for name in keys])]
    return {name: values[order] for name, values in term.items()}


def _runs(term: dict[str, Array], as_of: Ints) -> Flags:
    return np.asarray(~(term["ends_us"] < as_of) | (term["renews"] == 1))


def _days_left(term: dict[str, Array], as_of: Ints) -> Floats:
    """Days to the end; of a term that renews itself to the next of its ends."""
    left = days_before(term["ends_us"], as_of)
    length = days_before(term["ends_us"], term["starts_us"])
    again = np.where(term["renews"] == 1, np.ceil(np.maximum(-left, 0) / length), 0)
    return np.asarray(left + again * length)


def _renewal(term: dict[str, Array], pair: Ints) -> dict[str, Array]:
    """What the term before agreed on, in the order of their beginnings."""
    follows = ~starts(pair)
    before = np.maximum(np.arange(len(pair)) - 1, 0)
    columns: dict[str, Array] = {"follows": follows}
    for name in _AGREED:
        columns[f"first_{name}"] = term[f"first_{name}"]
        columns[f"{name}_before"] = np.where(follows, term[name][before], np.nan)
    changed = term["plan"] != columns["plan_before"]
    told = ~np.isnan(term["plan"]) & ~np.isnan(columns["plan_before"])
    columns["plan_changed"] = np.where(told, changed, np.nan)
    return columns


def _next(term: dict[str, Array], pair: Ints, current: Flags) -> dict[str, Array]:
    """When each term begins and ends, and when the next one does that is known, in the order of their beginnings."""
    after = np.minimum(np.arange(len(pair)) + 1, max(len(pair) - 1, 0))
    another = ~ends(pair)
    next_us = np.where(another, term["starts_us"][after], np.nan)
    until = open_end(term["ends_us"])
    return {
        "starts_us": term["starts_us"],
        "ends_us": term["ends_us"],
        "goes_on": current & (term["renews"] == 1),
        "next_us": next_us,
        "gap": days_before(next_us, term["ends_us"]),
        "reaches_further": another & (until[after] > until),
    }


def open_end(ends_us: Array) -> Floats:
    """Ends of terms, one that has none being later than all."""
    return np.where(np.isnan(ends_us), np.inf, ends_us)
