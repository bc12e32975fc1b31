"""Defection: risks that never decrease with the horizon, from a model that is the same after it has been saved."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import isotonic_regression

from features.errors import ModelError
from features.snapshot.frame import snapshot
from models.fitted import artefact, defection
from models.fitted.boosting import Setting
from models.fitted.calibration import Calibration
from models.fitted.defection import DefectionModel, rising
from models.fitted.encoding import Encoding
from models.score.reasons import theme_of
from models.score.states import STATES
from training.fitting.blend import booster_share
from training.fitting.defection import fit_defection
from training.fitting.design import make_design
from training.past.enough import FEWEST_OF_EACH, fewest

SETTING = Setting(trees=10, rows_per_leaf=5)
ENCODING = Encoding(
    ("days_silent", "purchases_90d", "market"), {"market": ("north", "south")}
)


class Steady:
    """Stands for a blend that gives every row the same log-odds."""

    def __init__(self, log_odds):
        self._log_odds = log_odds

    def raw(self, matrix):
        return np.full(len(matrix), self._log_odds)

    def contributions(self, matrix):
        return np.full(matrix.shape, self._log_odds)


def snapshots(rows=200, seed=0):
    """Snapshots of 200 accounts, and who left: the longest silent ones first, more of them by each horizon."""
    draws = np.random.default_rng(seed)
    silent = draws.exponential(30, rows)
    frame = pd.DataFrame(
        {
            "account_id": [f"a{place}" for place in range(rows)],
            "market": draws.choice(["north", "south"], rows),
            "days_silent": silent,
            "purchases_90d": draws.poisson(3, rows).astype(float),
        }
    )
    left = pd.DataFrame(
        {
            h: (silent > 80 - h / 3 + draws.normal(0, 10, rows)).astype(float)
            for h in (14, 60, 90)
        }
    )
    return frame, left


@pytest.fixture(scope="module")
def fitted():
    frame, left = snapshots()
    return fit(frame, left, {"trained_until": "2026-11-21"})


def fit(frame, left, facts=()):
    return fit_defection(
        make_design(frame, ENCODING, SETTING.bins), left, SETTING, dict(facts)
    )


def risks_of(log_odds, calibrations=None):
    model = DefectionModel(
        Encoding(("a",), {}),
        {h: Steady(x) for h, x in log_odds.items()},
        calibrations or {},
    )
    (row,) = model.risks(pd.DataFrame({"a": [1.0]})).to_dict("records")
    return row


def test_a_risk_below_that_of_a_shorter_horizon_is_pooled_with_it():
    fifth, quarter, half = (np.log(odds) for odds in (0.2 / 0.8, 0.25 / 0.75, 1.0))
    pooled = {"risk_14d": 0.2, "risk_30d": 0.375, "risk_90d": 0.375, "risk_180d": 0.5}
    assert risks_of({14: fifth, 30: half, 90: quarter, 180: half}) == pytest.approx(
        pooled
    )
    # The mean of the last two, .225, is below the first: all three are one.
    falling = {14: quarter, 30: quarter, 90: fifth}
    assert risks_of(falling) == pytest.approx(
        {"risk_14d": 0.7 / 3, "risk_30d": 0.7 / 3, "risk_90d": 0.7 / 3}
    )


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=1, max_size=4)
)
def test_curves_are_those_of_isotonic_regression(rows):
    expected = [isotonic_regression(row) for row in np.array(rows)]
    np.testing.assert_allclose(rising(np.array(rows)), expected, atol=1e-12)
    assert (np.diff(rising(np.array(rows)), axis=1) >= 0).all()


def test_a_horizon_is_calibrated_before_it_is_compared_with_the_others():
    row = risks_of(
        {14: 0.0, 30: 0.0}, {30: Calibration(slope=1.0, intercept=np.log(3.0))}
    )
    assert row == pytest.approx({"risk_14d": 0.5, "risk_30d": 0.75})
    row = risks_of(
        {14: 0.0, 30: 0.0}, {14: Calibration(slope=1.0, intercept=np.log(3.0))}
    )
    assert row == pytest.approx({"risk_14d": 0.625, "risk_30d": 0.625})


def test_those_who_have_been_silent_for_long_are_at_higher_risk(fitted):
    frame, left = snapshots(seed=1)
    risks = fitted.risks(frame)
    assert list(risks.columns) == ["risk_14d", "risk_60d", "risk_90d"]
    for horizon in left.columns:
        risk = risks[f"risk_{horizon}d"]
        assert risk[left[horizon] == 1].min() > risk[left[horizon] == 0].median()


def test_risks_keep_the_rows_of_the_snapshot(fitted):
    frame, _ = snapshots()
    some = frame.loc[[7, 3]]
    assert fitted.risks(some).index.tolist() == [7, 3]
    assert fitted.risks(some).loc[3].tolist() == pytest.approx(
        fitted.risks(frame).loc[3].tolist()
    )


def test_a_horizon_with_too_few_leavers_or_stayers_has_no_model():
    frame, left = snapshots()
    rows = np.arange(len(frame))
    left[30] = (rows < FEWEST_OF_EACH - 1).astype(float)
    left[45] = (rows < FEWEST_OF_EACH).astype(float)
    left[180] = (rows >= FEWEST_OF_EACH - 1).astype(float)
    left[365] = np.nan
    model = fit(frame, left)
    assert list(model.blends) == [14, 45, 60, 90]


def test_an_account_that_leaves_counts_once_however_many_dates_tell_of_it():
    accounts = pd.Series(["a", "b", "c", "a", "b", "c", "d"])
    assert fewest(accounts, pd.Series([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, np.nan])) == 1
    assert (
        fewest(accounts, pd.Series([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, np.nan])) == 1
    )  # one stayed, by one date
    frame, left = snapshots()
    rows = np.arange(len(frame))
    frame["account_id"] = [f"a{place}" for place in rows % 100]
    left[30] = (rows % 100 < FEWEST_OF_EACH - 1).astype(float)
    assert left[30].sum() >= FEWEST_OF_EACH
    assert 30 not in fit(frame, left).blends


def test_the_booster_has_the_share_that_the_accounts_that_left_allow(fitted):
    _, left = snapshots()
    assert left[90].sum() < 100  # fewer than stayed
    assert fitted.blends[90].share == booster_share(int(left[90].sum()))


def test_a_model_from_before_shares_were_kept_is_the_plain_mean(fitted, tmp_path):
    fitted.save(tmp_path)
    described, files = artefact.read_model(tmp_path, "defection")
    del described["booster_shares"]
    artefact.write_folder(tmp_path, files | {"model.json": json.dumps(described)})
    frame, _ = snapshots(seed=1)
    old = defection.load(tmp_path).blends[90]
    matrix = fitted.encoding.matrix(frame)
    parts = [
        part.raw(matrix)
        for part in (fitted.blends[90].booster, fitted.blends[90].linear)
    ]
    assert old.raw(matrix) == pytest.approx(sum(parts) / 2)


def test_rows_whose_outcome_is_not_known_are_not_learned_from():
    frame, left = snapshots()
    known, design = left.copy(), make_design(frame, ENCODING, SETTING.bins)
    known.loc[100:, 90] = np.nan
    one, of_all = (
        fit_defection(design, outcomes, SETTING, {}).blends
        for outcomes in (known, left)
    )
    alone = fit_defection(design, known[[90]].dropna(), SETTING, {}).blends[90]
    assert texts(one[90]) == texts(alone)
    assert texts(one[90]) != texts(of_all[90])
    assert texts(one[60]) == texts(of_all[60])


def test_each_horizon_learns_its_own_outcomes_and_not_those_of_another():
    frame, left = snapshots()
    other = (
        left.assign(**{"14": 1.0 - left[14]})
        .drop(columns=14)
        .rename(columns={"14": 14})
    )
    one, turned = fit(frame, left).blends, fit(frame, other).blends
    assert texts(one[90]) == texts(turned[90])
    matrix = ENCODING.matrix(frame)
    assert one[14].booster.raw(matrix) == pytest.approx(
        -turned[14].booster.raw(matrix), abs=1e-6
    )


def texts(blend):
    return blend.booster.text, blend.linear.numbers()


def test_contributions_and_one_constant_are_the_prediction_and_name_every_column(
    fitted,
):
    frame, _ = snapshots()
    matrix = fitted.encoding.matrix(frame)
    blend = fitted.blends[90]
    contributions = fitted.contributions(frame)
    assert contributions.shape == (200, 3)
    rest = (blend.raw(matrix) - contributions.sum(axis=1)).tolist()
    assert rest == pytest.approx([rest[0]] * 200)


def test_reasons_are_of_the_horizon_nearest_to_90_days():
    assert (
        DefectionModel(
            ENCODING, {h: Steady(0.0) for h in (14, 90, 180)}
        ).reasons_horizon
        == 90
    )
    assert (
        DefectionModel(ENCODING, {h: Steady(0.0) for h in (0, 14, 60)}).reasons_horizon
        == 60
    )


def test_a_saved_model_predicts_the_same_to_the_last_bit(fitted, tmp_path):
    frame, _ = snapshots(seed=1)
    model = DefectionModel(
        fitted.encoding,
        fitted.blends,
        {60: Calibration(0.9, -0.123456789)},
        fitted.facts,
    )
    model.save(tmp_path)
    again = defection.load(tmp_path)
    pd.testing.assert_frame_equal(
        again.risks(frame), model.risks(frame), check_exact=True
    )
    assert again.contributions(frame).tolist() == model.contributions(frame).tolist()
    assert (again.encoding, again.calibrations, again.facts) == (
        model.encoding,
        model.calibrations,
        model.facts,
    )


def test_saving_a_model_twice_gives_the_same_files(fitted, tmp_path):
    for name in ("one", "other"):
        fitted.save(tmp_path / name)
    manifests = [
        json.loads((tmp_path / name / "manifest.json").read_text())
        for name in ("one", "other")
    ]
    assert manifests[0] == manifests[1]
    assert "90d.booster.txt" in manifests[0]


def test_a_snapshot_without_a_column_of_the_model_is_refused(fitted):
    with pytest.raises(ModelError, match="without purchases_90d"):
        fitted.risks(snapshots()[0].drop(columns="purchases_90d"))


# The models of the sample company


@pytest.fixture(scope="module")
def night(sample_book):
    return snapshot(sample_book, [sample_book.watermark])


def test_risks_of_the_sample_never_decrease_with_the_horizon(trained, night):
    risks = trained.models.defection.risks(night).to_numpy()
    assert (np.diff(risks, axis=1) >= 0).all()
    assert ((risks > 0) & (risks < 1)).all()


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10_000), st.sampled_from([np.nan, 0.0, -1.0, 1.0, 1e3, 1e9])
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=20, deadline=None)
@given(row=st.integers(0, 200), changes=CHANGES)
def test_risks_of_whatever_snapshot_never_decrease_and_stay_chances(
    trained, night, row, changes
):
    perturbed = night.iloc[[row]].copy()
    numbers = [
        name
        for name in trained.models.defection.encoding.columns
        if perturbed[name].dtype == np.float64
    ]
    for place, value in changes:
        perturbed[numbers[place % len(numbers)]] = value
    risks = trained.models.defection.risks(perturbed).to_numpy()
    assert (np.diff(risks, axis=1) >= 0).all()
    assert ((risks >= 0) & (risks <= 1)).all()


def test_every_column_of_the_models_belongs_to_a_theme_and_every_state_has_a_name(
    trained,
):
    themes = {theme_of(column) for column in trained.models.defection.encoding.columns}
    assert {"axis_scores", "indifference", "responsiveness", "value", "facts"} <= themes
    assert STATES == (
        "poor",
        "people_carried",
        "product_carried",
        "exceptional",
        "defected",
    )
