"""A model's folder: what was written is read, and anything else is an error of ours before it is looked at."""

import hashlib
import json
import shutil

import pytest

from features.errors import ModelError
from models.fitted import defection, migration
from models.fitted.artefact import MANIFEST, fingerprint, read_folder, write_folder
from serving.scorer import load_models

FILES = {
    "model.json": '{"a": 1}',
    "booster.txt": "tree\nend of trees\n",
    "notes": "Gemüse und 野菜\n",
}


@pytest.fixture
def folder(tmp_path):
    write_folder(tmp_path / "model", FILES)
    return tmp_path / "model"


def test_what_is_written_is_read(folder):
    assert read_folder(folder) == FILES
    assert {file.name for file in folder.iterdir()} == {*FILES, MANIFEST}


def test_the_manifest_names_the_sha256_of_each_file(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()
    }


def cut(file):
    file.write_bytes(file.read_bytes()[:-1])


def change(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def lengthen(file):
    file.write_bytes(file.read_bytes() + b"\n")


def make_a_folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage", [cut, change, lengthen], ids=lambda damage: damage.__name__
)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_was_written_is_named(folder, damage, name):
    damage(folder / name)
    with pytest.raises(ModelError, match=f"{name} with another SHA-256") as caught:
        read_folder(folder)
    assert "fetch the model again" in caught.value.mend


@pytest.mark.parametrize(
    "damage", [lambda file: file.unlink(), make_a_folder], ids=["missing", "a_folder"]
)
@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_an_error_of_ours(folder, damage, name):
    damage(folder / name)
    with pytest.raises(
        ModelError, match=r"expected a model folder with manifest\.json"
    ):
        read_folder(folder)


@pytest.mark.parametrize("text", ["", "{", '{"model.json": ', "\xff"])
def test_a_manifest_that_is_no_json_is_an_error_of_ours(folder, text):
    (folder / MANIFEST).write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match=r"JSONDecodeError|UnicodeDecodeError"):
        read_folder(folder)


@pytest.mark.parametrize("manifest", ["7", "null", "[1]"])
def test_a_manifest_that_names_no_files_is_an_error_of_ours(folder, manifest):
    (folder / MANIFEST).write_text(manifest)
    with pytest.raises(ModelError):
        read_folder(folder)


def test_no_folder_is_an_error_of_ours(tmp_path):
    with pytest.raises(ModelError, match="FileNotFoundError"):
        read_folder(tmp_path / "nowhere")


def test_the_fingerprint_changes_with_any_file_and_with_nothing_else(folder, tmp_path):
    write_folder(tmp_path / "again", dict(reversed(FILES.items())))
    write_folder(tmp_path / "other", FILES | {"notes": "another"})
    assert fingerprint(tmp_path / "again") == fingerprint(folder)
    assert fingerprint(tmp_path / "other") != fingerprint(folder)
    assert len(fingerprint(folder)) == 16


@pytest.fixture
def champions(models_folder, tmp_path):
    """A copy of the champions' folder, to be damaged."""
    return shutil.copytree(models_folder, tmp_path / "models")


@pytest.mark.parametrize(
    "load", [defection.load, migration.load], ids=["defection", "migration"]
)
@pytest.mark.parametrize("damage", [cut, change], ids=["cut", "changed"])
def test_no_damaged_file_of_a_real_model_gets_to_lightgbm(champions, load, damage):
    folder = champions / load.__module__.split(".")[-1]
    for file in sorted(folder.iterdir()):
        whole = file.read_bytes()
        damage(file)
        with pytest.raises(ModelError):
            load(folder)
        file.write_bytes(whole)
    load(folder)


def test_champions_without_a_version_are_named_by_their_fingerprint(champions):
    (champions / "VERSION").unlink()
    assert load_models(champions).version == fingerprint(champions / "defection")


def test_champions_without_migration_load_and_without_defection_do_not(champions):
    shutil.rmtree(champions / "migration")
    assert load_models(champions).migration is None
    shutil.rmtree(champions / "defection")
    with pytest.raises(ModelError):
        load_models(champions)


def test_a_folder_without_models_is_an_error_of_ours(tmp_path):
    with pytest.raises(ModelError):
        load_models(tmp_path)


@pytest.mark.parametrize(
    "load", [defection.load, migration.load], ids=["defection", "migration"]
)
def test_a_whole_folder_that_holds_another_model_is_an_error_of_ours(folder, load):
    with pytest.raises(ModelError):
        load(folder)
