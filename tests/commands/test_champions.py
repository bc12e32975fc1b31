"""``pinch promote``, and scoring without a champion that fits."""

import shutil

from command_line import answered, refused, run, tidy
from mlflow import MlflowClient

from models.registry.registry import Registry
from models.registry.versions import Record


def test_champions_come_from_one_training_after_one_without_surveys(
    store_folder, trained, tmp_path
):
    shutil.copytree(store_folder, tmp_path / "store")
    registry = Registry(str(tmp_path / "store"))
    registry.log(
        Record({}, {}, {"leakage": "clean"}),
        trained.models.defection,
        None,
        tmp_path / "workplace",
    )
    assert answered(run("promote", "--store", tmp_path / "store", "--json"))[
        "champions"
    ] == {"pinch-defection": "2"}
    assert not registry.has("pinch-migration", "champion")


def test_promote_tells_people_which_versions_are_champions(store_folder, tmp_path):
    shutil.copytree(store_folder, tmp_path / "store")
    result = run("promote", "--store", tmp_path / "store")
    assert result.exit_code == 0, result.output
    said = [
        "pinch-defection version 1 is champion.",
        "pinch-migration version 1 is champion.",
    ]
    assert result.stdout.splitlines() == said


def test_scoring_without_a_champion_exits_with_1_and_names_the_commands(
    purchases, store_folder, tmp_path
):
    store = shutil.copytree(store_folder, tmp_path / "store")
    uri = f"sqlite:///{store / 'mlflow.db'}"
    MlflowClient(uri, uri).delete_registered_model_alias("pinch-defection", "champion")
    result = run(
        "score",
        purchases,
        "--as-of",
        "2024-06-01",
        "--out",
        tmp_path / "night",
        "--store",
        store,
    )
    assert "pinch promote" in refused(result, "ModelError")
    assert not (tmp_path / "night").exists()


def test_scoring_a_book_that_lacks_facts_of_the_models_exits_with_1(
    purchases, store_folder, tmp_path
):
    arguments = (
        "--as-of",
        "2024-06-01",
        "--out",
        tmp_path / "night",
        "--store",
        store_folder,
    )
    assert "industry" in refused(run("score", purchases, *arguments), "ModelError")


def test_a_store_that_is_a_file_is_an_error_with_a_message(tmp_path):
    (tmp_path / "store").write_text("a file")
    tidy(run("promote", "--store", tmp_path / "store"), {1, 2})
