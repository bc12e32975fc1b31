"""Walk forward: a past date scored by what was known then, beside every baseline, and words where that cannot be."""

import json
import math
from collections import Counter

import duckdb
import pytest

from company import write_sample
from features.book.book import open_book
from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from models.fitted.boosting import Setting
from models.score.states import STATES
from training.evaluation.walk_forward import evaluate
from training.fitting.rivals import MODEL
from training.past.as_of_dates import horizons_of
from training.past.labels import left_by, left_silently, next_answer
from training.past.observed import observe

QUICK = Setting(trees=10)
FIGURES = {
    *("model", "horizon", "n", "positives", "base_rate", "mean_risk"),
    *("auc", "pr_auc", "log_loss", "brier_skill"),
    *("calibration_error", "calibration_floor", "lift_top_decile", "lift_maximum"),
}


@pytest.fixture(scope="module")
def as_of(sample_book):
    """A date 120 days before the end of the data."""
    return sample_book.watermark - 120 * MICROS_PER_DAY


@pytest.fixture(scope="module")
def said():
    """What the evaluation has told of its progress."""
    return []


@pytest.fixture(scope="module")
def evaluation(sample_book, as_of, said):
    return evaluate(
        observe(sample_book, as_of), [30, 90], setting=QUICK, progress=said.append
    )


def test_progress_is_told(evaluation, said, as_of):
    assert said == ["features", f"models of {day_of(as_of)}"]


def test_defection_has_a_row_for_our_model_and_every_baseline_at_each_horizon(
    evaluation,
):
    models = [MODEL, "recency", "rhythm", "quadrant", "logistic"]
    assert [(row["horizon"], row["model"]) for row in evaluation.defection] == [
        *((30, model) for model in models),
        *((90, model) for model in models),
    ]


def test_migration_has_a_row_for_our_model_and_every_baseline(evaluation):
    models = [MODEL, "stay_put", "empirical_markov", "logistic"]
    assert [(row["horizon"], row["model"]) for row in evaluation.migration] == [
        (90, model) for model in models
    ]


def test_the_next_answer_is_judged_beside_the_markov_matrix_on_those_who_answered(
    evaluation, sample_book, as_of
):
    cohort = snapshot(sample_book, [as_of])
    answer = next_answer(sample_book, cohort, 90, sample_book.watermark)
    answered = cohort.loc[answer.notna()]
    ours, markov = evaluation.next_answer
    assert [(row["model"], row["horizon"]) for row in (ours, markov)] == [
        (MODEL, 90),
        ("empirical_markov", 90),
    ]
    moved = (answer != cohort["quadrant"])[answer.notna() & cohort["quadrant"].notna()]
    assert ours["n"] == markov["n"] == len(answered) > 100
    assert ours["positives"] == markov["positives"] == moved.sum()
    for outcome in evaluation.answers:
        assert outcome.accounts.tolist() == answered["account_id"].tolist()
        assert outcome.state.tolist() == answer.dropna().tolist()
        assert outcome.chances.shape == (len(answered), 4)
        assert outcome.chances.sum(axis=1) == pytest.approx(1.0)


def test_every_row_has_every_figure_and_can_be_written_as_json(evaluation):
    for row in (
        evaluation.defection
        + evaluation.migration
        + evaluation.silent
        + evaluation.next_answer
    ):
        assert set(row) == FIGURES
    assert all(
        value is not None for row in evaluation.defection for value in row.values()
    )
    assert all(
        row["log_loss"] > 0 and row["auc"] is None for row in evaluation.migration
    )
    json.dumps(evaluation.predictions(), allow_nan=False)


def test_the_silent_share_is_judged_beside_the_constant_one_on_those_who_left(
    evaluation, sample_book, as_of
):
    cohort = snapshot(sample_book, [as_of])
    silent = left_silently(
        observe(sample_book, as_of).followed(sample_book.watermark),
        cohort,
    )
    ours, constant = evaluation.silent
    assert [(row["model"], row["horizon"]) for row in (ours, constant)] == [
        (MODEL, 90),
        ("constant", 90),
    ]
    for row in (ours, constant):
        assert (row["n"], row["positives"]) == (silent.notna().sum(), silent.sum())
        assert row["base_rate"] == silent.mean()
        assert 0.0 < row["mean_risk"] < 1.0
    # The same chance for all: its log loss follows from the share that happened.
    happened, said = constant["base_rate"], constant["mean_risk"]
    expected = -happened * math.log(said) - (1 - happened) * math.log(1 - said)
    assert constant["log_loss"] == pytest.approx(expected)


def test_all_models_are_judged_on_the_same_accounts_by_what_happened(
    evaluation, sample_book, as_of
):
    cohort = snapshot(sample_book, [as_of])
    for horizon in (30, 90):
        happened = left_by(
            observe(sample_book, as_of).followed(sample_book.watermark),
            cohort,
            [horizon],
        )[horizon]
        happened = (
            happened.dropna()
        )  # who had left before the date, unknown to all, is no test
        rows = [row for row in evaluation.defection if row["horizon"] == horizon]
        assert {(row["n"], row["positives"]) for row in rows} == {
            (len(happened), int(happened.sum()))
        }
        for outcome in evaluation.outcomes:
            if outcome.horizon == horizon:
                assert outcome.left.tolist() == happened.tolist()
                assert len(outcome.risk) == len(happened) > 250


def test_a_model_that_has_learned_ranks_better_than_a_coin(evaluation):
    assert evaluation.defection[5]["model"] == MODEL
    assert evaluation.defection[5]["auc"] > 0.6


def test_what_was_not_known_by_the_test_date_is_not_used(
    sample_folder, sample_book, as_of, evaluation, tmp_path
):
    (tmp_path / "forgetful").mkdir()
    for file in sample_folder.glob("*.parquet"):
        rows = f"select * from '{file}'"
        if file.stem in ("interactions", "surveys", "departures"):
            rows += f" where epoch_us(greatest(occurred_at, known_at)) <= {as_of}"
        if (
            file.stem == "interactions"
        ):  # and one at the very end, so that outcomes can be known
            rows += f" or epoch_us(greatest(occurred_at, known_at)) = {sample_book.watermark}"
        duckdb.sql(f"copy ({rows}) to '{tmp_path / 'forgetful' / file.name}'")
    settings = (sample_folder / "book.toml").read_text()
    (tmp_path / "forgetful" / "book.toml").write_text(
        f"last_day = {day_of(sample_book.watermark)}\n{settings}"
    )
    forgetful = open_book(tmp_path / "forgetful", max_bad_share=1.0)
    assert forgetful.rows["departures"] < sample_book.rows["departures"]
    assert forgetful.watermark == sample_book.watermark
    expected = [outcome for outcome in evaluation.outcomes if outcome.horizon == 30]
    found = evaluate(observe(forgetful, as_of), [30], setting=QUICK)
    assert (
        sum(row["positives"] for row in found.defection) == 0
    )  # the future is another one
    assert evaluation.defection[0]["positives"] > 0
    for mine, other in zip(found.outcomes, expected, strict=True):
        assert mine.model == other.model
        assert len(other.risk) > 250
        # Every risk is the same; forgotten are also departures before the date that were known after it.
        assert not Counter(other.risk.round(9)) - Counter(mine.risk.round(9))


@pytest.mark.parametrize("name", ["sample_book", "purchases"])
def test_a_date_before_the_history_is_refused_in_words(request, name):
    book = request.getfixturevalue(name)
    early = book.beginning - 30 * MICROS_PER_DAY
    with pytest.raises(EvidenceError, match="a book that begins on") as caught:
        observe(book, early)
    assert caught.value.where == f"as-of date {day_of(early)}"
    assert str(day_of(book.beginning)) in caught.value.found
    assert "later date" in caught.value.mend


def test_a_date_whose_outcome_is_not_known_yet_is_refused_in_words(sample_book):
    late = sample_book.watermark - 20 * MICROS_PER_DAY
    with pytest.raises(EvidenceError, match="when its outcome is known") as caught:
        evaluate(observe(sample_book, late), [30], setting=QUICK)
    assert caught.value.found == f"data until {day_of(sample_book.watermark)}"
    assert "earlier date or a shorter horizon" in caught.value.mend


def test_a_horizon_that_is_not_known_yet_is_left_out_beside_one_that_is(sample_book):
    found = evaluate(
        observe(sample_book, sample_book.watermark - 60 * MICROS_PER_DAY),
        [30, 90],
        setting=QUICK,
    )
    assert {row["horizon"] for row in found.defection} == {30}
    assert found.migration == found.silent == found.next_answer == []


def test_chances_of_migration_speak_of_all_accounts_whose_state_is_known(evaluation):
    (n,) = {row["n"] for row in evaluation.migration}
    assert 0 < n <= evaluation.defection[0]["n"]
    assert len(STATES) == 5


@pytest.fixture(scope="module")
def purchases(tmp_path_factory):
    """The sample's purchases and visits alone: no surveys, no departures."""
    folder = tmp_path_factory.mktemp("purchases")
    write_sample(folder, accounts=120, months=12, seed=5)
    for file in folder.glob("*.parquet"):
        if file.stem not in ("accounts", "interactions"):
            file.unlink()
    return open_book(folder)


def test_a_book_without_departures_is_judged_at_horizon_0_as_well(
    purchases, sample_book
):
    assert horizons_of(purchases) == (0, 14, 30, 60, 90, 180)
    assert horizons_of(sample_book) == (14, 30, 60, 90, 180)
    found = evaluate(
        observe(purchases, purchases.watermark - 40 * MICROS_PER_DAY, 30),
        [0],
        setting=QUICK,
    )
    assert {row["model"] for row in found.defection} == {
        MODEL,
        "recency",
        "rhythm",
        "logistic",
    }
    assert found.migration == []
    assert 0 < found.defection[0]["positives"] < found.defection[0]["n"]


def test_with_a_quiet_period_the_outcome_waits_until_it_is_over(purchases):
    known = evaluate(
        observe(purchases, purchases.watermark - 30 * MICROS_PER_DAY, 30),
        [0],
        setting=QUICK,
    )
    assert known.defection
    with pytest.raises(EvidenceError, match="30 days more"):
        evaluate(
            observe(purchases, purchases.watermark - 29 * MICROS_PER_DAY, 30),
            [0],
            setting=QUICK,
        )
