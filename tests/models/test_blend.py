"""The blend: a weighted mean of a booster and a regression that were fitted on the same rows."""

import json

import numpy as np
import pandas as pd
import pytest

from features.themes.dictionary import QUIET
from models.fitted.bgnbd import BgNbd
from models.fitted.blend import of_files
from models.fitted.boosting import Setting, grow
from models.fitted.encoding import Encoding
from models.fitted.quiet import Quiet
from training.fitting.blend import booster_share, fit_blend, quiet_share
from training.fitting.design import make_design
from training.fitting.quiet import fit_quiet_odds
from training.fitting.regression import fit_linear

SETTING = Setting(trees=20, rows_per_leaf=5, l2=1.0)
ENCODING = Encoding(("a", "market", "b"), {"market": ("north", "south")})


def data(rows=200, seed=0):
    """A number, a code, and a number with holes; class 1 where the first is high or the code is 1."""
    draws = np.random.default_rng(seed)
    matrix = np.column_stack(
        [draws.normal(size=rows), draws.integers(0, 2, rows), draws.normal(size=rows)]
    )
    matrix[draws.random(rows) < 0.1, 2] = np.nan
    return matrix, ((matrix[:, 0] > 1) | (matrix[:, 1] == 1)).astype(float)


@pytest.fixture(scope="module")
def blend():
    matrix, outcome = data()
    frame = pd.DataFrame(matrix, columns=ENCODING.columns).assign(
        market=np.array(["north", "south"])[matrix[:, 1].astype(int)]
    )
    return fit_blend(
        make_design(frame, ENCODING, SETTING.bins),
        np.arange(len(matrix)),
        outcome,
        SETTING,
        leavers=20,
    )


def test_its_log_odds_are_the_mean_of_those_of_both_with_the_booster_weighing_what_leavers_allow(
    blend,
):
    matrix, outcome = data()
    boosted = grow(matrix, outcome, SETTING, categorical=[1]).raw(matrix)
    regressed = fit_linear(matrix, outcome, [1]).raw(matrix)
    assert np.abs(boosted - regressed).max() > 0.1  # two that differ
    assert blend.raw(matrix) == pytest.approx(0.25 * boosted + 0.75 * regressed)


@pytest.mark.parametrize(
    ("leavers", "share"), [(0, 0.0), (5, 0.1), (20, 0.25), (180, 0.45), (10**9, 0.5)]
)
def test_the_boosters_share_grows_with_the_leavers_to_a_half(leavers, share):
    assert booster_share(leavers) == pytest.approx(share)


def test_contributions_and_one_constant_add_up_to_the_prediction(blend):
    matrix, _ = data(seed=1)
    contributions = blend.contributions(matrix)
    assert contributions.shape == matrix.shape
    rest = blend.raw(matrix) - contributions.sum(axis=1)
    assert rest == pytest.approx(rest[0])


def test_the_code_speaks_through_the_booster_alone(blend):
    matrix, _ = data(seed=1)
    assert (blend.linear.contributions(matrix)[:, 1] == 0).all()
    assert blend.contributions(matrix)[:, 1] == pytest.approx(
        blend.booster.contributions(matrix)[:, 1] / 4
    )
    assert np.abs(blend.contributions(matrix)[:, 1]).min() > 0.05


def test_its_files_are_all_of_it(blend):
    files = blend.files("90d")
    assert set(files) == {"90d.booster.txt", "90d.linear.json"}
    again = of_files(
        json.loads(json.dumps(files)) | {"30d.booster.txt": "of another horizon"},
        "90d",
        0.25,
    )
    matrix, _ = data(seed=1)
    assert again.raw(matrix).tolist() == blend.raw(matrix).tolist()
    assert again.contributions(matrix).tolist() == blend.contributions(matrix).tolist()


def test_beyond_what_was_seen_the_blend_goes_on_in_a_straight_line_where_the_booster_stands_still(
    blend,
):
    far = np.array([[10.0, 0.0, 0.0], [1000.0, 0.0, 0.0]])
    assert blend.booster.raw(far)[1] == blend.booster.raw(far)[0]
    assert blend.raw(far)[1] > blend.raw(far)[0]


# Where leaving is judged by a quiet period

QUIET_ENCODING = Encoding(
    ("days_silent", QUIET.name), {}, Quiet(30, BgNbd(r=1.0, alpha=30.0, a=1.0, b=3.0))
)


def past(rows=200, seed=0):
    """Accounts with four active days in 60 days; who is silent for long has left."""
    silent = np.random.default_rng(seed).uniform(1, 100, rows)
    frame = pd.DataFrame(
        {"days_silent": silent, "active_days": 4.0, "active_span": 60.0}
    )
    return frame, (silent > 60).astype(float)


@pytest.fixture(scope="module")
def of_three():
    frame, outcome = past()
    return fit_blend(
        make_design(frame, QUIET_ENCODING, 63),
        np.arange(len(frame)),
        outcome,
        SETTING,
        leavers=20,
    )


def test_the_chance_of_a_quiet_period_is_a_third_member_that_weighs_more_the_fewer_leavers_there_are(
    of_three,
):
    """Of 20 leavers the share is .5 * 100 / 120, and a quarter of the rest is the booster's."""
    frame, outcome = past()
    matrix = QUIET_ENCODING.matrix(frame)
    both = 0.25 * of_three.booster.raw(matrix) + 0.75 * of_three.linear.raw(matrix)
    quiet = fit_quiet_odds(matrix[:, 1], 1, outcome, np.ones(len(outcome))).raw(matrix)
    assert of_three.raw(matrix) == pytest.approx(7 / 12 * both + 5 / 12 * quiet)
    assert [quiet_share(leavers) for leavers in (0, 100, 900)] == [0.5, 0.25, 0.05]


def test_contributions_of_all_three_and_one_constant_add_up_to_the_prediction(of_three):
    matrix = QUIET_ENCODING.matrix(past(seed=1)[0])
    rest = of_three.raw(matrix) - of_three.contributions(matrix).sum(axis=1)
    assert rest == pytest.approx(rest[0])


def test_files_hold_the_third_member_as_well(of_three):
    files = of_three.files("0d")
    assert set(files) == {"0d.booster.txt", "0d.linear.json", "0d.quiet.json"}
    again = of_files(json.loads(json.dumps(files)), "0d", 0.25)
    matrix = QUIET_ENCODING.matrix(past(seed=1)[0])
    assert again.raw(matrix).tolist() == of_three.raw(matrix).tolist()
    assert (
        again.contributions(matrix).tolist() == of_three.contributions(matrix).tolist()
    )
