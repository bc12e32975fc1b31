"""The registry: what MLflow keeps of a training, which version is champion, and that nothing kept is pickle."""

import json
import os
from dataclasses import replace
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient

from features.dictionary import FEATURES
from features.engine import day_of
from features.errors import ModelError
from features.snapshot import snapshot
from models import defection
from models.registry import CHALLENGER, CHAMPION, DEFECTION, MIGRATION, Record, Registry
from serving.champions import fetch_champions
from serving.scorer import load_models
from training.train import COMPARED

PICKLE_SUFFIXES = {".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle"}
CLEAN = Record(params={}, metrics={}, tags={"leakage": "clean"})


@pytest.fixture(scope="module")
def spare(tmp_path_factory, trained, store_folder):
    """A store of its own in which version 1 of both models is champion and version 2 of one is challenger."""
    folder = copied(store_folder, tmp_path_factory.mktemp("spare"))
    registry = Registry(str(folder))
    changed = replace(trained.models.defection, facts={"trained_until": "later"})
    registry.log(CLEAN, changed, None, tmp_path_factory.mktemp("workplace"))
    return folder


def copied(store_folder, folder):
    """A copy of a store's database: of its own versions and aliases, with the artifacts where they were."""
    (folder / "mlflow.db").write_bytes((store_folder / "mlflow.db").read_bytes())
    return folder


def client_of(registry):
    return MlflowClient(registry.uri, registry.uri)


@pytest.fixture
def run(store):
    """The one training in the warm store."""
    return client_of(store).get_run(store.version(DEFECTION, CHAMPION).run_id)


@pytest.fixture(scope="module")
def frame(sample_book):
    return snapshot(sample_book, [sample_book.watermark])


def test_each_prediction_has_one_registered_model(store):
    registered = client_of(store).search_registered_models()
    assert sorted(model.name for model in registered) == [DEFECTION, MIGRATION]
    assert (DEFECTION, MIGRATION) == ("pinch-defection", "pinch-migration")


def test_a_promoted_version_is_challenger_and_champion_and_both_models_come_from_one_run(store):
    for name in (DEFECTION, MIGRATION):
        assert store.has(name, CHALLENGER)
        assert store.version(name, CHALLENGER) == store.version(name, CHAMPION)
        assert store.version(name, CHAMPION).number == "1"
    assert store.version(DEFECTION, CHAMPION).run_id == store.version(MIGRATION, CHAMPION).run_id


def test_a_new_version_is_challenger_until_promotion_moves_the_champion(spare, tmp_path):
    registry = Registry(str(copied(spare, tmp_path)))
    assert registry.version(DEFECTION, CHALLENGER).number == "2"
    assert registry.version(DEFECTION, CHAMPION).number == "1"
    assert registry.promote(DEFECTION).number == "2"
    assert registry.version(DEFECTION, CHAMPION).number == "2"
    assert registry.version(MIGRATION, CHAMPION).number == "1"
    assert defection.load(registry.fetch(registry.version(DEFECTION, CHAMPION))).facts == {"trained_until": "later"}


def test_a_fetched_folder_holds_the_very_model_that_was_registered(store, trained, frame):
    fetched = defection.load(store.fetch(store.version(DEFECTION, CHAMPION)))
    expected = trained.models.defection.risks(frame)
    pd.testing.assert_frame_equal(fetched.risks(frame), expected, check_exact=True)


@pytest.mark.parametrize("certificate", [{}, {"leakage": "leaking"}])
def test_a_model_without_a_clean_leakage_certificate_is_not_promoted(store_folder, tmp_path, certificate):
    registry = Registry(str(copied(store_folder, tmp_path)))
    client = client_of(registry)
    run_id = registry.version(DEFECTION, CHALLENGER).run_id
    client.delete_tag(run_id, "leakage")
    for name, value in certificate.items():
        client.set_tag(run_id, name, value)
    with pytest.raises(ModelError, match=r"leakage certificate that says (nothing|leaking)"):
        registry.promote(DEFECTION)


def test_without_a_champion_the_error_says_how_to_get_one(spare, tmp_path):
    registry = Registry(str(copied(spare, tmp_path)))
    client = client_of(registry)
    client.delete_registered_model_alias(DEFECTION, CHAMPION)
    with pytest.raises(ModelError, match="no champion of pinch-defection") as caught:
        fetch_champions(registry, tmp_path / "models")
    assert "pinch train BOOK" in caught.value.mend
    assert "pinch promote" in caught.value.mend
    assert not registry.has(DEFECTION, CHAMPION)


def test_without_a_challenger_nothing_is_promoted(store_folder, tmp_path):
    registry = Registry(str(copied(store_folder, tmp_path)))
    with pytest.raises(ModelError, match="no challenger of pinch-nothing"):
        registry.promote("pinch-nothing")


def test_the_champions_of_a_store_without_migration_score_without_quadrants(spare, tmp_path, frame):
    registry = Registry(str(copied(spare, tmp_path)))
    client_of(registry).delete_registered_model_alias(MIGRATION, CHAMPION)
    scorer = load_models(fetch_champions(registry, tmp_path / "models"))
    assert scorer.version == "defection-1"
    assert scorer.migration is None


def test_two_stores_that_are_open_at_once_do_not_get_mixed_up(spare, store_folder):
    one, _ = Registry(str(spare)), Registry(str(store_folder))
    assert defection.load(one.fetch(one.version(DEFECTION, CHALLENGER))).facts == {"trained_until": "later"}


# Nothing is pickled


def files_of(folder):
    return [file for file in Path(folder).rglob("*") if file.is_file()]


def test_no_file_of_the_store_is_pickle(store_folder):
    artifacts = files_of(store_folder / "artifacts")
    assert len(artifacts) > 20
    assert [file.name for file in artifacts if file.suffix in PICKLE_SUFFIXES] == []
    # Protocols 2 to 5 begin with 0x80 and the protocol; older ones are text that ends with a full stop alone.
    assert [file.name for file in artifacts if file.read_bytes()[:1] == b"\x80"] == []
    kinds = {file.suffix for file in artifacts}
    assert kinds == {".txt", ".json", ".py", ".yaml", ".png", ".csv", ""}


def test_a_logged_model_is_loaded_by_code_and_needs_no_cloudpickle(store, store_folder):
    described = [yaml.safe_load(file.read_text()) for file in files_of(store_folder) if file.name == "MLmodel"]
    flavors = [model["flavors"]["python_function"] for model in described]
    assert len(flavors) >= 2
    for flavor in flavors:
        assert flavor["loader_module"] == "mlflow.pyfunc.loaders.code_model"
        assert "python_model" not in flavor  # where a pickled model would be named
    required = [file.read_text() for file in files_of(store_folder) if file.name in ("conda.yaml", "requirements.txt")]
    assert len(required) >= 4
    assert not any("cloudpickle" in text for text in required)


def test_mlflow_alone_loads_both_champions_with_pickle_forbidden_and_predicts_the_same(store, scorer, frame):
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"
    loaded = mlflow.pyfunc.load_model("models:/pinch-defection@champion")
    scores = scorer.score(frame, reasons_for=1)
    risks = loaded.predict(frame)
    assert list(risks.columns) == [f"risk_{horizon}d" for horizon in (14, 30, 60, 90, 180)]
    pd.testing.assert_frame_equal(risks, scores[list(risks.columns)], check_exact=True)
    quadrants = mlflow.pyfunc.load_model("models:/pinch-migration@champion").predict(frame)
    assert list(quadrants.columns) == ["poor", "people_carried", "product_carried", "exceptional"]
    stays = 1.0 - scores["risk_90d"].to_numpy()
    for name in quadrants.columns:
        assert (quadrants[name].to_numpy() * stays).tolist() == scores[f"p_{name}_90d"].tolist()


# What is kept


def test_settings_and_facts_of_the_data_are_kept(run, trained, sample_book):
    params = run.data.params
    assert params["trees"] == str(trained.setting.trees)
    assert params["seed"] == "1"
    assert params["watermark"] == str(day_of(sample_book.watermark))
    assert params["training_set"] == trained.data.digest
    assert params["rows"] == str(len(trained.data.frame))
    assert params["as_of_dates"] == "12"
    assert params["last_as_of"] == str(day_of(int(trained.data.frame["as_of_us"].max())))
    assert params["delay_days"] == str(trained.meaning.delay_days)
    assert run.data.tags["leakage"] == "clean"


def test_figures_of_the_model_and_of_every_baseline_are_kept(run, store, trained):
    metrics = run.data.metrics
    assert store.metrics(store.version(DEFECTION, CHAMPION)) == metrics
    assert {f"defection_90d_{name}" for name in COMPARED} <= metrics.keys()
    for baseline in ("recency", "rhythm", "quadrant", "logistic"):
        assert f"{baseline}_defection_90d_auc" in metrics
    for baseline in ("stay_put", "empirical_markov", "logistic"):
        assert f"{baseline}_migration_90d_log_loss" in metrics
    figures = trained.figures().set_index(["prediction", "horizon", "model"])
    assert metrics["defection_90d_auc"] == pytest.approx(figures.loc[("defection", 90, "pinch"), "auc"])


def test_pictures_the_feature_dictionary_and_the_figures_are_kept(run, store, trained):
    client = client_of(store)
    pictures = {file.path for file in client.list_artifacts(run.info.run_id, "pictures")}
    horizons = sorted({outcome.horizon for evaluation in trained.evaluations for outcome in evaluation.outcomes})
    assert pictures == {f"pictures/{kind}_{h}d.png" for kind in ("calibration", "lift") for h in horizons}
    kept = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/features.json")
    dictionary = json.loads(Path(kept).read_text())
    assert list(dictionary) == [
        *(name for name in trained.models.defection.encoding.columns if name in FEATURES),
        *(name for name in trained.models.defection.encoding.columns if name not in FEATURES),
    ]
    assert dictionary["days_silent"]["meaning"] == FEATURES["days_silent"].meaning
    assert dictionary["industry"] == {"meaning": "a fact of the account"}
    figures = pd.read_csv(mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/figures.csv"))
    assert figures["log_loss"].tolist() == pytest.approx(trained.figures()["log_loss"].tolist())
