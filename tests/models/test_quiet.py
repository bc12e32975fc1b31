"""The chance of a quiet period: fitted on the newest date, moved to the share that left, and what it adds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fitted.bgnbd import BgNbd, Returns
from models.fitted.calibration import sigmoid
from models.fitted.quiet import Quiet, QuietOdds, log_odds, of_description
from training.fitting.bgnbd import fit_bgnbd
from training.fitting.quiet import fit_quiet, fit_quiet_odds

NAN = float("nan")


def snapshot(*rows, as_of_us=1):
    """Accounts by their active days, the days from the first to the last of them, and the days since."""
    frame = pd.DataFrame(
        rows, columns=["active_days", "active_span", "days_silent"], dtype=float
    )
    return frame.assign(as_of_us=as_of_us)


COMING_BACK = [(1, 0, 50), (1, 0, 80), (3, 40, 10), (5, 60, 5), (2, 7, 70), (9, 90, 2)]


def fitted(frame, weight=None):
    return fit_quiet(
        frame, 30, pd.Series(1.0, index=frame.index) if weight is None else weight
    )


def test_it_is_fitted_on_the_newest_date_and_on_those_who_were_ever_active():
    newest = snapshot(*COMING_BACK, as_of_us=2)
    older, never = (
        snapshot((1, 0, 1), (1, 0, 2), as_of_us=1),
        snapshot((0, NAN, NAN), as_of_us=2),
    )
    found = fitted(pd.concat([older, newest, never], ignore_index=True))
    active, span, silent = np.array(COMING_BACK, dtype=float).T
    assert found == Quiet(30, fit_bgnbd(Returns(active - 1, span, span + silent)))


def test_a_row_that_stands_for_two_weighs_as_two():
    twice = fitted(snapshot(*COMING_BACK, *COMING_BACK[3:]))
    weighed = fitted(snapshot(*COMING_BACK), pd.Series([1.0, 1.0, 1.0, 2.0, 2.0, 2.0]))
    frame = snapshot(*COMING_BACK)
    assert weighed.chances(frame) == pytest.approx(twice.chances(frame), abs=0.002)
    assert np.abs(fitted(frame).chances(frame) - twice.chances(frame)).max() > 0.02


@pytest.mark.parametrize("rows", [[], [(1, 0, 50), (1, 0, 80)], [(0, NAN, NAN)]])
def test_where_nobody_ever_came_back_there_is_none(rows):
    assert fitted(snapshot(*rows)) is None


def test_its_chances_are_those_of_bgnbd_over_the_quiet_period_and_its_description_is_all_of_it():
    quiet = Quiet(30, BgNbd(r=1.0, alpha=10.0, a=1.0, b=3.0))
    assert quiet.chances(snapshot((1, 0, 10))).tolist() == pytest.approx([20 / 50])
    assert of_description(quiet.described()) == quiet


def test_log_odds_are_moved_to_the_share_that_left():
    """Log-odds of -1 and 1 have the mean chance of a half; three of four left, so they go up alike."""
    chances, outcome = (
        sigmoid(np.array([-1.0, 1.0, -1.0, 1.0])),
        np.array([1.0, 1.0, 0.0, 1.0]),
    )
    odds = fit_quiet_odds(chances, 0, outcome, np.ones(4))
    raw = odds.raw(chances[:, None])
    assert sigmoid(raw).mean() == pytest.approx(0.75)
    assert (raw - raw[0]).tolist() == pytest.approx([0.0, 2.0, 0.0, 2.0])
    weight = np.array([1.0, 1.0, 2.0, 0.0])  # two of four left
    weighed = fit_quiet_odds(chances, 0, outcome, weight).raw(chances[:, None])
    assert np.average(sigmoid(weighed), weights=weight) == pytest.approx(0.5)


def test_what_is_missing_stands_at_the_mean_and_adds_nothing():
    odds = QuietOdds(place=1, shift=0.5, usual=-1.0)
    matrix = np.array([[7.0, NAN], [7.0, 0.5]])
    assert odds.raw(matrix).tolist() == [-0.5, 0.5]
    assert odds.contributions(matrix).tolist() == [[0.0, 0.0], [0.0, 1.0]]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_the_mean_chance_is_the_share_that_left_whatever_was_said(rows):
    chances = np.array([chance for chance, _ in rows])
    outcome = np.array([0.0, 1.0, *(float(left) for _, left in rows[2:])])
    odds = fit_quiet_odds(chances, 0, outcome, np.ones(len(rows)))
    assert sigmoid(odds.raw(chances[:, None])).mean() == pytest.approx(
        outcome.mean(), abs=1e-6
    )
    assert np.isfinite(log_odds(chances)).all()
