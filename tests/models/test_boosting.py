"""Boosting: the same data give the same booster, its text is its whole, and contributions add up to the prediction."""

import json
import subprocess
import sys

import lightgbm
import numpy as np
import pytest

from features.errors import ModelError
from models.fitted.boosting import Bins, Booster, Setting, grow

SETTING = Setting(trees=60, rows_per_leaf=5, l2=1.0, columns_per_tree=0.5)


def data(rows=300, seed=0):
    """Three numbers with holes and a code; class 1 where the first is high or the code is 2."""
    draws = np.random.default_rng(seed)
    matrix = np.column_stack([draws.normal(size=(rows, 3)), draws.integers(0, 4, rows)])
    matrix[draws.random(rows) < 0.1, 1] = np.nan
    return matrix, ((matrix[:, 0] > 0.5) | (matrix[:, 3] == 2)).astype(float)


@pytest.fixture(scope="module")
def grown():
    return grow(*data(), SETTING, categorical=[3])


def test_the_same_data_and_seed_give_the_same_text(grown):
    assert grow(*data(), SETTING, categorical=[3]).text == grown.text


def test_another_seed_gives_another_booster(grown):
    assert grow(*data(), SETTING.changed(seed=2), categorical=[3]).text != grown.text


def test_a_booster_read_from_its_text_predicts_the_same_to_the_last_bit(grown):
    matrix, _ = data(seed=1)
    again = Booster(grown.text)
    assert again.raw(matrix).tolist() == grown.raw(matrix).tolist()
    assert again.contributions(matrix).tolist() == grown.contributions(matrix).tolist()


def test_it_learns_what_there_is_to_learn(grown):
    matrix, outcome = data(seed=1)
    assert ((grown.raw(matrix) > 0) == (outcome == 1)).mean() > 0.85


def test_contributions_and_the_expected_value_add_up_to_the_prediction(grown):
    matrix, _ = data(seed=1)
    contributions = grown.contributions(matrix)
    assert contributions.shape == matrix.shape
    rest = grown.raw(matrix) - contributions.sum(axis=1)
    assert rest == pytest.approx(rest[0])  # the same expected value in every row
    seen = grown.raw(data()[0])
    assert seen.min() < rest[0] < seen.max()


def test_a_column_that_says_nothing_contributes_little(grown):
    matrix, _ = data(seed=1)
    sizes = np.abs(grown.contributions(matrix)).mean(axis=0)
    assert sizes[[0, 3]].min() > 3 * sizes[[1, 2]].max()


def test_a_row_is_predicted_alike_alone_and_among_others(grown):
    matrix, _ = data(seed=1)
    assert [
        float(grown.raw(matrix[place : place + 1])[0]) for place in range(5)
    ] == grown.raw(matrix)[:5].tolist()


def test_several_classes_give_a_column_each_and_start_from_their_offset():
    matrix, _ = data()
    outcome = np.digitize(matrix[:, 0], [-0.5, 0.5]).astype(float)
    usual = np.tile(np.log([0.2, 0.3, 0.5]), (len(matrix), 1))
    grown = grow(matrix, outcome, SETTING, categorical=[3], classes=3, offset=usual)
    raw = grown.raw(matrix)
    assert raw.shape == (300, 3)
    assert (np.argmax(raw + usual, axis=1) == outcome).mean() > 0.95


def test_an_offset_that_already_says_it_all_leaves_little_to_add(grown):
    matrix, outcome = data()
    knowing = np.where(outcome == 1, 6.0, -6.0)
    added = grow(matrix, outcome, SETTING, categorical=[3], offset=knowing).raw(matrix)
    assert np.abs(added).max() < np.abs(grown.raw(matrix)).max() / 4


def test_a_booster_grown_on_some_rows_in_bins_learns_their_outcomes_alone():
    matrix, outcome = data(rows=600)
    rows = np.arange(0, 600, 2)
    bins = Bins(matrix, [3], SETTING.bins)
    turned = bins.grow(rows, 1.0 - outcome[rows], SETTING)
    right = bins.grow(
        rows, outcome[rows], SETTING
    )  # another outcome of the same rows before does not matter
    assert ((right.raw(matrix) > 0) == (outcome == 1)).mean() > 0.85
    assert turned.raw(matrix) == pytest.approx(-right.raw(matrix), abs=1e-6)
    assert (
        Bins(matrix, [3], SETTING.bins).grow(rows, outcome[rows], SETTING).text
        == right.text
    )


def test_fewer_bins_make_fewer_thresholds():
    matrix, outcome = data()
    few = grow(matrix, outcome, SETTING.changed(bins=3), categorical=[3])
    assert (
        len(
            set(
                few.raw(
                    np.column_stack([np.linspace(-3, 3, 500)] + [np.zeros(500)] * 3)
                ).tolist()
            )
        )
        <= 3
    )


def test_settings_are_changed_in_a_copy():
    changed = SETTING.changed(leaves=3)
    assert (changed.leaves, SETTING.leaves) == (3, 7)
    assert changed.facts() == SETTING.facts() | {"leaves": 3}


@pytest.mark.parametrize(("share", "wider"), [(0.2, 0.4), (0.5, 1.0), (0.7, 1.0)])
def test_a_wider_setting_has_twice_the_columns_and_all_at_most(share, wider):
    assert SETTING.changed(columns_per_tree=share).wider == SETTING.changed(
        columns_per_tree=wider
    )


def test_few_rows_can_be_fitted():
    matrix, outcome = data(rows=20)
    assert grow(matrix, outcome, Setting(trees=2), categorical=[3]).raw(
        matrix
    ).shape == (20,)


def test_a_text_that_is_no_booster_is_an_error_of_ours():
    with pytest.raises(ModelError, match="LightGBM model as text") as caught:
        Booster("no booster")
    assert "train again" in caught.value.mend


def test_a_text_is_what_lightgbm_itself_reads(grown, tmp_path):
    (tmp_path / "booster.txt").write_text(grown.text)
    matrix, _ = data(seed=1)
    read = lightgbm.Booster(model_file=str(tmp_path / "booster.txt"))
    assert read.predict(matrix, raw_score=True).tolist() == grown.raw(matrix).tolist()


def test_another_process_grows_the_same_booster(grown, tmp_path):
    code = (
        "import json, numpy as np, sys; from models.fitted.boosting import Setting, grow; "
        "given = json.load(open(sys.argv[1])); setting = Setting(**given['setting']); "
        "print(grow(np.array(given['matrix'], dtype=float), np.array(given['outcome']), setting, categorical=[3]).text)"
    )
    matrix, outcome = data()
    given = {
        "matrix": matrix.tolist(),
        "outcome": outcome.tolist(),
        "setting": SETTING.facts(),
    }
    (tmp_path / "given.json").write_text(json.dumps(given))
    command = [sys.executable, "-c", code, str(tmp_path / "given.json")]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.rstrip("\n") == grown.text.rstrip("\n")
