"""Reasons: which are told, and in what order, from contributions that are written out here."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.themes.dictionary import ENTRIES
from models.score.reasons import (
    REASON_COLUMNS,
    Reason,
    Terms,
    of_columns,
    reason_columns,
    reasons,
    theme_of,
)

NAN = float("nan")
COLUMNS = (
    "days_silent",
    "signs_of_life_30d",
    "complaints_90d",
    "promises_broken_365d",
    "cancellations_90d",
    "industry",
)
ACCOUNT = {
    "days_silent": 41.0,
    "usual_gap": 9.0,
    "active_days": 30.0,
    "signs_of_life_30d": 2.0,
    "signs_of_life_180d": 60.0,
    "days_on_record": 700.0,
    "complaints_90d": 3.0,
    "promises_broken_365d": 1.0,
    "cancellations_90d": 2.0,
    "industry": "retail",
}
SILENT = "No sign of life for 41 days; they usually come every 9 days"
ACTIVE = "Active twice in 30 days; 10 times is usual for them"
COMPLAINED = "Complained 3 times in 90 days"
BROKE = "We broke 1 promise in a year"
CANCELLED = "Cancelled or sent back twice in 90 days"


def told(*contributions, columns=COLUMNS, typical=None, **changes):
    """The reasons of one account, as a list."""
    found = reasons(
        pd.DataFrame([ACCOUNT | changes]),
        columns,
        np.array([contributions], dtype=float),
        Terms(typical=typical or {}),
    )
    return reason_columns(found, [0])[list(REASON_COLUMNS)].iloc[0].tolist()


def test_the_three_themes_that_add_most_are_told_in_their_order_each_by_its_strongest_column():
    # Gone quiet 0.3 + 0.4, what they let us feel 0.8, promises 0.6, what they buy 0.1
    assert told(0.3, 0.4, 0.8, 0.6, 0.1, 0.0) == [COMPLAINED, ACTIVE, BROKE]


def test_a_theme_counts_by_the_sum_of_its_columns():
    # Gone quiet adds 1.0 - 0.7 = 0.3, less than the complaints, though its first column adds most of all
    assert told(1.0, -0.7, 0.4, 0.0, 0.0, 0.0) == [COMPLAINED, SILENT, None]


def test_what_speaks_against_leaving_is_no_reason():
    assert told(0.0, 0.0, -0.5, -1.0, 0.2, 0.0) == [CANCELLED, None, None]
    assert told(-0.1, 0.0, -0.5, -1.0, -0.2, 0.0) == [None, None, None]


def test_what_has_nothing_to_say_gives_way_to_the_next_strongest_of_its_theme():
    # 41 days of silence are no news of an account that comes every 40.
    assert told(0.9, 0.4, 0.0, 0.0, 0.0, 0.0, usual_gap=40.0)[0] == ACTIVE
    assert told(0.9, 0.4, 0.0, 0.0, 0.0, 0.0, days_silent=NAN)[0] == ACTIVE


def test_what_adds_less_than_a_tenth_of_the_strongest_is_not_told_in_its_place():
    assert told(0.9, 0.08, 0.0, 0.0, 0.0, 0.0, usual_gap=40.0)[0] is None
    assert told(0.9, 0.1, 0.0, 0.0, 0.0, 0.0, usual_gap=40.0)[0] == ACTIVE


def test_a_theme_with_nothing_to_say_is_passed_over_and_the_next_one_told():
    assert told(0.0, 0.0, 0.9, 0.6, 0.1, 0.0, complaints_90d=0.0) == [
        BROKE,
        CANCELLED,
        None,
    ]


@pytest.mark.parametrize("industry", ["retail", None, 12.0])
def test_a_fact_says_nothing_by_itself_and_is_passed_over(industry):
    told_of = told(0.0, 0.0, 0.1, 0.0, 0.0, 0.9, industry=industry)
    assert told_of == [COMPLAINED, None, None]


def test_what_is_better_than_is_typical_is_no_reason():
    adding = (0.0, 0.0, 0.9, 0.0, 0.0, 0.0)
    assert told(*adding, typical={"complaints_90d": 2.0})[0] == COMPLAINED
    assert told(*adding, typical={"complaints_90d": 3.0})[0] is None
    assert told(*adding, typical={"complaints_90d": 8.0})[0] is None


def test_of_equal_themes_the_one_whose_column_comes_first_is_told_first():
    assert told(0.5, 0.0, 0.5, 0.0, 0.0, 0.0)[:2] == [SILENT, COMPLAINED]
    order = ("complaints_90d", "days_silent")
    assert told(0.5, 0.5, columns=order)[0] == COMPLAINED


def test_columns_are_matched_by_name_and_each_row_keeps_its_index():
    accounts = [ACCOUNT, ACCOUNT | {"complaints_90d": 8.0}]
    frame = pd.DataFrame(accounts, index=[70, 5])
    columns = ("complaints_90d", "days_silent")
    found = reasons(frame, columns, np.array([[0.0, 0.1], [0.1, 0.0]]))
    assert [[(why.feature, why.value) for why in row] for row in found] == [
        [("days_silent", 41.0)],
        [("complaints_90d", 8.0)],
    ]
    told_of = reason_columns(found, frame.index)
    assert told_of.index.tolist() == [70, 5]
    assert told_of["reason_1"].tolist() == [SILENT, "Complained 8 times in 90 days"]


def test_rows_of_contributions_may_be_of_some_rows_of_the_snapshot():
    frame = pd.DataFrame([ACCOUNT | {"complaints_90d": n} for n in (1.0, 2.0, 3.0)])
    found = reasons(frame, ("complaints_90d",), np.ones((2, 1)), places=[2, 0])
    assert [row[0].value for row in found] == [3.0, 1.0]


def test_a_reason_has_a_code_that_its_window_does_not_change_and_its_value():
    why = Reason("complaints_90d", 3.0, COMPLAINED)
    assert (why.code, why.theme) == ("voice.complaints", "voice")
    assert Reason("signs_of_life_7d", 1.0).code == "indifference.signs_of_life"
    assert Reason("signs_of_life_30d", 1.0).code == "indifference.signs_of_life"
    assert Reason("industry", "retail").code == "facts.industry"
    assert Reason("quiet_chance", 0.5).code == "indifference.quiet_chance"


def test_reasons_come_back_from_columns_texts_numbers_and_missing_values_alike():
    told_of = [
        Reason("usual_gap", None, "Not known"),
        Reason("industry", "41", "In 41"),
        Reason("size", 0.1, "Small"),
    ]
    columns = reason_columns([told_of, []], pd.Index([0, 1]))
    assert columns["reason_2_value"].tolist() == ['"41"', None]
    assert columns["reason_3_code"].tolist() == ["facts.size", None]
    rows = columns.to_dict("records")
    assert [of_columns(row) for row in rows] == [told_of, []]


def test_a_book_of_one_theme_has_one_reason_and_no_rows_have_none():
    assert told(0.5, columns=("days_silent",)) == [SILENT, None, None]
    assert reasons(pd.DataFrame([ACCOUNT])[:0], COLUMNS, np.zeros((0, 6))) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_theme_is_told_twice_and_each_one_told_adds_to_the_risk(contributions):
    (found,) = reasons(pd.DataFrame([ACCOUNT]), COLUMNS, np.array([contributions]))
    themes = [theme_of(column) for column in COLUMNS]
    sums = pd.Series(contributions).groupby(themes).sum()
    mine = [why.theme for why in found]
    assert len(set(mine)) == len(mine) <= 3
    assert (sums[mine] > 0).all() and sums[mine].is_monotonic_decreasing
    assert all(why.feature in ENTRIES for why in found)
