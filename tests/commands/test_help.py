"""Help, the installed command, and what it costs to start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

COMMANDS = (
    "sample",
    "check",
    "sql",
    "train",
    "evaluate",
    "backtest",
    "promote",
    "rollback",
    "models",
    "why",
    "night",
    "deliver",
    "score",
    "report",
    "weights",
    "serve",
    "fetch",
    "bento",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_that_names_its_options(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"{command} [OPTIONS]" in result.stdout
    assert len(result.stdout.splitlines()) > 6


def test_the_installed_command_helps_and_lists_every_command():
    result = subprocess.run(
        [Path(sys.executable).with_name("pinch"), "--help"],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0
    for command in COMMANDS:
        assert f"  {command} " in result.stdout
    assert "pinch sample demo/book" in result.stdout
    assert result.stderr == ""


def test_importing_the_command_line_imports_no_heavy_library():
    said = "import sys, pinch; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    imported = set(result.stdout.split())
    assert "typer" in imported
    heavy = {
        "pandas",
        "numpy",
        "mlflow",
        "lightgbm",
        "sklearn",
        "duckdb",
        "bentoml",
        "matplotlib",
        "pydantic",
        "scipy",
    }
    assert imported & heavy == set()


def test_a_scheduler_gets_the_code_and_the_message_of_the_installed_command(tmp_path):
    command = [
        Path(sys.executable).with_name("pinch"),
        "check",
        str(tmp_path / "nowhere"),
        "--json",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert json.loads(result.stdout)["error"] == "BookError"
    assert result.stderr.startswith("BookError: ")
