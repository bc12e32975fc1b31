"""A training: reproducible, of what was known alone, with figures beside every baseline and losses admitted."""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from company import write_sample
from features.book.book import open_book
from features.engine import MICROS_PER_DAY, day_of
from features.errors import EvidenceError
from features.themes.dictionary import FEATURES
from models.fitted.boosting import Setting
from training.configuration import Configuration
from training.evaluation.evidence import INTERVALS
from training.evaluation.outcomes import Evaluation, StateOutcome
from training.fitting.models import fit_models
from training.fitting.rivals import MODEL
from training.leakage import Certificate
from training.metrics import COMPARED
from training.mlflow_record import dictionary
from training.past.leaving import Leaving
from training.past.observed import observe
from training.train import train
from training.trained import Training

QUICK = Setting(trees=5)


@pytest.fixture(scope="module")
def year_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    write_sample(folder, accounts=250, months=12, seed=11)
    return folder


@pytest.fixture(scope="module")
def cut(year_folder, tmp_path_factory):
    """The small company as it was known on a day 45 days before its end."""
    moment = open_book(year_folder).watermark - 45 * MICROS_PER_DAY
    folder = tmp_path_factory.mktemp("cut")
    for file in year_folder.glob("*.parquet"):
        rows = f"select * from '{file}'"
        if file.stem in ("interactions", "surveys", "departures"):
            rows += f" where epoch_us(greatest(occurred_at, known_at)) <= {moment}"
        duckdb.sql(f"copy ({rows}) to '{folder / file.name}'")
    (folder / "book.toml").write_text((year_folder / "book.toml").read_text())
    return open_book(folder, max_bad_share=1.0)


@pytest.fixture(scope="module")
def of_the_cut(cut):
    return train(observe(cut), Configuration(QUICK))


def texts(training):
    models = training.models
    found = {
        horizon: blend.booster.text
        for horizon, blend in models.defection.blends.items()
    }
    return (
        found
        if models.migration is None
        else found | {"migration": models.migration.booster.text}
    )


def test_the_same_data_and_seed_give_the_same_boosters_and_calibrations(of_the_cut):
    models = fit_models(of_the_cut.data, QUICK, {})
    assert texts(replace(of_the_cut, models=models)) == texts(of_the_cut)
    assert models.defection.calibrations == of_the_cut.models.defection.calibrations
    assert len(texts(of_the_cut)) >= 3


def test_training_until_a_date_is_training_on_the_book_as_it_was_known_then(
    year_folder, of_the_cut, cut
):
    earlier = train(
        observe(open_book(year_folder), cut.watermark), Configuration(QUICK)
    )
    assert earlier.until == of_the_cut.until == cut.watermark
    assert earlier.data.digest == of_the_cut.data.digest
    assert texts(earlier) == texts(of_the_cut)
    facts = earlier.models.defection.facts
    assert facts == of_the_cut.models.defection.facts
    assert (
        facts["trained_until"] == str(day_of(cut.watermark)) > max(facts["as_of_dates"])
    )
    pd.testing.assert_frame_equal(earlier.figures(), of_the_cut.figures(), rtol=1e-9)


def test_another_seed_gives_other_boosters(of_the_cut):
    setting = QUICK.changed(seed=2)
    other = replace(
        of_the_cut,
        models=fit_models(of_the_cut.data, setting, {}),
    )
    assert texts(other).keys() == texts(of_the_cut).keys()
    assert all(texts(other)[name] != text for name, text in texts(of_the_cut).items())


def test_a_date_after_the_end_of_the_data_is_the_end_of_the_data(trained, sample_book):
    assert trained.until == sample_book.watermark
    assert (
        day_of(trained.until).isoformat()
        == trained.models.defection.facts["trained_until"]
    )


def test_too_early_a_date_is_refused_in_words(sample_book):
    early = sample_book.beginning + 30 * MICROS_PER_DAY
    with pytest.raises(EvidenceError, match="some months of history") as caught:
        train(observe(sample_book, early))
    assert (
        caught.value.found
        == f"a history from {day_of(sample_book.beginning)} to {day_of(early)}"
    )
    assert "later --until" in caught.value.mend


def test_a_history_with_hardly_a_leaver_is_refused_in_words(sample_book):
    with pytest.raises(
        EvidenceError,
        match="accounts that left, or that stayed, with an outcome known by then",
    ):
        train(
            observe(sample_book, sample_book.beginning + 95 * MICROS_PER_DAY),
            Configuration(QUICK),
        )


# The training of the sample


def test_a_third_of_the_known_dates_are_walked_through_and_compared_with_every_baseline(
    trained,
):
    assert [evaluation.as_of for evaluation in trained.evaluations] == sorted(
        {evaluation.as_of for evaluation in trained.evaluations}
    )
    assert len(trained.evaluations) == 4
    figures = trained.figures()
    assert set(figures.loc[figures["prediction"] == "defection", "model"]) == {
        *(MODEL, "recency", "rhythm", "quadrant", "logistic")
    }
    assert set(figures.loc[figures["prediction"] == "migration", "model"]) == {
        *(MODEL, "stay_put", "empirical_markov", "logistic")
    }
    assert set(figures.loc[figures["prediction"] == "silent", "model"]) == {
        MODEL,
        "constant",
    }
    assert {*COMPARED, *INTERVALS} < set(figures.columns)
    ours = figures[
        (figures["prediction"] == "defection")
        & (figures["model"] == MODEL)
        & (figures["horizon"] == 90)
    ]
    assert (ours["auc_low"] < ours["auc"]).all()
    assert (ours["auc"] < ours["auc_high"]).all()
    assert ours["log_loss_difference"].notna().all()
    assert figures["log_loss"].notna().all()


def test_models_are_fitted_on_rows_with_an_outcome_and_their_facts_say_on_which(
    trained,
):
    assert trained.data.left.notna().any(axis=1).all()
    facts = trained.models.defection.facts
    dates = sorted(
        {str(day_of(moment)) for moment in trained.data.frame["as_of_us"].tolist()}
    )
    assert facts["as_of_dates"] == dates
    assert facts["training_set"] == trained.data.digest
    assert facts["rows_stand_for"] == len(trained.data.frame)  # it is a small book
    assert facts["facts"]["industry"] == "text"
    assert list(trained.models.defection.blends) == [14, 30, 60, 90, 180]
    assert trained.models.migration is not None


def test_no_label_was_known_after_the_end(trained):
    for horizon in trained.data.left:
        labelled = trained.data.frame.loc[
            trained.data.left[horizon].notna(), "as_of_us"
        ]
        assert (
            labelled.max() + (horizon + trained.meaning.delay_days) * MICROS_PER_DAY
            <= trained.until
        )


def test_the_leakage_certificate_is_clean(trained):
    assert trained.certificate.clean
    assert trained.certificate.as_of == trained.until - 30 * MICROS_PER_DAY


def test_the_dictionary_describes_every_column_of_the_models(trained):
    columns = trained.models.defection.encoding.columns
    described = dictionary(columns)
    assert described.keys() == set(columns)
    for name in described.keys() & FEATURES.keys():
        assert described[name]["meaning"] == FEATURES[name].meaning
        assert described[name]["seeds"]
    assert described["plan"] == {"meaning": "a fact of the account"}


# Figures and losses, by hand


def row(model, horizon, log_loss, **figures):
    nothing = dict.fromkeys(COMPARED)
    return (
        nothing
        | {
            "model": model,
            "horizon": horizon,
            "n": 10,
            "positives": 2,
            "log_loss": log_loss,
        }
        | figures
    )


def training_of(*evaluations):
    certificate = Certificate(0, 1, 1, 1, ())
    return Training(
        0, Leaving(None, 0, None), None, None, list(evaluations), certificate, QUICK
    )


def test_figures_are_means_over_the_test_dates():
    first = Evaluation(
        1,
        [row(MODEL, 30, 0.2, auc=0.6), row("recency", 30, 0.4)],
        [row(MODEL, 90, 1.0)],
        [],
    )
    second = Evaluation(
        2, [row(MODEL, 30, 0.4, auc=0.8), row("recency", 30, 0.5)], [], []
    )
    figures = (
        training_of(first, second)
        .figures()
        .set_index(["prediction", "horizon", "model"])
    )
    assert figures.index.tolist() == [
        ("defection", 30, MODEL),
        ("defection", 30, "recency"),
        ("migration", 90, MODEL),
    ]
    assert figures["log_loss"].tolist() == pytest.approx([0.3, 0.45, 1.0])
    assert figures.loc[("defection", 30, MODEL), "auc"] == pytest.approx(0.7)


def test_losses_say_where_a_baseline_has_the_lower_loss_and_that_nothing_shows_it_is_surely_better():
    evaluation = Evaluation(
        1,
        [
            *(
                row(MODEL, 14, 0.25),
                row("recency", 14, 0.125),
                row("logistic", 14, 0.1875),
            ),
            *(row(MODEL, 90, 0.25), row("recency", 90, 0.5)),
        ],
        [row(MODEL, 90, 1.0), row("stay_put", 90, 0.75)],
        [],
    )
    assert training_of(evaluation).losses() == [
        "defection at 14 days: recency is not surely better, log loss 0.1250 against 0.2500",
        "migration at 90 days: stay_put is not surely better, log loss 0.7500 against 1.0000",
    ]


def test_a_baseline_of_the_next_answer_that_is_surely_better_is_named():
    accounts = np.array([f"a{number}" for number in range(40)], dtype=object)
    shown, today = np.zeros(40, dtype=int), np.zeros(40, dtype=int)
    said = {
        MODEL: [0.25, 0.25, 0.25, 0.25],
        "empirical_markov": [0.5, 0.25, 0.125, 0.125],
    }
    answers = [
        StateOutcome(name, today, shown, np.tile(chances, (40, 1)), accounts)
        for name, chances in said.items()
    ]
    rows = [row(MODEL, 90, 1.3863), row("empirical_markov", 90, 0.6931)]
    assert training_of(
        Evaluation(1, [], [], [], next_answer=rows, answers=answers)
    ).losses() == [
        "next answer at 90 days: empirical_markov is better, log loss 0.6931 against 1.3863"
    ]


def test_a_model_that_is_as_good_as_its_baselines_has_lost_nothing():
    evaluation = Evaluation(1, [row(MODEL, 14, 0.25), row("recency", 14, 0.25)], [], [])
    assert training_of(evaluation).losses() == []


def test_without_test_dates_there_are_no_figures_and_no_losses():
    assert training_of().figures().empty
    assert training_of().losses() == []
