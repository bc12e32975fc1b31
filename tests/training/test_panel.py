"""The panel: all rows of a small book; of a large one leavers first, and others who stand for several."""

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY
from features.snapshot.cohort import cohort_at
from models.score.horizon import HORIZONS
from training.past.as_of_dates import training_dates
from training.past.labels import departed
from training.past.observed import observe
from training.past.panel import SOON_DAYS, Bounds, make_panel


@pytest.fixture(scope="module")
def dates(sample_book):
    return training_dates(sample_book, sample_book.watermark)


def panel_of(book, dates, test_dates=(), **bounds):
    return make_panel(observe(book), dates, test_dates, bounds=Bounds(**bounds))


@pytest.fixture(scope="module")
def cohort(sample_book, dates):
    """The whole cohort, and who left soon after."""
    rows = cohort_at(sample_book, dates)
    left_us = departed(observe(sample_book), rows)
    return rows.assign(soon=left_us - rows["as_of_us"] <= SOON_DAYS * MICROS_PER_DAY)


def test_a_small_book_is_taken_whole(sample_book, dates, cohort):
    panel = panel_of(sample_book, dates, dates[-1:])
    assert panel.frame[["account_id", "as_of_us"]].equals(
        cohort[["account_id", "as_of_us"]]
    )
    assert (panel.weight == 1).all()
    frame, weight = panel.before(dates[:2])
    assert sorted(frame["as_of_us"].unique()) == dates[:2]
    assert len(frame) == len(weight)
    assert (
        panel.at(dates[-1])["account_id"].tolist()
        == cohort[cohort["as_of_us"] == dates[-1]]["account_id"].tolist()
    )
    assert panel.at(dates[0]).empty  # it is learned from alone


def test_of_a_large_book_leavers_stay_and_others_stand_for_several(
    sample_book, dates, cohort
):
    leavers = int(cohort["soon"].sum())
    most = 3 * leavers
    panel = panel_of(sample_book, dates, rows=most)
    rows = panel.frame[["account_id", "as_of_us"]].merge(
        cohort, on=["account_id", "as_of_us"]
    )
    assert rows["soon"].sum() == leavers
    assert (panel.weight[rows["soon"]] == 1).all()
    others = panel.weight[~rows["soon"]]
    assert np.unique(others) == pytest.approx(
        (len(cohort) - leavers) / (most - leavers)
    )
    assert panel.weight.sum() == pytest.approx(len(cohort), rel=0.15)
    assert len(rows) == pytest.approx(most, rel=0.15)


def test_where_leavers_are_many_half_of_the_bound_is_theirs(sample_book, dates, cohort):
    leavers = int(cohort["soon"].sum())
    panel = panel_of(sample_book, dates, rows=leavers)
    rows = panel.frame[["account_id", "as_of_us"]].merge(
        cohort, on=["account_id", "as_of_us"]
    )
    assert np.unique(panel.weight[rows["soon"]]) == pytest.approx(2.0)
    others = len(cohort) - leavers
    assert np.unique(panel.weight[~rows["soon"]]) == pytest.approx(
        others / (leavers / 2)
    )


def test_soon_is_within_the_longest_horizon():
    assert max(HORIZONS) == SOON_DAYS


def test_whole_accounts_are_kept_and_always_the_same(sample_book, dates, cohort):
    few, more = (panel_of(sample_book, dates, rows=rows) for rows in (1500, 3000))
    others = cohort[~cohort["soon"]]

    def kept(panel):
        return (
            panel.frame.merge(others, on=["account_id", "as_of_us"])
            .groupby("account_id")
            .size()
        )

    assert set(kept(few).index) < set(kept(more).index)
    pd.testing.assert_series_equal(
        kept(few),
        others.groupby("account_id").size()[kept(few).index],
        check_names=False,
    )


def test_who_is_tested_does_not_depend_on_who_left(sample_book, dates, cohort):
    panel = panel_of(sample_book, dates[:-1], dates[-2:], rows=500, tested=100)
    tested = panel.at(dates[-1])
    assert len(tested) == pytest.approx(100, rel=0.3)
    at_date = cohort[cohort["as_of_us"] == dates[-1]]
    assert set(tested["account_id"]) < set(at_date["account_id"])
    assert (
        panel.weight[panel.frame["as_of_us"] == dates[-1]] == 0
    ).all()  # it is tested alone
    earlier = set(panel.at(dates[-2])["account_id"])
    both = set(at_date["account_id"]) & set(
        cohort[cohort["as_of_us"] == dates[-2]]["account_id"]
    )
    assert (
        earlier & both == set(tested["account_id"]) & both
    )  # drawn by the account, not by the row
