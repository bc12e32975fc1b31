"""Things of an account at its dates, beside their naive twin: a loop over the rows of each thing."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine import MICROS_PER_DAY, instant
from features.timeline.edges import Edges
from features.timeline.expression import ALL, of
from features.timeline.measures import Asked
from features.timeline.rows import Rows
from features.timeline.things import Things, group

START = instant(date(2024, 1, 1))
WINDOW = 30
moments = st.integers(0, 100).map(lambda days: START + days * MICROS_PER_DAY)
rows_of_things = st.lists(
    st.tuples(st.integers(0, 2), moments, st.integers(-1, 3)), max_size=25
)
pairs_of = st.lists(st.tuples(st.integers(0, 2), moments), min_size=1, max_size=6)


def seen_things(rows, pairs, window):
    """For each pair and thing that it sees: how many rows within the window, and the moment of the last."""
    history, when, thing = (
        (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, dtype=np.int64),) * 3
    )
    whole = Rows(history, when, {"thing": thing}, 3)
    grouped = group(whole, of.thing >= 0, "thing", ())
    account, as_of = (
        np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True)
    )
    seen = grouped.at(
        Edges(account, *np.unique(as_of, return_inverse=True), (), 3), window
    )
    last = grouped.rows.when[seen.last]
    counts = seen.high - seen.low
    return sorted(
        zip(
            seen.pair.tolist(),
            grouped.name[seen.thing].tolist(),
            counts.tolist(),
            last.tolist(),
            strict=True,
        )
    )


@settings(max_examples=200, deadline=None)
@given(rows_of_things, pairs_of, st.sampled_from([None, WINDOW]))
def test_a_pair_sees_the_things_that_had_a_row_by_its_date(rows, pairs, window):
    rows = sorted(rows, key=lambda row: row[:2])
    expected = []
    for number, (account, as_of) in enumerate(pairs):
        for thing in range(4):
            moments_of = [
                when
                for owner, when, named in rows
                if owner == account
                and named == thing
                and when <= as_of
                and (window is None or when > as_of - window * MICROS_PER_DAY)
            ]
            if moments_of:
                expected.append((number, thing, len(moments_of), max(moments_of)))
    assert seen_things(rows, pairs, window) == expected


def things():
    """Pair 0 has three things, pair 1 none, pair 2 one whose value is missing."""
    columns = {
        "age": np.array([1.0, 40.0, 5.0, 3.0]),
        "value": np.array([2.0, 8.0, 4.0, np.nan]),
    }
    return Things(np.array([0, 0, 0, 2]), columns, 3)


def same(found, expected):
    np.testing.assert_array_equal(
        found, np.array([math.nan if e is None else e for e in expected])
    )


def test_things_are_counted_added_up_and_compared():
    young = Asked(of.value, ALL, WINDOW, of.value > 3)
    same(things().count(young), [2, 0, 1])
    same(things().total(young), [6, 0, 0])
    same(things().mean(young), [3, None, None])
    same(things().share(young), [0.5, None, 0])
    same(things().largest(young), [4, None, None])
    same(things().smallest(young), [2, None, None])


def test_all_things_count_where_no_window_is_asked_for():
    every = Asked(of.value, ALL)
    same(things().count(every), [3, 0, 1])
    same(things().largest(every), [8, None, None])
