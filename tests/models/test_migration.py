"""Migration: where an account that stays will stand, and rows of five states that sum to 1."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.quadrants import KNOWN
from models.fitted import migration
from models.fitted.boosting import Setting
from models.fitted.encoding import Encoding
from models.fitted.migration import quadrant_codes, states
from models.score.states import DEFECTED, STATES
from training.fitting.design import make_design
from training.fitting.migration import PRIOR_MOVES, fit_migration, markov_matrix

SETTING = Setting(trees=10, rows_per_leaf=5)
ENCODING = Encoding(("product_level", "quadrant"), {})
POOR, PEOPLE_CARRIED, PRODUCT_CARRIED, EXCEPTIONAL = range(4)


def test_codes_of_states_are_those_of_the_quadrants_and_then_defected():
    assert [str(quadrant) for quadrant in KNOWN] == list(STATES[:4])
    assert STATES[DEFECTED] == "defected"


def test_a_missing_quadrant_has_the_last_code():
    assert quadrant_codes(pd.DataFrame({"quadrant": [0.0, np.nan, 3.0]})).tolist() == [
        0,
        4,
        3,
    ]


def test_the_markov_matrix_of_a_few_moves_is_as_worked_out_by_hand():
    today = np.array([POOR, POOR, POOR, EXCEPTIONAL, 4])
    later = np.array([POOR, POOR, EXCEPTIONAL, EXCEPTIONAL, PEOPLE_CARRIED])
    # Later states are seen 2, 1, 0, 2 times, plus one each of 5 + 4: the shares 3/9, 2/9, 1/9, 3/9.
    shares = np.array([3, 2, 1, 3]) / 9
    expected = np.array(
        [
            (np.array([2, 0, 0, 1]) + 5 * shares) / (3 + 5),
            shares,
            shares,
            (np.array([0, 0, 0, 1]) + 5 * shares) / (1 + 5),
            (np.array([0, 1, 0, 0]) + 5 * shares) / (1 + 5),
        ]
    )
    assert PRIOR_MOVES == 5.0
    assert markov_matrix(today, later, np.ones(len(later))) == pytest.approx(expected)


def test_the_markov_matrix_of_five_states_has_rows_that_sum_to_one_and_no_zero():
    draws = np.random.default_rng(0)
    matrix = markov_matrix(
        draws.integers(0, 5, 50), draws.integers(0, 4, 50), np.ones(50), states=5
    )
    assert matrix.shape == (5, 5)
    assert matrix.sum(axis=1) == pytest.approx(1.0)
    assert matrix.min() > 0.0


def test_states_sum_to_one_and_the_chance_of_defection_is_the_risk():
    draws = np.random.default_rng(0)
    quadrants = draws.dirichlet(np.ones(4), 20)
    risk = np.array([0.0, 1.0, *draws.random(18)])
    found = states(quadrants, risk)
    assert list(found.columns) == [f"p_{state}_90d" for state in STATES]
    assert found.sum(axis=1).tolist() == pytest.approx([1.0] * 20)
    assert found["p_defected_90d"].tolist() == risk.tolist()
    assert found.iloc[0, :4].tolist() == quadrants[0].tolist()
    assert found.iloc[1].tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]


def moves(rows=300, seed=0):
    """Accounts of every quadrant and unknown; where the product stands above 5 at least, they become exceptional."""
    draws = np.random.default_rng(seed)
    today = draws.choice([0.0, 1.0, 2.0, 3.0, np.nan], rows)
    level = draws.uniform(0, 10, rows)
    state = np.where(level > 5, EXCEPTIONAL, POOR).astype(float)
    state[draws.random(rows) < 0.2] = DEFECTED
    state[draws.random(rows) < 0.1] = np.nan
    return pd.DataFrame({"quadrant": today, "product_level": level}), pd.Series(state)


@pytest.fixture(scope="module")
def fitted():
    return fit(*moves(), {"trained_until": "2026-11-21"})


def fit(frame, state, facts=()):
    return fit_migration(
        make_design(frame, ENCODING, SETTING.bins), state, SETTING, dict(facts)
    )


def test_chances_of_the_quadrants_sum_to_one_whatever_the_quadrant_of_today(fitted):
    frame, _ = moves(seed=1)
    chances = fitted.quadrants(frame)
    assert frame["quadrant"].isna().any()
    assert chances.shape == (300, 4)
    assert chances.sum(axis=1) == pytest.approx(1.0)
    assert (chances > 0).all()


def test_what_the_features_say_is_added_to_what_usually_follows(fitted):
    usual = fitted.markov[4]
    chances = fitted.quadrants(
        pd.DataFrame({"quadrant": [np.nan, np.nan], "product_level": [1.0, 9.0]})
    )
    assert chances[0, POOR] > usual[POOR] > chances[1, POOR]
    assert chances[1, EXCEPTIONAL] > usual[EXCEPTIONAL] > chances[0, EXCEPTIONAL]


def test_accounts_that_left_or_whose_state_is_not_known_are_not_learned_from(fitted):
    frame, state = moves()
    again = fit_migration(
        make_design(frame, ENCODING, SETTING.bins), state[state < DEFECTED], SETTING, {}
    )
    assert again.booster.text == fitted.booster.text
    assert again.markov.tolist() == fitted.markov.tolist()


def test_the_matrix_of_the_model_is_that_of_the_accounts_that_stayed(fitted):
    frame, state = moves()
    stayed = state < DEFECTED
    today, later = quadrant_codes(frame[stayed]), state[stayed].to_numpy(dtype=int)
    assert (
        fitted.markov.tolist()
        == markov_matrix(today, later, np.ones(len(later))).tolist()
    )


def test_a_model_of_the_next_answer_is_kept_beside_and_one_from_before_there_was_any_has_none(
    fitted, tmp_path
):
    frame, state = moves(seed=2)
    answer = fit(frame, EXCEPTIONAL - state[state < DEFECTED], fitted.facts)
    replace(fitted, answer=answer).save(tmp_path)
    again = migration.load(tmp_path)
    assert again.quadrants(frame).tolist() == fitted.quadrants(frame).tolist()
    assert again.answer.quadrants(frame).tolist() == answer.quadrants(frame).tolist()
    assert again.answer.quadrants(frame).tolist() != fitted.quadrants(frame).tolist()
    fitted.save(tmp_path / "before")
    assert migration.load(tmp_path / "before").answer is None


def test_a_saved_model_predicts_the_same_to_the_last_bit(fitted, tmp_path):
    frame, _ = moves(seed=1)
    fitted.save(tmp_path)
    again = migration.load(tmp_path)
    assert again.quadrants(frame).tolist() == fitted.quadrants(frame).tolist()
    assert (again.encoding, again.facts) == (fitted.encoding, fitted.facts)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "booster.txt",
        "manifest.json",
        "model.json",
    ]
