"""Fitting: both models on a training set, and when there is too little for either."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY, instant
from features.errors import EvidenceError
from features.themes.dictionary import FEATURES
from models.fitted.boosting import Setting
from models.fitted.calibration import sigmoid
from models.score.states import DEFECTED
from training.fitting.encoding import encoding_of
from training.fitting.models import fit_models, part
from training.past.enough import FEWEST_QUADRANTS
from training.past.training_set import TrainingSet

SETTING = Setting(trees=20, rows_per_leaf=10)
START = instant(pd.Timestamp("2025-01-01").to_pydatetime())
ACCOUNTS = 400
H = 30


def training_set(shifts, state=None, seed=0):
    """A date every 30 days; at each the log-odds of leaving in 30 days are days of silence / 10 - 4, and a shift."""
    draws = np.random.default_rng(seed)
    rows = ACCOUNTS * len(shifts)
    frame = pd.DataFrame({name: np.zeros(rows) for name in FEATURES})
    frame.insert(
        0,
        "as_of_us",
        np.repeat(
            [START + 30 * k * MICROS_PER_DAY for k in range(len(shifts))], ACCOUNTS
        ),
    )
    frame.insert(
        0,
        "account_id",
        np.tile([f"a{place}" for place in range(ACCOUNTS)], len(shifts)),
    )
    frame["days_silent"] = draws.exponential(20, rows)
    frame["quadrant"] = draws.choice([0.0, 1.0, 2.0, 3.0], rows)
    log_odds = frame["days_silent"] / 10 - 4 + np.repeat(shifts, ACCOUNTS)
    left = pd.DataFrame(
        {H: (draws.random(rows) < sigmoid(log_odds.to_numpy())).astype(float)}
    )
    return TrainingSet(frame, left, state, {})


def test_the_log_odds_of_defection_are_left_as_they_are():
    assert (
        fit_models(
            training_set([2, 2, 2, 2, -1, -1, -1]), SETTING, {}
        ).defection.calibrations
        == {}
    )


def test_dates_whose_labels_were_not_known_at_the_first_calibration_date_are_not_earlier():
    # Seven dates, 30 days apart: calibration begins at day 120; the label of day 0 is known on day 30 plus the delay.
    dates = pd.Series([START + 30 * k * MICROS_PER_DAY for k in range(7)])
    for gap_days, known in ((30, 4), (31, 3), (120, 1), (121, 0)):
        earlier, slices = part(dates, gap_days)
        assert earlier.tolist() == [True] * known + [False] * (7 - known)
        assert slices == dates[4:].tolist()


def test_too_few_leavers_are_an_error_that_says_how_to_get_more_and_what_can_be_done_without():
    data = training_set([0, 0])
    data.left[H] = 0.0
    data.left.loc[:4, H] = 1.0
    data.left.loc[ACCOUNTS : ACCOUNTS + 4, H] = (
        1.0  # the same five accounts on the second date
    )
    with pytest.raises(EvidenceError, match="only 5 accounts that left") as caught:
        fit_models(data, SETTING, {})
    assert "--quiet" in caught.value.mend
    assert "pinch score BOOK --out FOLDER --rules" in caught.value.mend
    data.left.loc[5, H] = 1.0
    assert list(fit_models(data, SETTING, {}).defection.blends) == [H]


def quadrants_later(known):
    """States of 400 accounts, of whom some are known to have stayed, in each of the quadrants."""
    states = np.full(ACCOUNTS, np.nan)
    states[:known] = np.arange(known) % 4
    states[known : known + 50] = DEFECTED
    return pd.Series(states)


def test_migration_is_fitted_from_a_hundred_accounts_that_stayed():
    few = training_set([0], state=quadrants_later(FEWEST_QUADRANTS - 1))
    enough = training_set([0], state=quadrants_later(FEWEST_QUADRANTS))
    assert fit_models(few, SETTING, {}).migration is None
    assert fit_models(enough, SETTING, {}).migration is not None


def test_without_surveys_there_is_no_migration():
    assert fit_models(training_set([0], state=None), SETTING, {}).migration is None


def test_facts_for_the_record_are_kept_with_both_models():
    facts = {"trained_until": "2026-11-21"}
    models = fit_models(training_set([0], state=quadrants_later(200)), SETTING, facts)
    assert models.defection.facts == models.migration.facts == facts


def test_only_columns_that_vary_are_read():
    assert encoding_of(training_set([0, 0])).columns == ("quadrant", "days_silent")


def test_the_chance_of_a_quiet_period_is_read_where_leaving_is_one_and_nowhere_else():
    data = training_set([0, 0])
    data.frame["active_days"] = np.tile([1.0, 2.0], ACCOUNTS)
    data.frame["active_span"] = np.tile([0.0, 10.0], ACCOUNTS)
    assert encoding_of(data).quiet is None
    of_quiet = encoding_of(replace(data, quiet_days=90))
    assert (of_quiet.columns[-1], of_quiet.quiet.days) == ("quiet_chance", 90)
    with_departures, without = (
        fit_models(d, SETTING, {}).defection
        for d in (data, replace(data, quiet_days=90))
    )
    assert with_departures.blends[H].quiet is None
    assert 0.05 < without.blends[H].quiet_share < 0.5
