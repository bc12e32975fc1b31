"""Splits: time moves forward alone, and no label needs anything known after the date it is used at."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY, day_of, instant
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from training.evaluation.walk_forward import Walk, evaluate_at
from training.past.as_of_dates import (
    FEWEST_FOLDS,
    MOST_FOLDS,
    fold_dates,
    horizons_of,
    training_dates,
)
from training.past.leaving import leaving
from training.past.observed import Observed, observe
from training.past.panel import panel_at
from training.past.training_set import with_outcomes

HORIZONS = (0, 14, 30, 60, 90, 180)
FEW = {
    name: FEATURES[name]
    for name in ("days_silent", "product_settled", "people_settled", "quadrant")
}


def us(text):
    return instant(datetime.fromisoformat(text))


def book_from(make_book, first):
    return make_book(
        accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
        interactions=[{"account_id": "a", "occurred_at": first, "kind": "visit"}],
    )


def test_training_dates_are_thirty_days_apart_and_have_sixty_days_of_history_behind_them(
    make_book,
):
    book = book_from(make_book, "2024-01-01")
    # 60 days after the first of January 2024, a leap year, is the first of March.
    dates = training_dates(book, us("2024-05-30"))
    assert [str(day_of(date)) for date in dates] == [
        "2024-03-01",
        "2024-03-31",
        "2024-04-30",
    ]
    assert [str(day_of(date)) for date in training_dates(book, us("2024-05-29"))] == [
        "2024-03-30",
        "2024-04-29",
    ]
    assert training_dates(book, us("2024-03-30")) == []
    assert training_dates(book, us("2024-03-31")) == [us("2024-03-01")]
    assert training_dates(book, us("2024-03-31") - 1) == []


def test_where_leaving_is_silence_who_is_gone_already_is_predicted_too(make_book):
    book = book_from(make_book, "2020-01-01")
    assert horizons_of(book) == (0, 14, 30, 60, 90, 180)


def test_where_departures_are_on_record_the_horizons_lie_ahead(make_book):
    book = make_book(
        accounts=[{"account_id": "a", "opened_at": "2020-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-01-01", "kind": "visit"}
        ],
        departures=[{"account_id": "a", "occurred_at": "2024-03-01"}],
    )
    assert horizons_of(book) == (14, 30, 60, 90, 180)


def test_training_dates_go_back_to_the_beginning_of_the_book(make_book):
    dates = training_dates(book_from(make_book, "2020-01-01"), us("2024-05-30"))
    # 1,611 days from the first of January 2020 on, of which 60 are to lie behind the first date.
    assert len(dates) == (1611 - 60) // 30 == 51
    assert dates[-1] == us("2024-04-30")
    assert {later - date for date, later in pairwise(dates)} == {30 * MICROS_PER_DAY}


def test_test_dates_are_the_newest_whose_outcome_is_known(make_book):
    book, until = book_from(make_book, "2020-01-01"), us("2024-05-30")
    dates = fold_dates(book, until, horizon=30, delay_days=0)
    assert len(dates) == MOST_FOLDS == 12
    assert dates[-1] == us("2024-04-30")  # known on the very day
    assert fold_dates(book, until, horizon=30, delay_days=1)[-1] == us("2024-03-31")
    assert fold_dates(book, until, horizon=1560, delay_days=0) == []


def test_a_third_of_the_dates_are_test_dates_yet_at_least_three(make_book):
    book = book_from(make_book, "2020-01-01")
    assert (
        len(fold_dates(book, us("2024-05-30"), horizon=900, delay_days=0))
        == 22 // 3
        == 7
    )
    assert (
        len(fold_dates(book, us("2024-05-30"), horizon=1380, delay_days=0))
        == FEWEST_FOLDS
        == 3
    )


def known_by(book, until):
    """The book without everything known later: on its database, tables of the same names hide its own."""
    connection = book.connection.cursor()
    for table in ("interactions", "surveys", "departures", "markets"):
        kept = f"select * from memory.main.{table} where known_us <= {until}"
        connection.execute(f"create temp table {table} as {kept}")
    return replace(book, connection=connection)


def without_departures(book):
    """The book as if it had none: leaving is silence."""
    return replace(
        book,
        rows={
            table: rows for table, rows in book.rows.items() if table != "departures"
        },
    )


@pytest.mark.parametrize("days", [60, 200])
@pytest.mark.parametrize("silence", [False, True], ids=["departures", "silence"])
def test_labels_used_at_a_date_need_nothing_known_after_it(sample_book, days, silence):
    book = without_departures(sample_book) if silence else sample_book
    until = sample_book.watermark - days * MICROS_PER_DAY
    dates = training_dates(book, until)
    meaning = leaving(book, until, 40 if silence else None)
    labelled = with_outcomes(
        Observed(book, until, meaning), snapshot(book, dates, FEW), HORIZONS
    ).known()
    past = known_by(book, until)
    assert past.watermark <= until < book.watermark
    assert training_dates(past, until) == dates
    assert leaving(past, until, 40 if silence else None) == meaning
    expected = with_outcomes(
        Observed(past, until, meaning), snapshot(past, dates, FEW), HORIZONS
    ).known()
    pd.testing.assert_frame_equal(labelled.frame, expected.frame, check_exact=True)
    pd.testing.assert_frame_equal(labelled.left, expected.left, check_exact=True)
    pd.testing.assert_series_equal(labelled.state, expected.state, check_exact=True)
    assert labelled.digest == expected.digest
    assert labelled.left[30].nunique() == 2  # there is something to learn


@pytest.mark.parametrize("silence", [False, True], ids=["departures", "silence"])
def test_every_label_is_given_for_leavers_and_stayers_of_a_date_alike_or_for_none(
    sample_book, silence
):
    book = without_departures(sample_book) if silence else sample_book
    until = sample_book.watermark - 60 * MICROS_PER_DAY
    meaning = leaving(book, until, 40 if silence else None)
    frame = snapshot(book, training_dates(book, until), FEW)
    data = with_outcomes(Observed(book, until, meaning), frame, HORIZONS)
    for horizon in HORIZONS:
        known = data.left[horizon].notna()
        in_time = (
            frame["as_of_us"] + (horizon + meaning.delay_days) * MICROS_PER_DAY <= until
        )
        assert not (known & ~in_time).any()
        gone_unnoticed = (
            in_time & ~known
        )  # who had left by the as-of date is neither a leaver nor one who stays
        assert gone_unnoticed.mean() < (1e-9 if silence else 0.02)
        assert known.sum() > 0
    assert not data.left[180].notna().all()
    assert data.state[data.left[90].isna()].isna().all()


@pytest.mark.parametrize(
    ("days", "mend"),
    [(None, "evaluate an earlier date"), (70, "evaluate a later date")],
)
def test_an_outcome_that_is_not_known_yet_or_a_past_that_is_too_short_is_said_in_words(
    sample_book, days, mend
):
    end, beginning = sample_book.watermark, sample_book.beginning
    as_of = end if days is None else beginning + days * MICROS_PER_DAY
    then = observe(sample_book, as_of)
    panel = panel_at(then)
    with pytest.raises(EvidenceError, match=mend):
        evaluate_at(Walk(then.followed(end), panel, [90]), as_of)
