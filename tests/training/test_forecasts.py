"""Forecasts of a book: sums of chances and their spread, what is naive, the record of past quarters, trends."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine import MICROS_PER_DAY, instant
from training.forecasts.forecast import forecast
from training.forecasts.naive import (
    lost_as_last,
    lost_by_markov,
    mix_as_last,
    mix_by_markov,
)
from training.forecasts.past_quarters import past_quarters, quarter_dates
from training.forecasts.quarter import Quarter, coming
from training.forecasts.record import record_of, verdicts
from training.forecasts.spread import shift_from, summed
from training.forecasts.trends import trends
from training.past.observed import observe

POOR, PEOPLE, PRODUCT, EXCEPTIONAL, LOST = range(5)
NAN = np.nan


def quarter(day, today, risk, state, chances=None):
    """A quarter of as many accounts; without chances all are sure to stay where they are."""
    today = np.array(today)
    state = np.array(state, dtype=float)
    sure = np.eye(5)[today]
    return Quarter(
        as_of=instant(date(2026, 1, 1)) + day * MICROS_PER_DAY,
        accounts=np.array([f"a{row}" for row in range(len(today))], dtype=object),
        today=today,
        risk=np.array(risk, dtype=float),
        chances=sure if chances is None else np.array(chances, dtype=float),
        value=np.full(len(today), 100.0),
        left=np.where(np.isnan(state), NAN, state == LOST),
        state=state,
    )


def test_two_accounts_that_may_leave_are_none_one_or_two():
    fair = np.array([0.5, 0.5])
    of = summed(fair, 0.0, np.array([7, 7]))
    assert list(of) == [7]
    assert (of[7].mean, of[7].low, of[7].high) == (1.0, 0.0, 2.0)


def test_a_sum_by_value_counts_each_account_by_what_it_is_worth():
    sure = np.array([1.0, 0.0, 1.0])
    worth = np.array([30.0, 50.0, 7.0])
    of = summed(sure, 0.4, np.array([0, 0, 1]), worth)
    assert [(each.mean, each.low, each.high) for each in of.values()] == [
        (30.0, 30.0, 30.0),
        (7.0, 7.0, 7.0),
    ]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.floats(0.0, 1.0))
@settings(max_examples=40, deadline=None)
def test_an_interval_lies_within_all_and_none_and_is_no_narrower_for_being_wrong_together(
    chances, shift
):
    chances = np.array(chances)
    group = np.zeros(len(chances), dtype=int)
    alone, together = (summed(chances, each, group)[0] for each in (0.0, shift))
    assert 0 <= together.low <= together.high <= len(chances)
    assert alone.mean == together.mean
    assert together.high - together.low >= alone.high - alone.low - 2


def test_quarters_that_went_as_told_leave_less_shift_than_those_that_did_not():
    told = np.full(100, 0.2)
    as_told = np.arange(100) < 20
    more = np.arange(100) < 45
    assert shift_from([(told, as_told)] * 8) < 0.2
    assert shift_from([(told, more)] * 8) > 1.0
    assert shift_from([]) == 0.3


def test_naive_forecasts_by_hand():
    last = quarter(
        0,
        today=[POOR, POOR, EXCEPTIONAL, EXCEPTIONAL],
        risk=[0.1] * 4,
        state=[LOST, POOR, EXCEPTIONAL, NAN],
    )
    assert lost_as_last(last, 9) == 3.0
    assert mix_as_last(last, 6).tolist() == [3.0, 0.0, 0.0, 3.0]
    today = np.array([POOR, POOR, POOR, EXCEPTIONAL])
    assert lost_by_markov([last], today) == 1.5
    assert mix_by_markov([last], today).tolist() == [3.0, 0.0, 0.0, 1.0]


def test_a_quadrant_from_which_nobody_moved_has_the_shares_of_all():
    last = quarter(0, [POOR, EXCEPTIONAL], [0.1, 0.1], [LOST, EXCEPTIONAL])
    assert lost_by_markov([last], np.array([PEOPLE, PEOPLE])) == 1.0


def test_the_record_knows_only_quarters_that_were_over():
    first = quarter(0, [POOR] * 4, [0.25] * 4, [LOST, POOR, POOR, POOR])
    second = quarter(90, [POOR] * 4, [0.5] * 4, [LOST, LOST, POOR, POOR])
    lost = [each for each in record_of([first, second]) if each.figure == "lost"]
    assert [each.as_of for each in lost] == ["2026-01-01", "2026-04-01"]
    assert [(each.forecast.mean, each.happened) for each in lost] == [(1, 1), (2, 2)]
    assert (lost[0].as_last, lost[0].markov) == (None, None)
    assert (lost[1].as_last, lost[1].markov) == (1.0, 1.0)
    late = record_of([first, second], delay_days=1)
    assert all(each.as_last is None for each in late)


def test_the_verdict_says_so_when_the_models_lose():
    first = quarter(0, [POOR] * 4, [0.25] * 4, [LOST, POOR, POOR, POOR])
    wrong = quarter(90, [POOR] * 4, [1.0] * 4, [LOST, POOR, POOR, POOR])
    lost, mix = verdicts(record_of([first, wrong]))
    assert (lost.told, lost.held) == (2, 1)
    assert (lost.error, lost.as_last, lost.markov) == (3.0, 0.0, 0.0)
    assert lost.sentence == (
        "lost: 1 of 2 past intervals held what happened; mean error 3.0 accounts, "
        "as last quarter 0.0, the Markov chain 0.0: the models lose here."
    )
    assert mix.error == 0.0
    assert "lose" not in mix.sentence


def test_the_mix_is_of_those_who_stay():
    chances = [[0.0, 0.0, 0.0, 0.5, 0.5]] * 2 + [[0.25, 0.0, 0.0, 0.25, 0.5]] * 2
    past = quarter(
        0,
        [EXCEPTIONAL] * 4,
        [0.5] * 4,
        [EXCEPTIONAL, LOST, POOR, NAN],
        chances,
    )
    told = {each.figure: each for each in record_of([past])}
    assert told["exceptional"].accounts == 2
    assert told["exceptional"].forecast.mean == 1.5
    assert told["poor"].forecast.mean == 0.5
    assert told["poor"].happened == 1.0


def test_the_coming_quarter_by_segment_value_and_matrix():
    scores = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "quadrant": ["poor", "exceptional", "unknown"],
            "risk_90d": [1.0, 0.0, 0.0],
            "value": [10.0, 20.0, NAN],
            "p_poor_90d": [0.0, 1.0, NAN],
            "p_people_carried_90d": [0.0, 0.0, NAN],
            "p_product_carried_90d": [0.0, 0.0, NAN],
            "p_exceptional_90d": [0.0, 0.0, NAN],
            "p_defected_90d": [1.0, 0.0, NAN],
        }
    )
    markets = pd.Series({"a": "north", "b": "south"})
    now = coming(scores, instant(date(2026, 1, 1)))
    told = forecast(now, [], {"market": markets})
    assert (told["as_of"], told["until"], told["accounts"]) == (
        *("2026-01-01", "2026-04-01"),
        3,
    )
    assert told["lost"] == {
        **{"mean": 1.0, "low": 1.0, "high": 1.0},
        "value": {"mean": 10.0, "low": 10.0, "high": 10.0},
    }
    by_market = {each["segment"]: each["lost"]["mean"] for each in told["segments"]}
    assert by_market == {"north": 1.0, "south": 0.0, "unknown": 0.0}
    mix = {each["quadrant"]: (each["today"], each["mean"]) for each in told["mix"]}
    assert (mix["poor"], mix["exceptional"]) == ((1, 1.0), (1, 0.0))
    moves = {(each["from"], each["to"]): each["mean"] for each in told["matrix"]}
    assert moves["poor", "lost"] == moves["exceptional", "poor"] == 1.0
    assert (told["past"], told["verdicts"], told["trends"]) == ([], [], [])


def year(moves):
    """A past quarter in which 60 accounts of the north moved, and 60 of the south stayed."""
    north = [POOR if row < moves else EXCEPTIONAL for row in range(60)]
    past = quarter(0, [EXCEPTIONAL] * 120, [0.0] * 120, [*north, *[EXCEPTIONAL] * 60])
    names = ["north"] * 60 + ["south"] * 60
    return [past], {"market": pd.Series(names, index=past.accounts)}


def test_a_market_that_falls_is_named_and_one_that_does_not_is_not():
    found = trends(*year(moves=30))
    first = found[0]
    assert first.sure
    assert {(each.segment, each.state) for each in found if each.sure} == {
        ("north", "poor"),
        ("north", "exceptional"),
        ("south", "poor"),
        ("south", "exceptional"),
    }
    north = next(
        each for each in found if (each.segment, each.state) == ("north", "poor")
    )
    assert (north.moved, north.others, north.accounts) == (0.5, 0.0, 60)
    assert not any(each.sure for each in trends(*year(moves=1)))


def test_markets_of_a_few_accounts_are_not_looked_at():
    past = quarter(0, [POOR] * 30, [0.0] * 30, [LOST] * 15 + [POOR] * 15)
    names = ["north"] * 15 + ["south"] * 15
    assert trends([past], {"market": pd.Series(names, index=past.accounts)}) == []


@pytest.mark.slow
def test_past_quarters_of_a_book_follow_one_another_and_say_what_happened(small_book):
    observed = observe(small_book, small_book.watermark)
    dates = quarter_dates(observed)
    assert set(np.diff(dates)) <= {90 * MICROS_PER_DAY}
    found = past_quarters(observed, most=2)
    assert [each.as_of for each in found] == dates[-2:]
    for each in found:
        known = ~np.isnan(each.left)
        assert np.isfinite(each.risk[known]).all()
        assert set(np.unique(each.left[known])) <= {0.0, 1.0}
        assert (each.left[each.state == LOST] == 1.0).all()
