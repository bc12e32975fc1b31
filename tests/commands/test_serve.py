"""``pinch serve``."""

import sys
from pathlib import Path

import pytest
from command_line import refused, run


@pytest.fixture
def started(monkeypatch):
    """The commands that serving would run, with the folder of models and what it holds meanwhile."""
    commands = []

    def run_child(command, environment):
        folder = Path(environment["PINCH_MODELS"])
        commands.append(
            (command, folder, sorted(file.name for file in folder.iterdir()))
        )
        return 0

    monkeypatch.setattr("serving.endpoint.child.run_child", run_child)
    monkeypatch.delenv("PINCH_MODELS", raising=False)
    return commands


def test_serve_starts_the_service_with_a_folder_of_models(started, models_folder):
    result = run("serve", "--models", models_folder, "--port", 4321)
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(
        "Serving defection-1 migration-1 on http://127.0.0.1:4321"
    )
    ((command, folder, _),) = started
    assert folder == models_folder
    assert command[:5] == [
        sys.executable,
        "-m",
        "bentoml",
        "serve",
        "serving.endpoint.service:Pinch",
    ]
    assert command[5:] == ["--host", "127.0.0.1", "--port", "4321"]


def test_serve_fetches_the_champions_of_a_store_and_clears_them_away(
    started, store_folder
):
    result = run("serve", "--store", store_folder)
    assert result.exit_code == 0, result.output
    ((_, folder, held),) = started
    assert held == ["VERSION", "defection", "migration"]
    assert not folder.exists()


def test_serving_a_folder_without_models_exits_with_1_and_says_how_to_mend_it(
    started, tmp_path
):
    refused(run("serve", "--models", tmp_path), "ModelError")
