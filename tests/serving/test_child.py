"""Serving leaves nothing behind: what stops us stops the server first, and then the models are cleared away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from typer.testing import CliRunner

import pinch
from features.errors import ModelError
from models.registry.registry import Registry
from serving.endpoint.child import run_child
from serving.scorer import load_models

HERE = Path(__file__).parents[1]
SERVED = """
import sys, tempfile
from pathlib import Path
from serving.endpoint.child import run_child, stoppable
with stoppable(), tempfile.TemporaryDirectory(prefix="pinch-") as folder:
    Path(folder, "model").write_text("a model")
    code = run_child([sys.executable, "-c", sys.argv[1], folder], {})
sys.exit(code)
"""
GENTLE = """
import os, pathlib, signal, sys, time
def stop(number, frame):
    os.write(1, b"read " + pathlib.Path(sys.argv[1], "model").read_bytes() + b"\\n")
    sys.exit(7)
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_server_first_and_then_the_folder_of_models_is_gone(
    tmp_path, number
):
    environment = {
        **os.environ,
        "PYTHONPATH": str(HERE.parent),
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-c", SERVED, GENTLE]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout.readline() == "up\n"
        assert [path.name[:6] for path in tmp_path.iterdir()] == ["pinch-"]
        serving.send_signal(number)
        assert serving.stdout.read() == "read a model\n"
    assert serving.returncode == 7
    assert list(tmp_path.iterdir()) == []


def test_the_exit_code_of_the_server_is_ours():
    assert run_child([sys.executable, "-c", "raise SystemExit(3)"], {}) == 3


def test_serve_hands_the_champions_to_the_server_and_clears_them_away(
    tmp_path, monkeypatch
):
    stores.train(tmp_path / "store")
    Registry(str(tmp_path / "store")).promote()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    served = []

    def run(command, environment):
        served.append(load_models(Path(environment["PINCH_MODELS"])).version)
        assert command[1:4] == ["-m", "bentoml", "serve"]
        return 5

    monkeypatch.setattr("serving.endpoint.child.run_child", run)
    done = CliRunner().invoke(
        pinch.app,
        ["serve", "--store", str(tmp_path / "store")],
        env={"PINCH_MODELS": None},
    )
    assert (done.exit_code, served) == (5, ["defection-1 migration-1"])
    assert list((tmp_path / "tmp").iterdir()) == []
    assert "PINCH_MODELS" not in os.environ


@pytest.mark.parametrize("named", [None, "", " "])
def test_an_endpoint_without_models_says_which_setting_is_missing(monkeypatch, named):
    from serving.endpoint.service import Pinch

    monkeypatch.delenv("PINCH_MODELS", raising=False)
    if named is not None:
        monkeypatch.setenv("PINCH_MODELS", named)
    with pytest.raises(
        ModelError, match=r"the setting PINCH_MODELS: found nothing; .* pinch serve"
    ):
        Pinch.inner()
