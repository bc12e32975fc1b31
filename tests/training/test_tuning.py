"""Tuning: seeded, bounded, on older test dates; the default stays unless another is better."""

from pathlib import Path

import numpy as np
import pytest
from mlflow import MlflowClient

from features.engine import MICROS_PER_DAY
from models.fitted.boosting import Setting
from models.registry.registry import Registry
from models.score.horizon import MIGRATION_HORIZON
from pages.spreadsheet import as_csv
from training.configuration import Configuration
from training.fitting.exams import exams, gain_of
from training.fitting.tuning import (
    SPACE,
    Budget,
    Trial,
    Tuning,
    candidates,
    choose,
    tune,
)
from training.past.as_of_dates import fold_dates, training_dates
from training.past.leaving import leaving
from training.past.observed import observe
from training.past.panel import make_panel
from training.register import register
from training.train import train

QUICK = Setting(trees=5)
DEFAULT = Trial(Setting(), 0.50)


def trial(loss, error, **changes):
    return Trial(Setting().changed(**changes), loss, DEFAULT.loss - loss, error)


@pytest.fixture(scope="module")
def moment(sample_book):
    """The first reported test date."""
    meaning = leaving(sample_book, sample_book.watermark)
    return fold_dates(
        sample_book, sample_book.watermark, MIGRATION_HORIZON, meaning.delay_days
    )[0]


@pytest.fixture(scope="module")
def taken(sample_book, moment):
    observed = observe(sample_book, moment)
    dates = training_dates(sample_book, sample_book.watermark)
    return exams(observed, make_panel(observed, dates, dates))


@pytest.fixture(scope="module")
def tuned(taken):
    return tune(taken, MIGRATION_HORIZON, default=QUICK, budget=Budget(trials=3))


def test_the_lowest_loss_is_chosen_if_it_is_lower_by_more_than_its_standard_error():
    near, best, worse = (
        trial(0.49, 0.001, trees=60),
        trial(0.45, 0.04, leaves=3),
        trial(0.6, 0.01, leaves=31),
    )
    assert choose([DEFAULT, near, best, worse]) is best
    assert choose([DEFAULT, worse]) is DEFAULT
    assert choose([DEFAULT]) is DEFAULT


def test_the_default_stays_within_one_standard_error_of_the_best():
    assert choose([DEFAULT, trial(0.45, 0.06, leaves=3)]) is DEFAULT
    assert choose([DEFAULT, trial(0.5, 0.0, leaves=3)]) is DEFAULT


def test_the_standard_error_counts_accounts_and_not_rows():
    gains, accounts = np.array([0.0, 2.0, 4.0]), np.array(["a", "b", "c"])
    mean, error = gain_of(gains, accounts)
    assert (mean, error) == pytest.approx((2.0, 2.0 / np.sqrt(3)))
    assert gain_of(np.repeat(gains, 5), np.repeat(accounts, 5)) == pytest.approx(
        (mean, error)
    )


def test_the_default_is_tried_first_and_then_settings_of_the_space_by_its_seed():
    first, *others = candidates(QUICK)
    assert first == QUICK
    assert others == list(candidates(QUICK))[1:]
    assert others != list(candidates(QUICK.changed(seed=2)))[1:]
    assert len(set(others)) == len(others)
    assert all(
        getattr(setting, name) in values
        for setting in others
        for name, values in SPACE.items()
    )
    assert {setting.seed for setting in others} == {QUICK.seed}


def test_outcomes_of_the_search_were_known_at_the_first_reported_test_date(
    sample_book, trained, moment, tuned
):
    assert moment == trained.evaluations[0].as_of
    delay = leaving(sample_book, moment).delay_days
    assert tuned.dates
    assert all(
        date + (MIGRATION_HORIZON + delay) * MICROS_PER_DAY <= moment
        for date in tuned.dates
    )


def test_a_search_is_the_same_each_time_and_a_longer_one_goes_on_from_it(taken, tuned):
    shorter = tune(taken, MIGRATION_HORIZON, default=QUICK, budget=Budget(trials=2))
    assert shorter.trials == tuned.trials[:2]
    assert [one.setting for one in tuned.trials] == list(candidates(QUICK))[:3]
    assert (tuned.trials[0].gain, tuned.trials[0].error) == (0.0, 0.0)
    assert tuned.trials[1].gain == pytest.approx(
        tuned.trials[0].loss - tuned.trials[1].loss
    )


def test_when_the_time_is_over_no_further_setting_is_begun(taken):
    found = tune(
        taken, MIGRATION_HORIZON, default=QUICK, budget=Budget(trials=3, seconds=0)
    )
    assert [one.setting for one in found.trials] == [QUICK]
    assert found.chosen == QUICK
    assert "1 setting tried, when the time was over" in found.sentence


def test_too_short_a_history_leaves_the_default():
    found = tune([], MIGRATION_HORIZON, default=QUICK, budget=Budget(trials=3))
    assert (found.chosen, found.trials, found.dates) == (QUICK, (), ())
    assert "the default stays" in found.sentence
    assert found.table().empty


def test_the_sentence_and_the_table_say_what_was_chosen():
    best = trial(0.45, 0.04, leaves=3)
    found = Tuning(Setting(), 90, (0,), (DEFAULT, best), Budget(trials=2))
    assert found.sentence == (
        "2 settings tried, on 1970-01-01, at 90 days: log loss 0.4500 against 0.5000 of the default, better by 0.0500, "
        "standard error 0.0400; the best is taken"
    )
    assert found.table()[["leaves", "loss", "chosen"]].values.tolist() == [
        [7, 0.5, False],
        [3, 0.45, True],
    ]


def test_a_training_uses_what_was_chosen_and_keeps_all_trials(
    sample_book, new_store, tmp_path
):
    training = train(
        observe(sample_book), Configuration(QUICK, budget=Budget(trials=2))
    )
    assert len(training.tuning.trials) == 2
    assert training.setting == training.tuning.chosen
    registry = Registry(str(new_store(tmp_path / "store")))
    version = register(training, [], "", registry, tmp_path)[0]
    client = MlflowClient(registry.uri, registry.uri)
    kept = client.get_run(version.run_id).data.params
    assert kept["tuning"] == training.tuning.sentence
    assert kept["trees"] == str(training.setting.trees)
    table = client.download_artifacts(version.run_id, "tuning.csv", str(tmp_path))
    assert Path(table).read_text() == as_csv(training.tuning.table())
