"""What CONTRIBUTING.md shows is made, as it is written, in a copy of the packages, and does what it promises."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = SETTINGS["tool"]["importlinter"]["root_packages"]
BLOCKS = re.compile(
    r"```(?:python\n# (\S+\.py)(?:, at the end)?|diff\n--- (\S+))\n(.*?)```", re.S
)


def examples():
    """Of each block the file, the lines that are found in it, and those that take their place."""
    for file, changed, text in BLOCKS.findall((ROOT / "CONTRIBUTING.md").read_text()):
        lines = text.splitlines(keepends=True)
        if file:
            yield file, "", text
        else:
            before = "".join(line[1:] for line in lines if line[0] in " -")
            yield (
                changed,
                before,
                "".join(line[1:] for line in lines if line[0] in " +"),
            )


def make(file, before, after):
    """Makes one change; what a change needs stands in the file once."""
    if not before:
        old = file.read_text() + "\n\n" if file.exists() else ""
        file.write_text(old + after)
    else:
        assert file.read_text().count(before) == 1, (file, before)
        file.write_text(file.read_text().replace(before, after))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The packages with every example."""
    folder = tmp_path_factory.mktemp("contributed")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for file in ("pyproject.toml", "pinch.py"):
        shutil.copy(ROOT / file, folder)
    for file, before, after in examples():
        make(folder / file, before, after)
    return folder


@pytest.fixture(scope="module")
def found(copy):
    """What `contributed` says of the copy."""
    program = Path(__file__).with_name("contributed.py")
    said = subprocess.run(
        [sys.executable, program],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    return json.loads((copy / "found.json").read_text())


def test_every_section_has_an_example():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    sections = re.split(r"^## ", text, flags=re.M)[1:]
    assert [part.splitlines()[0] for part in sections if not BLOCKS.search(part)] == []
    assert len(list(examples())) == text.count("\n```python\n") + text.count(
        "\n```diff\n"
    )


def test_a_feature_is_measured_and_described(found):
    assert found["features"]["questions_30d"] == 2
    assert found["features"]["questions_365d"] == 3
    assert (
        "| `questions_30d` | Questions in the last 30 days. | questions |"
        in found["page"]
    )


def test_a_theme_is_measured_and_described(found):
    assert found["features"]["deliveries_90d"] == 2
    assert found["features"]["delayed_share"] == 0.5
    assert "## How we deliver" in found["page"]


def test_an_item_is_known_and_counts_in_its_axis(found):
    assert found["unknown"] == []
    assert found["features"]["product_level"] == 8


def test_a_column_of_the_scores_is_everywhere(found):
    assert float(found["scores"]["silent_90d"]) == pytest.approx(0.3)
    assert float(found["scores"]["overt_90d"]) == pytest.approx(0.1)
    assert "overt_90d" in found["by_rules"]
    assert "overt_90d" in found["described"]


def test_a_learner_fits_and_is_read_again(found):
    assert found["log_odds"] == [pytest.approx(math.log(1 / 3))] * 2


def test_an_engine_measures_what_duckdb_does(found):
    columns, of_both = found["columns"]
    assert columns == of_both > 100
    assert found["differ"] == []


def test_a_command_answers(found):
    assert found["kinds"]["kinds"]["purchase"]
    assert "Lists the kinds of interaction" in found["help"]


def test_the_examples_pass_lint(copy):
    changed = sorted({copy / file for file, _, _ in examples()})
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check"], ["format", "--check"]):
        said = subprocess.run(
            [*ruff, *command, *changed], cwd=copy, capture_output=True, text=True
        )
        assert said.returncode == 0, said.stdout
