"""Measures on a timeline, each beside its naive twin: a loop over the rows that one pair may see."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine import MICROS_PER_DAY, instant
from features.timeline.expression import ALL, of
from features.timeline.histories import Ledger, Table, pasts
from features.timeline.measures import Asked, Timeline
from features.timeline.rows import Rows, millionths

START = instant(date(2024, 1, 1))
WINDOW = 30
EVEN = of.kind_code.equals(2)

moments = st.integers(0, 200).map(lambda halves: START + halves * MICROS_PER_DAY // 2)
values = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1e12, -1e12, 5e-324, 0.1]),
    st.floats(-1e3, 1e3),
)


@st.composite
def histories(draw):
    """Rows of up to three accounts, some known late, and pairs that look at them."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 2), moments, st.integers(0, 3), st.integers(1, 2), values
            ),
            max_size=25,
        )
    )
    rows = sorted(rows, key=lambda row: row[:2])
    pairs = draw(
        st.lists(st.tuples(st.integers(0, 2), moments), min_size=1, max_size=6)
    )
    return rows, pairs


def table_of(rows):
    account, when, late, kind, value = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 5
    )
    moment = np.array(when, dtype=np.int64)
    columns = {
        "kind_code": np.array(kind, dtype=np.uint8),
        "value": np.array(
            [np.nan if v is None else v for v in value], dtype=np.float64
        ),
    }
    known = moment + np.array(late, dtype=np.int64) * 20 * MICROS_PER_DAY
    return Table(np.array(account, dtype=np.int64), moment, known, known, columns)


def measured(rows, pairs, how, asked):
    """The measure of each pair, by the engine."""
    nothing = table_of([])
    ledger = Ledger({"opened_us": np.zeros(3)}, table_of(rows), nothing, {}, {})
    account, as_of = (
        np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True)
    )
    found = np.full(len(pairs), np.nan)
    for mine, past in pasts(ledger, account, as_of, (WINDOW,)):
        found[mine] = getattr(Timeline(past.histories.interactions, past.edges), how)(
            asked
        )
    return found


def seen(rows, pair, window=None, even=False):
    """The rows that a pair may see: happened and known by its date, within its window, of the kind asked for."""
    account, as_of = pair
    for owner, when, late, kind, value in rows:
        known = when + late * 20 * MICROS_PER_DAY
        inside = window is None or when > as_of - window * MICROS_PER_DAY
        if owner == account and known <= as_of and inside and (kind == 2 or not even):
            yield when, kind, value


def valued(rows, pair, window=None, even=False):
    return [
        (when, value)
        for when, _, value in seen(rows, pair, window, even)
        if value is not None
    ]


def total_of(numbers):
    return sum(int(millionths(np.array([number]))[0]) for number in numbers) / 1e6


def same(found, expected):
    expected = [math.nan if value is None else value for value in expected]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True)


examples = settings(max_examples=200, deadline=None)


@examples
@given(histories(), st.sampled_from([None, WINDOW]), st.booleans())
def test_a_count_is_of_the_rows_seen(history, window, even):
    rows, pairs = history
    where = EVEN if even else ALL
    expected = [len(list(seen(rows, pair, window, even))) for pair in pairs]
    same(measured(rows, pairs, "count", Asked(None, where, window)), expected)


@examples
@given(histories(), st.sampled_from([None, WINDOW]))
def test_a_total_is_exact_in_millionths(history, window):
    rows, pairs = history
    expected = [
        total_of([value for _, value in valued(rows, pair, window)]) for pair in pairs
    ]
    found = measured(rows, pairs, "total", Asked(of.value, ALL, window))
    assert found.tolist() == expected


@examples
@given(histories(), st.sampled_from([None, WINDOW]), st.booleans())
def test_a_mean_is_of_the_rows_that_have_the_value(history, window, even):
    rows, pairs = history
    expected = []
    for pair in pairs:
        numbers = [value for _, value in valued(rows, pair, window, even)]
        expected.append(total_of(numbers) / len(numbers) if numbers else None)
    same(
        measured(rows, pairs, "mean", Asked(of.value, EVEN if even else ALL, window)),
        expected,
    )


@examples
@given(histories(), st.sampled_from([None, WINDOW]))
def test_a_share_is_of_the_whole(history, window):
    rows, pairs = history
    expected = []
    for pair in pairs:
        whole = list(seen(rows, pair, window))
        expected.append(
            sum(kind == 2 for _, kind, _ in whole) / len(whole) if whole else None
        )
    same(measured(rows, pairs, "share", Asked(None, ALL, window, EVEN)), expected)


@examples
@given(histories(), st.booleans())
def test_ages_are_of_the_first_row_and_the_last(history, even):
    rows, pairs = history
    ages = [
        [(pair[1] - when) / MICROS_PER_DAY for when, *_ in seen(rows, pair, even=even)]
        for pair in pairs
    ]
    asked = Asked(None, EVEN if even else ALL)
    same(
        measured(rows, pairs, "days_since_last", asked),
        [min(of_pair, default=None) for of_pair in ages],
    )
    same(
        measured(rows, pairs, "days_since_first", asked),
        [max(of_pair, default=None) for of_pair in ages],
    )


@examples
@given(histories())
def test_the_largest_is_of_all_so_far(history):
    rows, pairs = history
    expected = [
        max((value for _, value in valued(rows, pair)), default=None) for pair in pairs
    ]
    same(measured(rows, pairs, "largest", Asked(of.value, ALL)), expected)


@examples
@given(histories())
def test_the_latest_is_of_the_last_row_that_has_the_value(history):
    rows, pairs = history
    rows = list(
        {row[:2]: row for row in rows}.values()
    )  # one row at a moment: the latest needs no tie
    found = [valued(rows, pair) for pair in pairs]
    same(
        measured(rows, pairs, "latest", Asked(of.value, ALL)),
        [f[-1][1] if f else None for f in found],
    )
    extents = [f[-1][1] - f[0][1] if f else None for f in found]
    same(measured(rows, pairs, "extent", Asked(of.value, ALL)), extents)


@examples
@given(histories())
def test_a_spread_is_of_two_rows_or_more(history):
    rows, pairs = history
    rows = [
        (*row[:4], None if row[4] is None else max(min(row[4], 1e3), -1e3))
        for row in rows
    ]
    expected = []
    for pair in pairs:
        numbers = [value for _, value in valued(rows, pair, WINDOW)]
        expected.append(float(np.std(numbers)) if len(numbers) > 1 else None)
    found = measured(rows, pairs, "spread", Asked(of.value, ALL, WINDOW))
    expected = [math.nan if value is None else value for value in expected]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-2, equal_nan=True)


@examples
@given(histories())
def test_a_trend_is_a_line_by_least_squares(history):
    rows, pairs = history
    rows = [
        (*row[:4], None if row[4] is None else max(min(row[4], 1e3), -1e3))
        for row in rows
    ]
    expected = []
    for pair in pairs:
        found = valued(rows, pair)
        days = [when / MICROS_PER_DAY for when, _ in found]
        apart = len(found) >= 3 and days[-1] - days[0] >= 30
        numbers = [value for _, value in found]
        expected.append(
            90 * np.polyfit(np.array(days) - days[0], numbers, 1)[0]
            if apart
            else math.nan
        )
    found = measured(rows, pairs, "trend", Asked(of.value, ALL))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-2, equal_nan=True)


def test_a_sum_beyond_64_bits_is_right_to_the_last_digit_of_a_double():
    amounts = np.full(100, 1e12)
    rows = Rows(np.zeros(100, dtype=np.int64), np.arange(100), {"value": amounts}, 1)
    whole = rows.sums(ALL, of.value).between(np.array([0]), np.array([100]))
    assert whole.tolist() == [1e14]


def test_a_row_at_the_as_of_date_is_seen_and_one_at_the_beginning_of_the_window_is_not():
    as_of = START + 100 * MICROS_PER_DAY
    rows = [
        (0, as_of - WINDOW * MICROS_PER_DAY, 0, 1, 1.0),
        (0, as_of, 0, 1, 2.0),
        (0, as_of + 1, 0, 1, 4.0),
    ]
    assert measured(
        rows, [(0, as_of)], "total", Asked(of.value, ALL, WINDOW)
    ).tolist() == [2.0]


def test_a_pair_that_did_not_know_of_a_row_reads_a_history_of_its_own():
    late = [(0, START, 1, 1, 1.0), (0, START + MICROS_PER_DAY, 0, 1, 2.0)]
    before, after = START + 10 * MICROS_PER_DAY, START + 20 * MICROS_PER_DAY
    found = measured(late, [(0, before), (0, after)], "total", Asked(of.value, ALL))
    assert found.tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    "how",
    [
        "count",
        "total",
        "mean",
        "largest",
        "days_since_last",
        "latest",
        "spread",
        "trend",
    ],
)
def test_an_account_without_rows_has_nothing(how):
    (found,) = measured([], [(1, START)], how, Asked(of.value, ALL))
    assert found == 0 if how in ("count", "total") else math.isnan(found)
