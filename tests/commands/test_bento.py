"""``pinch bento`` and ``pinch fetch``: what is served where there is no store."""

import sys
from pathlib import Path

import pytest
import stores
from command_line import refused, run
from endpoint_server import served

from models.registry.registry import Registry
from serving.scorer import load_models

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
REQUEST = {
    "as_of": "2026-11-21",
    "accounts": [{"account_id": "C-1", "opened_at": "2026-01-01"}],
}
ALONE = """
import sys
sys.path[:] = [path for path in sys.path if path != sys.argv[1]]
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with a champion."""
    folder = tmp_path_factory.mktemp("store")
    stores.train(folder)
    Registry(str(folder)).promote()
    return folder


def test_a_bento_is_served_by_its_own_files_alone(store, tmp_path):
    bento = tmp_path / "bento"
    result = run("bento", bento, "--store", store)
    assert result.exit_code == 0, result.output
    refused(run("bento", bento, "--store", store), "SettingError")
    source = bento / "src"
    assert load_models(source / "champion").version == "defection-1 migration-1"
    assert {path.name for path in source.iterdir() if path.is_dir()} == {
        *("champion", "features", "models", "pages", "serving")
    }
    assert not (source / "models" / "registry").exists()
    locked = (bento / "env" / "python" / "requirements.txt").read_text()
    assert "--hash=sha256:" in locked and "\nlightgbm==" in locked
    for left_out in ("mlflow", "scikit-learn", "matplotlib", "empulse", "pyspark"):
        assert f"\n{left_out}==" not in locked
    (tmp_path / "sitecustomize.py").write_text(
        ALONE.replace("sys.argv[1]", repr(str(ROOT)))
    )
    command = [sys.executable, "-m", "bentoml", "serve", bento]
    with served(tmp_path, command, cwd=tmp_path, PYTHONPATH=tmp_path) as server:
        assert server.post(REQUEST).json()["model_version"] == "defection-1 migration-1"
        assert server.client.get("/models").status_code == 200
        for page in ("/", "/docs.json", "/metrics"):
            assert server.client.get(page).status_code == 200


def test_fetched_champions_take_the_place_of_the_former_ones(store, tmp_path):
    folder = tmp_path / "models"
    for _ in range(2):
        assert run("fetch", folder, "--store", store).exit_code == 0
        assert load_models(folder).version == "defection-1 migration-1"
    assert list(tmp_path.iterdir()) == [folder]
    refused(run("fetch", folder, "--store", tmp_path / "none"), "ModelError")
