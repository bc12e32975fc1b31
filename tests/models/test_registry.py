"""The registry: what MLflow keeps of a training, which version is champion, and that nothing kept is pickle."""

import json
import shutil
import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient
from typer.testing import CliRunner

import pinch
from features.engine import day_of
from features.errors import ModelError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from models.fitted import defection
from models.registry.aliases import CHALLENGER, CHAMPION
from models.registry.registry import Registry
from models.registry.verdict import Verdict
from models.registry.versions import (
    DEFECTION,
    MAIN_FIGURES,
    MIGRATION,
    Record,
)
from serving.champions import fetch_champions
from serving.scorer import load_models
from training.metrics import COMPARED

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
    """A copy of a store, with versions and aliases of its own."""
    shutil.copytree(store_folder, folder, dirs_exist_ok=True)
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


def test_a_promoted_version_is_challenger_and_champion_and_both_models_come_from_one_run(
    store,
):
    for name in (DEFECTION, MIGRATION):
        assert store.has(name, CHALLENGER)
        assert store.version(name, CHALLENGER) == store.version(name, CHAMPION)
        assert store.version(name, CHAMPION).number == "1"
    assert (
        store.version(DEFECTION, CHAMPION).run_id
        == store.version(MIGRATION, CHAMPION).run_id
    )


def test_a_new_version_is_challenger_until_promotion_moves_the_champion(
    spare, tmp_path
):
    registry = Registry(str(copied(spare, tmp_path)))
    assert registry.version(DEFECTION, CHALLENGER).number == "2"
    assert registry.version(DEFECTION, CHAMPION).number == "1"
    assert [version.number for version in registry.promote()] == ["2"]
    assert registry.version(DEFECTION, CHAMPION).number == "2"
    assert not registry.has(MIGRATION, CHAMPION)
    fetched = registry.fetch(
        registry.version(DEFECTION, CHAMPION), tmp_path / "fetched"
    )
    assert defection.load(fetched).facts == {"trained_until": "later"}


def test_a_fetched_folder_holds_the_very_model_that_was_registered(
    store, trained, frame, tmp_path
):
    fetched = defection.load(
        store.fetch(store.version(DEFECTION, CHAMPION), tmp_path / "fetched")
    )
    expected = trained.models.defection.risks(frame)
    pd.testing.assert_frame_equal(fetched.risks(frame), expected, check_exact=True)


@pytest.mark.parametrize("certificate", [{}, {"leakage": "leaking"}])
def test_a_model_without_a_clean_leakage_certificate_is_not_promoted(
    store_folder, tmp_path, certificate
):
    registry = Registry(str(copied(store_folder, tmp_path)))
    client = client_of(registry)
    run_id = registry.version(DEFECTION, CHALLENGER).run_id
    client.delete_tag(run_id, "leakage")
    for name, value in certificate.items():
        client.set_tag(run_id, name, value)
    with pytest.raises(
        ModelError, match=r"leakage certificate that says (nothing|leaking)"
    ):
        registry.promote()


# The gate

FAILED = Verdict(
    "calibration", False, "defection at 90 days, error 0.0650, floor 0.0400"
)
PASSED = Verdict("baselines", True, "log loss 0.1721")
LEAKED = Verdict("leakage", False, "what came later changes visits")


@pytest.fixture
def own(store_folder, tmp_path):
    """A registry of its own, in which version 1 of both models is champion."""
    return Registry(str(copied(store_folder, tmp_path)))


def log(registry, trained, *verdicts, migration=True):
    """Registers the models of the sample once more, with verdicts."""
    models = trained.models
    workplace = Path(registry.uri.removeprefix("sqlite:///")).with_name("workplace")
    return registry.log(
        replace(CLEAN, verdicts=verdicts),
        models.defection,
        models.migration if migration else None,
        workplace,
    )


def champions(registry):
    return {
        name: registry.version(name, CHAMPION).number
        for name in MODELS
        if registry.has(name, CHAMPION)
    }


MODELS = (DEFECTION, MIGRATION)


def test_every_version_carries_the_verdicts_of_the_gate(store):
    for name in MODELS:
        tags = client_of(store).get_model_version(name, "1").tags
        verdicts = {tag: text for tag, text in tags.items() if tag.startswith("gate.")}
        assert sorted(verdicts) == [
            f"gate.{rule}"
            for rule in ("baselines", "calibration", "champion", "leakage", "migration")
        ]
        assert all(text.startswith("passed: ") for text in verdicts.values())
        assert verdicts["gate.champion"] == "passed: not compared: there is no champion"


def test_a_failed_verdict_is_refused_by_its_rule_and_figures_and_no_champion_changes(
    own, trained
):
    log(own, trained, PASSED, FAILED)
    with pytest.raises(
        ModelError, match=r"the rule calibration failed: defection at 90 days, error"
    ) as caught:
        own.promote()
    assert "baselines" not in caught.value.found
    assert "--anyway" in caught.value.mend
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}


def test_a_reason_passes_over_a_failed_verdict_and_is_kept(own, trained):
    log(own, trained, FAILED)
    with pytest.raises(ModelError, match="the rule calibration failed"):
        own.promote(anyway=" ")
    own.promote(anyway="the old one cannot read the new plans")
    assert champions(own) == {DEFECTION: "2", MIGRATION: "2"}
    for name in MODELS:
        tags = client_of(own).get_model_version(name, "2").tags
        assert tags["promoted_anyway"] == "the old one cannot read the new plans"
        assert tags["champion_before"] == "1"
        assert datetime.fromisoformat(tags["promoted_at"]).tzinfo is not None


def test_no_reason_passes_over_leakage(own, trained):
    log(own, trained, LEAKED, FAILED)
    with pytest.raises(
        ModelError, match="the rule leakage failed: what came later changes visits"
    ) as caught:
        own.promote(anyway="we are in a hurry")
    assert "calibration" not in caught.value.found
    client_of(own).set_tag(
        own.version(DEFECTION, CHALLENGER).run_id, "leakage", "leaking"
    )
    with pytest.raises(ModelError, match="leakage certificate that says leaking"):
        own.promote(anyway="we are in a hurry")
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}


def test_an_alias_that_was_moved_by_hand_does_not_mix_two_trainings(
    own, trained, tmp_path
):
    log(own, trained, PASSED)
    for alias, number in ((CHALLENGER, "1"), (CHAMPION, "2")):
        client_of(own).set_registered_model_alias(MIGRATION, alias, number)
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}
    assert (
        fetch_champions(own, tmp_path / "models") / "VERSION"
    ).read_text() == "defection-1 migration-1"
    own.promote()
    assert champions(own) == {DEFECTION: "2", MIGRATION: "2"}
    assert client_of(own).get_model_version_by_alias(MIGRATION, CHAMPION).version == 2


# Back to what was before


def test_rollback_brings_both_models_back_step_by_step(own, trained):
    for _ in range(2):
        log(own, trained, PASSED)
        own.promote()
    assert champions(own) == {DEFECTION: "3", MIGRATION: "3"}
    assert {version.name: version.number for version in own.rollback()} == {
        DEFECTION: "2",
        MIGRATION: "2",
    }
    own.rollback()
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}
    with pytest.raises(ModelError, match="no version that was champion before it"):
        own.rollback()
    own.promote()
    assert champions(own) == {DEFECTION: "3", MIGRATION: "3"}
    own.rollback()
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}


def test_promoting_a_champion_again_does_not_forget_what_was_before(own, trained):
    log(own, trained, PASSED)
    own.promote()
    own.promote()
    own.rollback()
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}


def test_rollback_keeps_the_models_of_one_training_together(own, trained):
    log(own, trained, PASSED, migration=False)
    own.promote()
    assert champions(own) == {DEFECTION: "2"}
    own.rollback()
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}
    log(own, trained, PASSED)
    own.promote()
    assert champions(own) == {DEFECTION: "3", MIGRATION: "2"}
    own.rollback()
    assert champions(own) == {DEFECTION: "1", MIGRATION: "1"}


def test_rollback_to_a_training_without_migration_leaves_none(own, trained):
    log(own, trained, PASSED, migration=False)
    own.promote()
    log(own, trained, PASSED)
    own.promote()
    own.rollback()
    assert champions(own) == {DEFECTION: "2"}


# What is known of each version


def test_entries_tell_aliases_dates_figures_and_verdicts_newest_first(own, trained):
    log(own, trained, FAILED)
    entries = own.entries()
    assert [(entry.version.name, entry.version.number) for entry in entries] == [
        *((DEFECTION, "2"), (DEFECTION, "1")),
        *((MIGRATION, "2"), (MIGRATION, "1")),
    ]
    assert [entry.aliases for entry in entries] == [(CHALLENGER,), (CHAMPION,)] * 2
    assert [entry.failed for entry in entries] == [(FAILED,), ()] * 2
    first = entries[1]
    assert first.trained_until == str(day_of(trained.until))
    assert first.horizon == 90
    figures = (
        trained.figures()
        .set_index(["prediction", "horizon", "model"])
        .loc[("defection", 90, "pinch")]
    )
    assert first.figures == {
        name: pytest.approx(figures[name]) for name in MAIN_FIGURES
    }
    assert sorted(entries[3].figures) == [
        "calibration_error",
        "calibration_floor",
        "log_loss",
    ]
    assert first.tags.keys() == {"promoted_at"}


def test_the_command_line_lists_promotes_anyway_and_rolls_back(own, trained):
    log(own, trained, PASSED, FAILED)
    store = ("--store", str(Path(own.uri.removeprefix("sqlite:///")).parent))
    command = partial(CliRunner().invoke, pinch.app)
    refused = command(["promote", *store, "--json"])
    assert refused.exit_code == 1
    assert "the rule calibration failed" in json.loads(refused.stdout)["found"]
    listed = json.loads(command(["models", *store, "--json"]).stdout)["models"]
    assert listed[0] | {"figures": None} == {
        "name": DEFECTION,
        "version": "2",
        "aliases": ["challenger"],
        "trained_until": None,
        "horizon": 90,
        "figures": None,
        "verdicts": {"baselines": PASSED.text, "calibration": FAILED.text},
        "failed": ["calibration"],
    }
    promoted = command(["promote", *store, "--anyway", "new plans", "--json"])
    assert json.loads(promoted.stdout) == {
        "champions": {DEFECTION: "2", MIGRATION: "2"}
    }
    told = command(["models", *store]).stdout
    rows = [row.split() for row in told.splitlines()[2:4]]
    assert rows[0][:3] == ["defection", "2", "challenger"]
    assert rows[1][0] == "champion"
    assert " ".join([*rows[0][3:], *rows[1][1:]]) == "failed: calibration"
    assert "pinch-defection version 2 was promoted anyway: new plans" in told.replace(
        "\n", " "
    )
    assert command(["rollback", *store]).stdout.splitlines() == [
        "pinch-defection version 1 is champion again.",
        "pinch-migration version 1 is champion again.",
    ]


def test_without_a_champion_the_error_says_how_to_get_one(spare, tmp_path):
    registry = Registry(str(copied(spare, tmp_path)))
    client = client_of(registry)
    client.delete_registered_model_alias(DEFECTION, CHAMPION)
    with pytest.raises(ModelError, match="no champion of pinch-defection") as caught:
        fetch_champions(registry, tmp_path / "models")
    assert "pinch train BOOK" in caught.value.mend
    assert "pinch promote" in caught.value.mend
    assert not registry.has(DEFECTION, CHAMPION)


def test_without_a_challenger_nothing_is_promoted(own):
    client_of(own).delete_registered_model_alias(DEFECTION, CHALLENGER)
    with pytest.raises(ModelError, match="no challenger of pinch-defection"):
        own.promote()


def test_the_champions_of_a_store_without_migration_score_without_quadrants(
    spare, tmp_path, frame
):
    registry = Registry(str(copied(spare, tmp_path)))
    registry.promote()
    scorer = load_models(fetch_champions(registry, tmp_path / "models"))
    assert scorer.version == "defection-2"
    assert scorer.migration is None


def test_two_stores_that_are_open_at_once_do_not_get_mixed_up(
    spare, store_folder, tmp_path
):
    one, _ = Registry(str(spare)), Registry(str(store_folder))
    fetched = one.fetch(one.version(DEFECTION, CHALLENGER), tmp_path)
    assert defection.load(fetched).facts == {"trained_until": "later"}


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
    told = {".txt", ".json", ".py", ".yaml", ".toml", ".html", ".csv", ""}
    assert kinds == told


def test_a_logged_model_is_loaded_by_code_and_needs_no_cloudpickle(store, store_folder):
    described = [
        yaml.safe_load(file.read_text())
        for file in files_of(store_folder)
        if file.name == "MLmodel"
    ]
    flavors = [model["flavors"]["python_function"] for model in described]
    assert len(flavors) >= 2
    for flavor in flavors:
        assert flavor["loader_module"] == "mlflow.pyfunc.loaders.code_model"
        assert "python_model" not in flavor  # where a pickled model would be named
    required = [
        file.read_text()
        for file in files_of(store_folder)
        if file.name in ("conda.yaml", "requirements.txt")
    ]
    assert len(required) >= 4
    assert not any("cloudpickle" in text for text in required)


@pytest.fixture
def mlflow_at(own, monkeypatch):
    """MLflow itself, looking at the store and forbidden to read pickle."""
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    monkeypatch.setattr(sys, "path", list(sys.path))
    mlflow.set_tracking_uri(own.uri)
    yield mlflow
    mlflow.set_tracking_uri(None)


def test_mlflow_alone_loads_both_champions_with_pickle_forbidden_and_predicts_the_same(
    mlflow_at, scorer, frame
):
    loaded = mlflow.pyfunc.load_model("models:/pinch-defection@champion")
    scores = scorer.score(frame, reasons_for=1)
    risks = loaded.predict(frame)
    assert list(risks.columns) == [
        f"risk_{horizon}d" for horizon in (14, 30, 60, 90, 180)
    ]
    pd.testing.assert_frame_equal(risks, scores[list(risks.columns)], check_exact=True)
    quadrants = mlflow.pyfunc.load_model("models:/pinch-migration@champion").predict(
        frame
    )
    of_answers = [
        "next_poor",
        "next_people_carried",
        "next_product_carried",
        "next_exceptional",
    ]
    assert list(quadrants.columns) == [
        "poor",
        "people_carried",
        "product_carried",
        "exceptional",
        *of_answers,
    ]
    assert (
        quadrants[of_answers].to_numpy().tolist()
        == scores[of_answers].to_numpy().tolist()
    )
    stays = 1.0 - scores["risk_90d"].to_numpy()
    for name in quadrants.columns[:4]:
        assert (quadrants[name].to_numpy() * stays).tolist() == scores[
            f"p_{name}_90d"
        ].tolist()


# What is kept


def test_settings_and_facts_of_the_data_are_kept(run, trained, sample_book):
    params = run.data.params
    assert params["trees"] == str(trained.setting.trees)
    assert params["seed"] == "1"
    assert params["watermark"] == str(day_of(sample_book.watermark))
    assert params["training_set"] == trained.data.digest
    assert params["rows"] == str(len(trained.data.frame))
    assert params["as_of_dates"] == "16"
    assert params["last_as_of"] == str(
        day_of(int(trained.data.frame["as_of_us"].max()))
    )
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
    assert metrics["defection_90d_auc"] == pytest.approx(
        figures.loc[("defection", 90, "pinch"), "auc"]
    )


def test_the_page_the_feature_dictionary_and_the_figures_are_kept(run, store, trained):
    page = store.text(store.version(DEFECTION, CHAMPION), "training.html")
    assert f"Pinch training, of what was known by {day_of(trained.until)}" in page
    kept = mlflow.artifacts.download_artifacts(
        f"runs:/{run.info.run_id}/features.json", tracking_uri=store.uri
    )
    dictionary = json.loads(Path(kept).read_text())
    assert list(dictionary) == [
        *(
            name
            for name in trained.models.defection.encoding.columns
            if name in FEATURES
        ),
        *(
            name
            for name in trained.models.defection.encoding.columns
            if name not in FEATURES
        ),
    ]
    assert dictionary["days_silent"]["meaning"] == FEATURES["days_silent"].meaning
    assert dictionary["industry"] == {"meaning": "a fact of the account"}
    figures = pd.read_csv(
        StringIO(store.text(store.version(DEFECTION, CHAMPION), "figures.csv"))
    )
    assert figures["log_loss"].tolist() == pytest.approx(
        trained.figures()["log_loss"].tolist()
    )
