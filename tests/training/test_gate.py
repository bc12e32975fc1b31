"""The gate: each rule passes and fails on figures worked out by hand, and says them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from features.engine import MICROS_PER_DAY, day_of
from models.fitted.encoding import Encoding
from models.registry.verdict import Verdict, of_text
from training.champion import judge_champion
from training.evaluation.comparison import compare
from training.evaluation.outcomes import Evaluation, Outcome, StateOutcome
from training.fitting.rivals import MODEL
from training.gate import (
    CALIBRATION_BOUND,
    judge,
    judge_baselines,
    judge_calibration,
    judge_leakage,
    judge_migration,
)
from training.leakage import Certificate
from training.past.leaving import Leaving

DAY = 200 * MICROS_PER_DAY  # 1970-07-20
DEPARTURES = Leaving(None, 0, None)


def accounts(n):
    return np.array([f"a{number}" for number in range(n)], dtype=object)


def outcome(model, left, risk, horizon=90):
    return Outcome(
        model,
        horizon,
        np.array(left, float),
        np.array(risk, float),
        accounts(len(left)),
    )


def evaluation(*outcomes, as_of=DAY):
    return Evaluation(as_of, [], [], list(outcomes))


# Leakage


def test_a_clean_certificate_passes_with_what_was_compared():
    verdict = judge_leakage(Certificate(DAY, 1200, 95, 4000, ()))
    assert verdict.passed
    assert verdict.sentence == (
        "95 columns of 1,200 accounts on 1970-07-20 stay the same with the 4,000 later rows dropped and scrambled"
    )


def test_a_column_that_changes_with_the_future_fails_by_name():
    verdict = judge_leakage(Certificate(DAY, 1200, 95, 4000, ("visits", "tone")))
    assert verdict == Verdict(
        "leakage",
        False,
        "of the snapshot of 1970-07-20, what came later changes visits, tone",
    )


def test_a_certificate_without_a_future_proves_nothing_and_fails():
    verdict = judge_leakage(Certificate(DAY, 1200, 95, 0, ()))
    assert verdict == Verdict(
        "leakage", False, "nothing became known after 1970-07-20, so nothing is proved"
    )


# Calibration


def figures(*rows):
    columns = [
        "prediction",
        "horizon",
        "model",
        "calibration_error",
        "calibration_floor",
    ]
    return pd.DataFrame(rows, columns=columns)


def test_calibration_passes_up_to_the_bound_above_the_floor_and_tells_the_worst_horizon():
    verdict = judge_calibration(
        figures(
            ("defection", 30, MODEL, 0.010, 0.020),
            ("defection", 90, MODEL, 0.055, 0.040),
            ("migration", 90, MODEL, 0.035, 0.030),
        )
    )
    assert verdict.passed
    assert verdict.sentence == (
        "nowhere too far above the noise floor, 0.02 being allowed: defection at 90 days, error 0.0550, floor 0.0400"
    )


def test_calibration_fails_if_one_horizon_is_beyond_the_bound_and_tells_each_that_is():
    verdict = judge_calibration(
        figures(
            ("defection", 30, MODEL, 0.010, 0.020),
            ("defection", 90, MODEL, 0.065, 0.040),
            ("migration", 90, MODEL, 0.090, 0.030),
        )
    )
    assert verdict == Verdict(
        "calibration",
        False,
        "too far above the noise floor, 0.02 being allowed: defection at 90 days, error 0.0650, floor 0.0400; "
        "migration at 90 days, error 0.0900, floor 0.0300",
    )


def test_the_calibration_of_a_baseline_is_not_judged():
    rows = (
        ("defection", 90, MODEL, 0.04, 0.04),
        ("defection", 90, "recency", 0.04 + 2 * CALIBRATION_BOUND, 0.04),
    )
    assert judge_calibration(figures(*rows)).passed


def test_the_calibration_of_the_silent_share_is_not_judged():
    assert judge_calibration(
        figures(("defection", 30, MODEL, 0.02, 0.02), ("silent", 90, MODEL, 0.5, 0.02))
    ).passed


def test_without_a_test_date_calibration_and_baselines_are_not_known_and_fail():
    assert (
        judge_calibration(figures()).text
        == "failed: no test date, so nothing is known of it"
    )
    assert (
        judge_baselines([], 90).text
        == "failed: no test date at 90 days, so nothing is known of it"
    )
    elsewhere = evaluation(outcome(MODEL, [0, 1], [0.5, 0.5], horizon=30))
    assert (
        judge_baselines([elsewhere], 90).text
        == "failed: no test date at 90 days, so nothing is known of it"
    )


# Differences


def test_a_difference_that_is_the_same_for_every_account_has_no_spread():
    found = compare(
        accounts(3),
        np.zeros(3, dtype=int),
        np.array([0.75, 0.5, 1.0]),
        np.array([0.5, 0.25, 0.75]),
    )
    assert (found.mean, found.low, found.high) == (0.25, 0.25, 0.25)
    assert found.worse
    assert str(found) == "difference +0.2500, 95% between +0.2500 and +0.2500"


def test_of_two_accounts_the_interval_reaches_from_one_to_the_other():
    found = compare(
        accounts(2), np.zeros(2, dtype=int), np.array([1.0, 0.0]), np.array([0.0, 0.5])
    )
    assert (found.mean, found.low, found.high) == (0.25, -0.5, 1.0)
    assert not found.worse


def test_rows_of_an_account_are_drawn_together():
    """A hundred rows of two accounts are no more evidence than two rows."""
    owners = np.repeat(accounts(2), 50)
    found = compare(
        owners,
        np.zeros(100, dtype=int),
        np.repeat([1.0, 0.0], 50),
        np.repeat([0.0, 0.5], 50),
    )
    assert (found.mean, found.low, found.high) == (0.25, -0.5, 1.0)


def test_the_interval_is_about_two_standard_errors_wide_and_always_the_same():
    losses = np.tile([1.0, -1.0], 200)
    one, two = (
        compare(accounts(400), np.zeros(400, dtype=int), losses, np.zeros(400))
        for _ in range(2)
    )
    assert one == two
    assert one.high == pytest.approx(1.96 / np.sqrt(400), rel=0.1)
    assert one.low == pytest.approx(-one.high, rel=0.15)


# Baselines

LEFT = [1, 0, 0, 0] * 10
SHARP, SURE, FLAT = (
    [0.5, 0.125, 0.125, 0.125] * 10,
    [0.75, 0.125, 0.125, 0.125] * 10,
    [0.25] * 40,
)


def test_a_model_better_than_every_baseline_passes_and_tells_the_nearest():
    verdict = judge_baselines(
        [evaluation(outcome(MODEL, LEFT, SURE), outcome("recency", LEFT, FLAT))], 90
    )
    # Ours: (-ln 0.75 - 3 ln 0.875) / 4 = 0.1721; recency: (-ln 0.25 - 3 ln 0.75) / 4 = 0.5623.
    assert verdict.passed
    assert verdict.sentence.startswith(
        "no baseline is surely better: at 90 days, over 40 rows, log loss 0.1721 against "
        "recency 0.5623, difference -0.3903, 95% between -"
    )


def test_a_baseline_that_is_better_beyond_chance_fails_and_only_it_is_told():
    verdict = judge_baselines(
        [
            evaluation(
                *(outcome(MODEL, LEFT, FLAT), outcome("rhythm", LEFT, FLAT)),
                *(outcome("logistic", LEFT, SURE), outcome("recency", LEFT, SHARP)),
            )
        ],
        90,
    )
    assert not verdict.passed
    assert verdict.sentence.startswith("evidence that a baseline is better: at 90 days")
    # Recency: (-ln 0.5 - 3 ln 0.875) / 4 = 0.2734.
    assert (
        "log loss 0.5623 against logistic 0.1721, difference +0.3903"
        in verdict.sentence
    )
    assert "; recency 0.2734, difference +0.2889" in verdict.sentence
    assert "rhythm" not in verdict.sentence


def test_a_baseline_that_is_better_within_chance_passes():
    better_by_chance = [0.25, 0.3, 0.2, 0.25] + [0.25] * 36
    one = evaluation(
        outcome(MODEL, LEFT, FLAT), outcome("logistic", LEFT, better_by_chance)
    )
    lucky = evaluation(
        outcome(MODEL, [1, 0], [0.5, 0.5]), outcome("logistic", [1, 0], [0.75, 0.625])
    )
    assert judge_baselines([one], 90).passed
    # Ours: ln 2 = 0.6931; logistic: (-ln 0.75 - ln 0.375) / 2 = 0.6343: better, but for one account of two.
    verdict = judge_baselines([lucky], 90)
    assert verdict.passed
    assert (
        "log loss 0.6931 against logistic 0.6343, difference +0.0589"
        in verdict.sentence
    )


def test_only_the_judged_horizon_is_compared():
    lost = (
        outcome(MODEL, LEFT, FLAT, horizon=14),
        outcome("recency", LEFT, SURE, horizon=14),
    )
    won = (outcome(MODEL, LEFT, SURE), outcome("recency", LEFT, FLAT))
    assert judge_baselines([evaluation(*lost, *won)], 90).passed
    assert not judge_baselines([evaluation(*lost, *won)], 14).passed


def test_a_baseline_that_some_test_dates_lack_is_compared_on_the_others():
    first = evaluation(outcome(MODEL, LEFT, SURE), outcome("quadrant", LEFT, SURE))
    second = evaluation(outcome(MODEL, LEFT, FLAT), as_of=DAY + 1)
    third = evaluation(
        outcome(MODEL, LEFT, SHARP), outcome("quadrant", LEFT, SHARP), as_of=DAY + 2
    )
    verdict = judge_baselines([first, second, third], 90)
    assert verdict.passed
    assert verdict.sentence.endswith(
        "difference +0.0000, 95% between +0.0000 and +0.0000"
    )


def test_the_judged_horizon_is_that_of_migration_or_nought_where_leaving_is_silence():
    assert DEPARTURES.judged_horizon == 90
    assert Leaving(60, 60, 0.1).judged_horizon == 0


# Migration


def moved(model, chances):
    """What a model said of twenty accounts that were poor, of which every fourth became exceptional."""
    state = np.array([3, 0, 0, 0] * 5)
    return StateOutcome(
        model,
        np.zeros(20, dtype=np.int64),
        state,
        np.tile(chances, (20, 1)),
        accounts(20),
    )


def of_states(*states):
    return Evaluation(DAY, [], [], [], list(states))


KNOWING, BLIND = [0.75, 0.0, 0.0, 0.25, 0.0], [0.2] * 5


def test_migration_passes_where_no_baseline_is_surely_better():
    verdict = judge_migration(
        [of_states(moved(MODEL, KNOWING), moved("stay_put", BLIND))]
    )
    assert verdict.passed
    # Ours: -(3 ln .75 + ln .25) / 4 = 0.5623; theirs: -ln .2 = 1.6094.
    assert (
        "over 20 rows, log loss 0.5623 against stay_put 1.6094, difference -1.0471"
        in verdict.sentence
    )


def test_a_baseline_of_migration_that_is_surely_better_fails():
    verdict = judge_migration(
        [
            of_states(
                moved(MODEL, BLIND),
                moved("stay_put", KNOWING),
                moved("logistic", BLIND),
            )
        ]
    )
    assert not verdict.passed
    assert verdict.sentence.startswith(
        "evidence that a baseline is better: over 20 rows"
    )
    assert "logistic" not in verdict.sentence


def test_without_surveys_there_is_no_migration_to_judge():
    assert judge_migration([of_states()]).passed
    assert judge_migration([]).passed


# The champion


def challenger(risk=SURE, as_of=DAY):
    """A training of forty accounts at one test date; the snapshots lie in another order than the outcomes."""
    frame = pd.DataFrame(
        {
            "account_id": accounts(40)[::-1],
            "as_of_us": as_of,
            "days_silent": np.arange(40.0)[::-1],
        }
    )
    earlier = frame.assign(as_of_us=as_of - MICROS_PER_DAY)
    data = SimpleNamespace(frame=pd.concat([earlier, frame], ignore_index=True))
    return SimpleNamespace(
        evaluations=[evaluation(outcome(MODEL, LEFT, risk))],
        data=data,
        meaning=DEPARTURES,
    )


def champion(
    risk,
    until="1970-07-19",
    horizons=(30, 90),
    quiet_days=None,
    columns=("days_silent",),
):
    """A champion that says of the account with so many silent days the risk at that place."""
    return SimpleNamespace(
        risks=lambda frame: pd.DataFrame(
            {"risk_90d": [risk[int(days)] for days in frame["days_silent"]]}
        ),
        facts={"trained_until": until, "quiet_days": quiet_days},
        blends=dict.fromkeys(horizons),
        encoding=Encoding(tuple(columns), {}),
    )


def test_a_champion_that_is_better_on_the_same_rows_fails_the_challenger():
    verdict = judge_champion(challenger(FLAT), champion(SURE), 90)
    assert not verdict.passed
    assert verdict.sentence.startswith(
        "evidence that the champion is better: on 1970-07-20, 40 accounts at 90 days, log loss 0.5623 against 0.1721 "
        "of the champion trained until 1970-07-19, difference +0.3903, 95% between +"
    )


@pytest.mark.parametrize("risk", [SURE, FLAT])
def test_a_challenger_as_good_as_the_champion_or_better_passes(risk):
    verdict = judge_champion(challenger(SURE), champion(risk), 90)
    assert verdict.passed
    assert verdict.sentence.startswith(
        "the champion is not surely better: on 1970-07-20, 40 accounts"
    )


@pytest.mark.parametrize(
    ("present", "reason"),
    [
        ("there is no champion", "there is no champion"),
        (
            champion(SURE, until="1970-07-20"),
            "the champion was trained until 1970-07-20, and the newest test date is 1970-07-20",
        ),
        (champion(SURE, horizons=(14, 30)), "the champion has no horizon of 90 days"),
        (
            champion(SURE, quiet_days=60),
            "the champion's quiet period is 60 days, and now it is None",
        ),
        (
            champion(SURE, columns=("days_silent", "plan")),
            "the champion reads plan, which this book lacks",
        ),
    ],
)
def test_a_champion_that_cannot_be_compared_is_passed_over_in_words(present, reason):
    assert (
        judge_champion(challenger(FLAT), present, 90).text
        == f"passed: not compared: {reason}"
    )


def test_without_a_test_date_there_is_nothing_to_compare_a_champion_on():
    training = challenger()
    training.evaluations = []
    assert (
        judge_champion(training, champion(SURE), 90).text
        == "passed: not compared: no test date at 90 days"
    )


# The whole gate


def test_the_training_of_the_sample_passes_every_rule(trained):
    verdicts = judge(trained)
    assert [verdict.name for verdict in verdicts] == [
        "leakage",
        "calibration",
        "baselines",
        "migration",
        "champion",
    ]
    assert [verdict.text for verdict in verdicts if not verdict.passed] == []


def test_the_champion_scores_the_rows_of_the_newest_test_date(trained):
    newest = trained.evaluations[-1].as_of
    earlier = replace(
        trained.models.defection,
        facts={
            **trained.models.defection.facts,
            "trained_until": str(day_of(newest - MICROS_PER_DAY)),
        },
    )
    verdict = judge(trained, earlier)[-1]
    # It was in truth trained on what came later, so it is bound to look better.
    assert f"on {day_of(newest)}" in verdict.sentence
    assert "difference +" in verdict.sentence
    assert judge(trained, trained.models.defection)[-1].sentence.startswith(
        "not compared: the champion was trained"
    )


def test_outcomes_of_the_walk_forward_say_whose_they_are(trained):
    for tested in trained.evaluations:
        for said in tested.outcomes:
            assert len(said.accounts) == len(set(said.accounts)) == len(said.left)


def test_a_verdict_is_read_back_from_its_text():
    for verdict in (
        Verdict("baselines", True, "log loss: 0.2"),
        Verdict("leakage", False, "nothing: proved"),
    ):
        assert of_text(verdict.name, verdict.text) == verdict
    assert not of_text("leakage", "whatever").passed
