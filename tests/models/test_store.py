"""A store is a folder: moved, copied, read where nothing can be written, used by several processes at once."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from conftest import write_book
from typer.testing import CliRunner

import pinch
from features.errors import ModelError
from models.registry.aliases import CHALLENGER, CHAMPION, Aliases
from models.registry.mlflow_client import download
from models.registry.registry import Registry
from models.registry.store import Store, make_store
from models.registry.versions import DEFECTION, MIGRATION
from serving.champions import fetch_champions
from serving.scorer import load_models

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kept(tmp_path_factory, new_store):
    """A store in which version 1 of both models is champion and version 2 challenger."""
    folder = new_store(tmp_path_factory.mktemp("kept") / "store")
    stores.train(folder)
    Registry(str(folder)).promote()
    stores.train(folder)
    return folder


@pytest.fixture
def folder(kept, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(kept, tmp_path / "store"))


def pair(folder):
    """The numbers of the champions."""
    return tuple(version.number for version in Registry(str(folder)).champions())


def files(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        if file.is_file()
        else "folder"
        for file in folder.rglob("*")
    }


def addresses(folder):
    with sqlite3.connect(folder / "mlflow.db") as database:
        columns = (
            ("runs", "artifact_uri"),
            ("model_versions", "storage_location"),
            ("experiments", "artifact_location"),
        )
        return [
            place
            for table, column in columns
            for (place,) in database.execute(f"select {column} from {table}")
        ]


def started(code, *arguments):
    """Python code in a process of its own, from this tree."""
    path = os.pathsep.join([str(HERE.parent), str(HERE)])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    """What a process printed; it must have ended well and without a word on standard error but warnings."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return out


# A folder


@pytest.mark.parametrize("name", ["elsewhere", "st ä #1 50%", "it's [one] *"])
def test_a_moved_store_reads_and_writes_itself(folder, tmp_path, name):
    moved = folder.rename(tmp_path / name)
    assert (
        load_models(fetch_champions(Registry(str(moved)), tmp_path / "models")).version
        == "defection-1 migration-1"
    )
    assert (
        Registry(str(moved)).text(
            Registry(str(moved)).version(DEFECTION, CHAMPION), "training.html"
        )
        == "<p>how good"
    )
    stores.train(moved)
    assert [version.number for version in Registry(str(moved)).promote()] == ["3", "3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "models"])
    assert all(
        address.startswith(moved.as_uri() + "/artifacts")
        for address in addresses(moved)
    )
    assert (
        load_models(fetch_champions(Registry(str(moved)), tmp_path / "models")).version
        == "defection-3 migration-3"
    )


@pytest.mark.parametrize("name", ["a%20b", "what?"])
def test_a_path_that_a_uri_would_change_is_refused_and_nothing_is_made(tmp_path, name):
    with pytest.raises(
        ModelError, match="a path that reads otherwise as a part of a URI"
    ):
        Registry(str(tmp_path / name), create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_neither_reads_nor_writes_the_original(folder, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    before = files(folder)
    Registry(str(copy)).promote()
    stores.train(copy)
    fetch_champions(Registry(str(copy)), tmp_path / "models")
    assert files(folder) == before
    shutil.rmtree(folder / "artifacts")
    assert pair(copy) == ("2", "2")
    assert (
        load_models(fetch_champions(Registry(str(copy)), tmp_path / "models")).version
        == "defection-2 migration-2"
    )


def test_mlflow_itself_finds_the_artifacts_of_a_moved_store_that_was_opened_once(
    folder, tmp_path
):
    moved = folder.rename(tmp_path / "moved")
    registry = Registry(str(moved))
    run = registry._client.get_run(registry.version(DEFECTION, CHAMPION).run_id)
    page = tmp_path / "training.html"
    download(registry.uri, f"runs:/{run.info.run_id}/{page.name}", tmp_path)
    assert page.read_text() == "<p>how good"
    download(registry.uri, f"models:/{DEFECTION}@{CHAMPION}", tmp_path)
    assert (tmp_path / "MLmodel").exists()


def test_reading_changes_no_file_of_the_store(folder, tmp_path):
    Registry(str(folder))
    before = files(folder)
    registry = Registry(str(folder))
    fetch_champions(registry, tmp_path / "models")
    assert len(registry.entries()) == 4
    assert (
        registry.text(registry.version(DEFECTION, CHALLENGER), "training.html")
        == "<p>how good"
    )
    assert files(folder) == before


READ = """
import sys, tempfile, pathlib
from models.registry.registry import Registry
from serving.champions import fetch_champions
from serving.scorer import load_models
from features.errors import ModelError
registry = Registry(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    print(load_models(fetch_champions(registry, pathlib.Path(folder))).version)
print(len(registry.entries()))
for write in (registry.promote, registry.rollback):
    try:
        write()
    except ModelError as error:
        print(error.found)
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare")
def test_a_store_on_a_read_only_mount_is_read_wherever_it_was_made(folder, tmp_path):
    moved = folder.rename(tmp_path / "mounted")
    mounted = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "$3" "$1"'
    command = [
        "unshare",
        "--mount",
        "--map-root-user",
        "bash",
        "-c",
        mounted,
        "bash",
        moved,
        sys.executable,
        READ,
    ]
    path = os.pathsep.join([str(HERE.parent), str(HERE)])
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("mounting is not allowed here")
    refused = "a store that can only be read"
    assert done.stdout.splitlines() == [
        "defection-1 migration-1",
        "4",
        refused,
        refused,
    ], done.stderr


def test_where_files_may_not_be_written_nothing_is_tried(folder, tmp_path, monkeypatch):
    moved = folder.rename(tmp_path / "moved")
    before = files(moved)
    monkeypatch.setattr(
        "models.registry.store.os.access", lambda path, mode: mode != os.W_OK
    )
    registry = Registry(str(moved))
    assert (
        load_models(fetch_champions(registry, tmp_path / "models")).version
        == "defection-1 migration-1"
    )
    for write in (
        registry.promote,
        registry.rollback,
        lambda: Registry(str(moved), create=True),
    ):
        with pytest.raises(ModelError, match="a store that can only be read"):
            write()
    assert files(moved) == before


# Only training makes one


@pytest.mark.parametrize("command", ["promote", "rollback", "models", "serve", "score"])
@pytest.mark.parametrize("kind", ["nothing", "a folder", "a URI"])
def test_a_mistyped_store_is_told_and_nothing_is_made(tmp_path, command, kind):
    book = write_book(
        tmp_path / "book",
        accounts=[{"account_id": "a", "opened_at": "2024-01-01"}],
        interactions=[
            {"account_id": "a", "occurred_at": "2024-02-01", "kind": "visit"}
        ],
    )
    wrong = tmp_path / "stroe"
    if kind == "a folder":
        wrong.mkdir()
    before = files(tmp_path)
    of_command = {
        "score": [str(book), "--as-of", "2024-02-02", "--out", str(tmp_path / "night")]
    }.get(command, [])
    store = f"sqlite:///{wrong}/typo.db" if kind == "a URI" else str(wrong)
    done = CliRunner().invoke(
        pinch.app, [command, *of_command, "--store", store], env={"PINCH_MODELS": None}
    )
    assert done.exit_code == 1
    assert "found no store, and so no models yet" in done.output
    assert "pinch train BOOK" in done.output
    assert files(tmp_path) == before


def test_a_database_by_its_uri_is_its_folder(folder):
    assert (
        pair(f"sqlite:///{folder}/mlflow.db")
        == pair(folder / "mlflow.db")
        == ("1", "1")
    )


def test_where_mlflow_keeps_the_artifacts_elsewhere_they_are_fetched_through_it(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path}/other.db"
    stores.train(uri)
    Registry(uri, create=True).promote()
    registry = Registry(uri)
    assert (
        load_models(fetch_champions(registry, tmp_path / "models")).version
        == "defection-1 migration-1"
    )
    assert (
        registry.text(registry.version(DEFECTION, CHAMPION), "training.html")
        == "<p>how good"
    )
    assert not list((tmp_path / "mlruns").rglob("registered_model_meta"))


def test_a_store_without_a_training_has_no_champion(tmp_path):
    registry = Registry(str(tmp_path / "store"), create=True)
    assert registry.entries() == []
    assert not registry.has(DEFECTION, CHAMPION)
    for asked in (registry.promote, registry.rollback, registry.champions):
        with pytest.raises(
            ModelError, match=r"no (challenger|champion) of pinch-defection"
        ):
            asked()
    told = CliRunner().invoke(pinch.app, ["models", "--store", str(tmp_path / "store")])
    assert told.stdout.strip() == "No models yet; run pinch train BOOK."
    assert all(
        address.startswith((tmp_path / "store").as_uri())
        for address in addresses(tmp_path / "store")
    )


def test_a_database_that_is_none_is_told_at_once(tmp_path):
    (tmp_path / "mlflow.db").write_text("no database, however long it is" * 100)
    with pytest.raises(ModelError, match="file is not a database"):
        Registry(str(tmp_path))


def test_a_store_that_does_not_answer_is_not_one_without_champion(folder):
    registry = Registry(str(folder))
    with sqlite3.connect(folder / "mlflow.db") as database:
        database.execute("drop table registered_model_aliases")
    for asked in (registry.has, registry.version):
        with pytest.raises(ModelError, match="TEMPORARILY_UNAVAILABLE") as caught:
            asked(DEFECTION, CHAMPION)
        assert "registered_model_aliases" in caught.value.found


@pytest.mark.parametrize(
    "code", ["TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "PERMISSION_DENIED"]
)
def test_only_the_code_of_what_is_not_there_means_no_champion(
    folder, monkeypatch, code
):
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import ErrorCode

    def fail(client, name):
        raise MlflowException(
            "(sqlite3.OperationalError) database is locked",
            error_code=ErrorCode.Value(code),
        )

    registry = Registry(str(folder))
    monkeypatch.setattr(MlflowClient, "get_registered_model", fail)
    with pytest.raises(ModelError, match=f"{code}: .*database is locked"):
        registry.has(DEFECTION, CHAMPION)


# Both models move at once


class Watched:
    """A client that tells, before each of its writes, which champions a reader would see."""

    def __init__(self, client, folder):
        self._client, self._folder, self.seen = client, folder, []

    def __getattr__(self, name):
        if name.startswith(("set_", "delete_")):
            self.seen.append(pair(self._folder))
        return getattr(self._client, name)


def watched(folder):
    registry = Registry(str(folder))
    registry._client = Watched(registry._client, folder)
    registry._aliases = Aliases(registry._client)
    return registry


def test_whenever_a_promotion_or_a_rollback_is_killed_the_champions_are_of_one_training(
    folder,
):
    registry = watched(folder)
    registry.promote()
    assert pair(folder) == ("2", "2")
    registry.rollback()
    assert pair(folder) == ("1", "1")
    seen = registry._client.seen
    assert len(seen) >= 8  # tags and aliases of a promotion, aliases of a rollback
    assert set(seen) == {("1", "1"), ("2", "2")}


def test_so_they_are_where_one_of_two_trainings_has_no_migration_model(folder):
    stores.train(folder, with_migration=False)
    registry = watched(folder)
    registry.promote()
    assert pair(folder) == ("3",)
    registry.rollback()
    assert pair(folder) == ("1", "1")
    assert set(registry._client.seen) == {("1", "1"), ("3",)}


def test_a_training_that_is_killed_while_it_registers_leaves_the_challengers_of_the_one_before(
    folder, monkeypatch
):
    monkeypatch.setattr(
        Aliases, "point", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        stores.train(folder)
    monkeypatch.undo()
    registry = Registry(str(folder))
    assert [
        registry.version(name, CHALLENGER).number for name in (DEFECTION, MIGRATION)
    ] == ["2", "2"]
    assert [version.number for version in registry.promote()] == ["2", "2"]


# Several processes

MADE = """
import sys
from models.registry.registry import Registry
print(Registry(sys.argv[1], create=True).uri)
"""
HELD = """
import sys, time
from pathlib import Path
from models.registry.store import Store
with Store(Path(sys.argv[1])).writing():
    print("held", flush=True)
    time.sleep(600)
"""
NIGHT = """
import sys, tempfile, pathlib
from models.registry.registry import Registry
from serving.champions import fetch_champions
from serving.scorer import load_models
for _ in range(10):
    with tempfile.TemporaryDirectory() as folder:
        print(load_models(fetch_champions(Registry(sys.argv[1]), pathlib.Path(folder))).version)
"""
TRAINED = "import sys, stores; print([version.number for version in stores.train(sys.argv[1])])"
MOVED = """
import sys
from models.registry.registry import Registry
for _ in range(5):
    registry = Registry(sys.argv[1])
    print([version.number for version in registry.promote()])
    print([version.number for version in registry.rollback()])
"""


@pytest.mark.slow
def test_three_at_once_make_one_store(tmp_path):
    processes = [started(MADE, tmp_path / "new" / "store") for _ in range(3)]
    assert {ended(process) for process in processes} == {
        f"sqlite:///{tmp_path / 'new' / 'store'}/mlflow.db\n"
    }
    assert sorted(path.name for path in (tmp_path / "new" / "store").iterdir()) == [
        ".lock",
        "mlflow.db",
    ]
    assert Registry(str(tmp_path / "new" / "store")).entries() == []


@pytest.mark.slow
def test_nights_trainings_and_promotions_at_once_do_not_disturb_each_other(folder):
    codes = [NIGHT, TRAINED, MOVED, TRAINED, NIGHT]
    processes = [started(code, folder) for code in codes]
    nights, trained, moved, more, other_nights = (
        ended(process).splitlines() for process in processes
    )
    served = {
        line.replace("defection-", "").replace("migration-", "")
        for line in nights + other_nights
    }
    assert all(
        len(set(line.split())) == 1 and len(line.split()) == 2 for line in served
    )  # both of one training
    assert len(nights) == len(other_nights) == 10
    assert sorted(trained + more) == ["['3', '3']", "['4', '4']"]
    assert len(moved) == 10
    assert len(Registry(str(folder)).entries()) == 8


def test_a_writer_that_is_killed_lets_the_next_one_in(folder):
    holder = started(HELD, folder)
    assert holder.stdout.readline() == "held\n"
    assert pair(folder) == ("1", "1")  # readers do not wait
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert [version.number for version in Registry(str(folder)).promote()] == ["2", "2"]


def test_a_writer_that_waits_too_long_says_so(folder, monkeypatch):
    monkeypatch.setattr("models.registry.store.PATIENCE", 0.1)
    with (
        Store(folder).writing(),
        pytest.raises(ModelError, match="another process that has been writing"),
    ):
        Registry(str(folder)).promote()


def test_what_a_killed_first_use_left_is_swept(tmp_path):
    (tmp_path / ".new-abandoned").mkdir()
    make_store(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "mlflow.db"]


# MLflow is left as it was, and needs nothing of ours

IMPORTED = """
import logging, os, sys
import features.errors, numpy, pandas, lightgbm, threadpoolctl, filelock
before = dict(os.environ)
import models.registry.registry
assert dict(os.environ) == before
assert "mlflow" not in sys.modules
import mlflow
before = dict(os.environ)
levels = [logging.getLogger(name).level for name in ("mlflow", "alembic")]
registry = models.registry.Registry(sys.argv[1])
registry.entries()
registry.promote()
assert dict(os.environ) == before
assert not mlflow.is_tracking_uri_set()
assert [logging.getLogger(name).level for name in ("mlflow", "alembic")] == levels
print("as it was")
"""
ALONE = """
import json, sys
sys.path.append(sys.argv[1])
from importlib.util import find_spec
assert not any(find_spec(name) for name in ("pinch", "models", "features", "training", "serving"))
import mlflow
mlflow.set_tracking_uri(sys.argv[2])
predicted = {}
for name in ("pinch-defection", "pinch-migration"):
    model = mlflow.pyfunc.load_model(f"models:/{name}@champion")
    signature = model.metadata.signature
    found = model.predict(model.input_example)
    assert list(found.columns) == signature.outputs.input_names()
    assert list(model.input_example.columns) == signature.inputs.input_names()
    predicted[name] = found.iloc[0].tolist()
print(json.dumps(predicted))
"""


@pytest.mark.slow
def test_importing_and_asking_leaves_mlflow_as_it_was(folder):
    assert ended(started(IMPORTED, folder)) == "as it was\n"


def test_training_leaves_the_store_that_mlflow_looked_at(folder, tmp_path):
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/other.db")
    try:
        stores.train(folder)
        assert mlflow.get_tracking_uri() == f"sqlite:///{tmp_path}/other.db"
    finally:
        mlflow.set_tracking_uri(None)
    assert not (tmp_path / "other.db").exists()


@pytest.mark.slow
def test_the_models_load_and_predict_where_there_is_no_pinch(folder, tmp_path):
    registry = Registry(str(folder))
    packages = Path(pytest.__file__).parent.parent
    # -S leaves out the .pth files through which an editable install is found, -I everything that PYTHONPATH names.
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(packages), registry.uri]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    scorer = load_models(fetch_champions(registry, tmp_path / "models"))
    row = stores.record().example
    assert json.loads(done.stdout) == {
        DEFECTION: pytest.approx(
            scorer.defection.risks(row).iloc[0].tolist(), abs=1e-12
        ),
        MIGRATION: pytest.approx(
            scorer.migration.quadrants(row)[0].tolist(), abs=1e-12
        ),
    }


def test_a_training_is_kept_with_its_name_its_words_its_data_and_its_commit(folder):
    registry = Registry(str(folder))
    run = registry._client.get_run(registry.version(DEFECTION, CHAMPION).run_id)
    assert run.info.run_name == "until 2026-01-31"
    assert (
        run.data.tags["mlflow.note.content"]
        == "Trained on what was known by **2026-01-31**."
    )
    assert run.data.tags["mlflow.source.name"] == "pinch"
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.data.tags.get("mlflow.source.git.commit", "") == commit.stdout.strip()
    (used,) = run.inputs.dataset_inputs
    assert (used.dataset.name, used.dataset.digest) == (
        "book until 2026-01-31",
        ("5e" * 32)[:36],
    )
    assert json.loads(used.dataset.profile) == {"num_rows": 80}
    for name in (DEFECTION, MIGRATION):
        assert registry._client.get_registered_model(name).description
        assert (
            registry._client.get_model_version(name, "1").description
            == stores.record().about
        )
