"""Logistic regression: the same as scikit-learn on the same columns, kept as numbers, with words for missing values."""

import json
import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models.fitted.linear import Linear, of_numbers
from training.fitting.regression import INVERSE_PENALTY, fit_linear


def data(rows=400, seed=0, missing=True):
    """Counts, amounts with holes, a code, and signed changes; class 1 with many counts or an unknown amount."""
    draws = np.random.default_rng(seed)
    matrix = np.column_stack(
        [
            draws.poisson(5, rows),
            draws.lognormal(3, 1, rows),
            draws.integers(0, 3, rows),
            draws.normal(size=rows),
        ]
    ).astype(float)
    if missing:
        matrix[draws.random(rows) < 0.2, 1] = np.nan
    log_odds = matrix[:, 0] - 5 + 2 * np.isnan(matrix[:, 1])
    return matrix, (draws.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)


def standardised(matrix):
    """What the regression should read of the columns 0, 1 and 3, written out once more."""
    read = np.sign(matrix[:, [0, 1, 3]]) * np.log1p(np.abs(matrix[:, [0, 1, 3]]))
    filled = np.where(np.isnan(read), np.nanmedian(read, axis=0), read)
    both = np.column_stack([filled, np.isnan(matrix[:, 1])])
    return (both - both.mean(axis=0)) / both.std(axis=0)


def test_it_is_the_regression_of_scikit_learn_on_standardised_signed_logarithms():
    matrix, outcome = data()
    expected = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit(
        standardised(matrix), outcome
    )
    raw = fit_linear(matrix, outcome, categorical=[2]).raw(matrix)
    assert raw == pytest.approx(
        expected.decision_function(standardised(matrix)), abs=1e-6
    )


BY_HAND = Linear(
    places=np.array([0, 2]),
    missing_places=np.array([2]),
    medians=np.array([0.0, np.log(4.0)]),
    centres=np.array([0.0, 1.0, 0.5]),
    widths=np.array([1.0, 2.0, 0.5]),
    coefficients=np.array([[1.0, 2.0, 3.0]]),
    intercepts=np.array([0.25]),
)


def test_values_worked_out_by_hand():
    matrix = np.array([[np.e - 1, 99.0, 0.0], [1 - np.e, 99.0, np.nan]])
    # Row 1: 1 + 2 (0 - 1) / 2 + 3 (0 - 0.5) / 0.5 + 0.25; row 2: -1 + 2 (log 4 - 1) / 2 + 3 (1 - 0.5) / 0.5 + 0.25
    assert BY_HAND.raw(matrix) == pytest.approx(
        [1 - 1 - 3 + 0.25, -1 + np.log(4.0) - 1 + 3 + 0.25]
    )
    expected = np.array([[1.0, 0.0, -1.0 - 3.0], [-1.0, 0.0, np.log(4.0) - 1 + 3.0]])
    assert BY_HAND.contributions(matrix) == pytest.approx(expected)


def test_a_column_without_any_value_adds_nothing_and_warns_of_nothing():
    matrix, outcome = data(missing=False)
    empty = np.column_stack([matrix, np.full(len(matrix), np.nan)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = fit_linear(empty, outcome, categorical=[2])
    assert fitted.raw(empty) == pytest.approx(
        fit_linear(matrix, outcome, categorical=[2]).raw(matrix), abs=1e-6
    )


def test_contributions_and_the_intercept_add_up_to_the_prediction():
    matrix, outcome = data()
    fitted = fit_linear(matrix, outcome, categorical=[2])
    contributions = fitted.contributions(matrix)
    assert contributions.sum(axis=1) + fitted.intercepts[0] == pytest.approx(
        fitted.raw(matrix)
    )
    assert (contributions[:, 2] == 0.0).all()


def test_an_average_account_has_no_contributions():
    matrix, outcome = data()
    contributions = fit_linear(matrix, outcome, categorical=[2]).contributions(matrix)
    assert contributions.mean(axis=0) == pytest.approx(0.0, abs=1e-9)
    assert np.abs(contributions[:, [0, 1, 3]]).max(axis=0).min() > 0.001


def test_a_missing_value_is_told_by_a_column_of_its_own():
    matrix, outcome = data()
    fitted = fit_linear(matrix, outcome, categorical=[2])
    assert fitted.missing_places.tolist() == [1]
    known, unknown = matrix[:1].copy(), matrix[:1].copy()
    known[0, 1], unknown[0, 1] = np.expm1(fitted.medians[1]), np.nan
    assert (
        fitted.raw(unknown)[0] > fitted.raw(known)[0] + 0.05
    )  # an unknown amount makes class 1 likelier


def test_a_value_missing_for_the_first_time_stands_at_the_median():
    matrix, outcome = data(missing=False)
    fitted = fit_linear(matrix, outcome, categorical=[2])
    assert fitted.missing_places.tolist() == []
    usual, unknown = matrix[:1].copy(), matrix[:1].copy()
    usual[0, 0], unknown[0, 0] = np.expm1(fitted.medians[0]), np.nan
    assert fitted.raw(unknown) == pytest.approx(fitted.raw(usual))


def test_a_column_without_any_value_and_one_that_never_varies_add_nothing():
    matrix, outcome = data()
    matrix[:, 0], matrix[:, 3] = np.nan, 7.0
    fitted = fit_linear(matrix, outcome, categorical=[2])
    assert np.isfinite(fitted.raw(matrix)).all()
    assert fitted.contributions(matrix)[:, [0, 3]] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
def test_its_numbers_are_all_of_it_and_survive_json(classes):
    matrix, outcome = data()
    outcome = np.digitize(matrix[:, 0], [4, 7][: classes - 1]).astype(float)
    fitted = fit_linear(matrix, outcome, categorical=[2])
    again = of_numbers(json.loads(json.dumps(fitted.numbers())))
    assert again.raw(matrix).tolist() == fitted.raw(matrix).tolist()
    assert again.contributions(matrix).tolist() == fitted.contributions(matrix).tolist()


def test_several_classes_give_a_column_each():
    matrix, _ = data()
    outcome = np.digitize(matrix[:, 0], [4, 7]).astype(float)
    expected = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit(
        standardised(matrix), outcome
    )
    raw = fit_linear(matrix, outcome, categorical=[2]).raw(matrix)
    assert raw.shape == (400, 3)
    assert raw == pytest.approx(
        expected.decision_function(standardised(matrix)), abs=1e-6
    )


def test_a_row_is_predicted_alike_to_the_last_bit_alone_and_among_others():
    draws = np.random.default_rng(0)
    matrix = draws.lognormal(3, 2, (257, 150))
    fitted = fit_linear(matrix, (draws.random(257) < 0.5).astype(float), categorical=[])
    alone = [float(fitted.raw(matrix[place : place + 1])[0]) for place in range(257)]
    assert alone == fitted.raw(matrix).tolist()
