"""``pinch serve``."""

import inspect
import sys
from pathlib import Path

import pytest
from command_line import refused, run

from commands.serve import serve
from serving.endpoint.keys import Keys, write_keys
from serving.endpoint.settings import Settings

INTERNAL = {"watched"}
"""Settings that pinch serve makes itself."""


@pytest.fixture
def started(monkeypatch):
    """The commands that serving would run, with the folder of models and what it holds meanwhile."""
    commands = []

    def run_child(command, environment):
        folder = Path(environment["PINCH_MODELS"])
        held = sorted(file.name for file in folder.iterdir())
        commands.append((command, environment, folder, held))
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
    ((command, environment, folder, _),) = started
    assert folder == models_folder
    assert command[:4] == [sys.executable, "-m", "bentoml", "serve"]
    assert command[4:] == ["serving.endpoint.service:Pinch"]
    assert environment["PINCH_HOST"] == "127.0.0.1"
    assert environment["PINCH_PORT"] == "4321"


def test_serve_fetches_the_champions_of_a_store_and_clears_them_away(
    started, store_folder
):
    result = run("serve", "--store", store_folder)
    assert result.exit_code == 0, result.output
    ((_, _, folder, held),) = started
    assert held == ["SHA256SUMS", "VERSION", "defection", "migration", "models.json"]
    assert not folder.exists()


def test_serving_a_folder_without_models_exits_with_1_and_says_how_to_mend_it(
    started, tmp_path
):
    refused(run("serve", "--models", tmp_path), "ModelError")


def test_every_setting_is_an_option_with_the_same_default():
    parameters = inspect.signature(serve).parameters
    for name, field in Settings.model_fields.items():
        if name not in INTERNAL:
            assert str(parameters[name].default) == str(field.default)
            assert f"PINCH_{name.upper()}" in run("serve", "--help").stdout


def test_an_address_that_others_reach_needs_keys(started, models_folder, tmp_path):
    open_to_all = ("serve", "--models", models_folder, "--host", "0.0.0.0")
    refused(run(*open_to_all), "SettingError")
    refused(run(*open_to_all, "--keys", tmp_path / "none.json"), "SettingError")
    assert started == []
    write_keys(tmp_path / "keys.json", Keys())
    assert run(*open_to_all, "--keys", tmp_path / "keys.json").exit_code == 0


def test_a_setting_that_cannot_be_taken_is_named(started, models_folder):
    result = run("serve", "--models", models_folder, "--rate", "often")
    refused(result, "SettingError")
    assert "PINCH_RATE" in result.stderr
    refused(run("serve", "--models", models_folder, "--host", "here"), "SettingError")
    assert run("serve", "--port", 99_999).exit_code == 2
