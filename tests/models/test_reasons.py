"""Reasons: sentences with the account's own figures, from contributions that are written out here."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.themes.dictionary import FEATURES
from models.score.reasons import (
    REASON_COLUMNS,
    TITLES,
    Reason,
    of_columns,
    reason,
    reason_columns,
    reasons,
    theme_of,
)

NAN = float("nan")
COLUMNS = (
    "days_silent",
    "usual_gap",
    "complaints_90d",
    "promises_kept_365d",
    "purchases_90d",
    "industry",
)
ACCOUNT = {
    "days_silent": 41.0,
    "usual_gap": 9.0,
    "complaints_90d": 3.0,
    "promises_kept_365d": 0.5,
    "purchases_90d": 0.0,
    "industry": "retail",
}


def told(*contributions, columns=COLUMNS, **changes):
    """The reasons of one account, as a list."""
    found = reasons(
        pd.DataFrame([ACCOUNT | changes]),
        columns,
        np.array([contributions], dtype=float),
    )
    return reason_columns(found, [0])[list(REASON_COLUMNS)].iloc[0].tolist()


def test_the_three_themes_that_add_most_are_told_in_their_order_each_by_its_strongest_column():
    # Gone quiet 0.3 + 0.4, what they let us feel 0.8, promises 0.6, what they buy 0.1
    assert told(0.3, 0.4, 0.8, 0.6, 0.1, 0.0) == [
        "What they let us feel: 3 complaints in 90 days",
        "Gone quiet: usually heard from every 9 days",
        "What we promised: we kept 50% of what we promised",
    ]


def test_a_theme_counts_by_the_sum_of_its_columns():
    # Gone quiet adds 1.0 - 0.7 = 0.3, less than the complaints, though its first column adds most of all
    assert told(1.0, -0.7, 0.4, 0.0, 0.0, 0.0) == [
        "What they let us feel: 3 complaints in 90 days",
        "Gone quiet: no sign of life for 41 days",
        None,
    ]


def test_the_chance_of_a_quiet_period_is_told_with_the_silence():
    assert told(0.7, columns=("quiet_chance",), quiet_chance=0.87)[0] == (
        "Gone quiet: 87% likely to stay quiet for as long as leaving takes"
    )


def test_what_speaks_against_leaving_is_no_reason():
    assert told(0.0, 0.0, -0.5, -1.0, 0.2, 0.0) == [
        "What they buy: 0 purchases in 90 days",
        None,
        None,
    ]
    assert told(-0.1, 0.0, -0.5, -1.0, -0.2, 0.0) == [None, None, None]


def test_a_fact_is_told_by_its_name_and_value():
    assert (
        told(0.0, 0.0, 0.0, 0.0, 0.0, 0.7)[0]
        == "What kind of account: industry is retail"
    )


def test_a_fact_that_is_a_whole_number_is_told_as_one():
    assert (
        told(0.7, columns=("employees",), employees=12.0)[0]
        == "What kind of account: employees is 12"
    )


@pytest.mark.parametrize(
    ("revenue", "said"), [(1_250_000.0, "1250000"), (123_456.5, "123456.5")]
)
def test_a_large_number_among_the_facts_is_told_in_full(revenue, said):
    told_of = told(0.7, columns=("revenue",), revenue=revenue)[0]
    assert told_of == f"What kind of account: revenue is {said}"


@pytest.mark.parametrize("missing", [None, NAN])
def test_a_fact_that_is_not_known_is_told_as_not_known(missing):
    (said, *_) = told(0.0, 0.0, 0.0, 0.0, 0.0, 0.7, industry=missing)
    assert said == "What kind of account: not known: industry"


def test_a_value_that_is_not_known_is_told_where_nothing_else_of_its_theme_adds():
    assert told(0.0, 0.0, 0.0, 0.6, 0.0, 0.0, promises_kept_365d=NAN)[0] == (
        "What we promised: not known: share of the promises of the last 365 days, kept or broken, that were kept; "
        "once broken is broken"
    )


def test_a_known_value_that_adds_goes_before_a_missing_one_that_adds_more():
    assert (
        told(0.2, 0.9, 0.0, 0.0, 0.0, 0.0, usual_gap=NAN)[0]
        == "Gone quiet: no sign of life for 41 days"
    )
    silent = told(-0.2, 0.9, 0.0, 0.0, 0.0, 0.0, usual_gap=NAN)[0]
    assert silent == "Gone quiet: not known: mean days between active days"


def test_of_equal_themes_the_one_whose_column_comes_first_is_told_first():
    assert told(0.5, 0.0, 0.5, 0.0, 0.0, 0.0)[:2] == [
        "Gone quiet: no sign of life for 41 days",
        "What they let us feel: 3 complaints in 90 days",
    ]
    order = ("complaints_90d", "days_silent")
    assert (
        told(0.5, 0.5, columns=order)[0]
        == "What they let us feel: 3 complaints in 90 days"
    )


def test_columns_are_matched_by_name_and_each_row_keeps_its_index():
    frame = pd.DataFrame([ACCOUNT, ACCOUNT | {"complaints_90d": 8.0}], index=[70, 5])[
        [*reversed(COLUMNS)]
    ]
    found = reasons(
        frame, ("complaints_90d", "days_silent"), np.array([[0.0, 0.1], [0.1, 0.0]])
    )
    assert found == [[Reason("days_silent", 41.0)], [Reason("complaints_90d", 8.0)]]
    columns = reason_columns(found, frame.index)
    assert columns.index.tolist() == [70, 5]
    assert columns["reason_1"].tolist() == [
        "Gone quiet: no sign of life for 41 days",
        "What they let us feel: 8 complaints in 90 days",
    ]


def test_a_reason_has_a_code_that_its_window_does_not_change_and_its_value():
    why = Reason("complaints_90d", 3.0)
    assert (why.code, why.theme, why.feature, why.value) == (
        "voice.complaints",
        "voice",
        "complaints_90d",
        3.0,
    )
    assert Reason("signs_of_life_7d", 1.0).code == "indifference.signs_of_life"
    assert Reason("signs_of_life_30d", 1.0).code == "indifference.signs_of_life"
    assert Reason("industry", "retail").code == "facts.industry"
    assert Reason("quiet_chance", 0.5).code == "indifference.quiet_chance"
    assert reason("usual_gap", NAN) == Reason("usual_gap", None)


def test_reasons_come_back_from_columns_texts_numbers_and_missing_values_alike():
    told_of = [Reason("usual_gap", None), Reason("industry", "41"), Reason("size", 0.1)]
    columns = reason_columns([told_of, []], pd.Index([0, 1]))
    assert columns["reason_2_value"].tolist() == ['"41"', None]
    assert columns["reason_3_code"].tolist() == ["facts.size", None]
    rows = columns.to_dict("records")
    assert [of_columns(row) for row in rows] == [told_of, []]


def test_a_book_of_one_theme_has_one_reason_and_no_rows_have_none():
    assert told(0.5, columns=("days_silent",)) == [
        "Gone quiet: no sign of life for 41 days",
        None,
        None,
    ]
    nobody = reasons(pd.DataFrame([ACCOUNT])[:0], COLUMNS, np.zeros((0, len(COLUMNS))))
    assert nobody == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_there_are_as_many_reasons_as_themes_that_add_up_to_three_and_no_theme_twice(
    contributions,
):
    found = [reason for reason in told(*contributions) if reason is not None]
    sums = (
        pd.Series(contributions).groupby([theme_of(column) for column in COLUMNS]).sum()
    )
    strongest = sums[sums > 0].nlargest(3)
    assert len(found) == len(strongest)
    titles = [reason.split(": ")[0] for reason in found]
    assert sorted(
        sums[[next(t for t in sums.index if TITLES[t] == title) for title in titles]]
    ) == pytest.approx(sorted(strongest))
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("value", [0.5, 12.0])
def test_every_feature_can_be_told_with_its_own_figure_and_without(value):
    columns = tuple(FEATURES)
    for place, column in enumerate(columns):
        contributions = np.zeros((1, len(columns)))
        contributions[0, place] = 1.0
        for figure in (value, NAN):
            frame = pd.DataFrame([dict.fromkeys(columns, figure)])
            ((why,),) = reasons(frame, columns, contributions)
            said = why.sentence
            assert said.startswith(f"{TITLES[FEATURES[column].theme]}: ")
            assert "{" not in said and "nan" not in said
            assert ("not known: " in said) == np.isnan(figure)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("promises_overdue", "1 promise is overdue"),
        ("matters_open", "1 matter still open"),
        ("days_silent", "no sign of life for 1 day"),
        ("complaints_90d", "1 complaint in 90 days"),
        ("purchases_30d", "1 purchase in 30 days"),
        ("failures_365d", "we failed them 1 time in 365 days"),
        ("signs_of_life_7d", "1 sign of life in 7 days"),
        ("active_days", "1 active day in all"),
        ("reps_365d", "1 person served them in a year"),
    ],
)
def test_one_thing_is_told_in_the_singular(column, said):
    assert reason(column, 1.0).sentence.endswith(f": {said}")


def test_no_feature_says_one_of_several():
    for name, feature in FEATURES.items():
        plural = re.search(
            r"(?<![\d.,+-])1 (\w+ )?(days|times|people|\w+s (are|were))\b",
            reason(name, 1.0).sentence,
        )
        assert plural is None, feature.says
