"""The examples of docs/operations.md for those who run nights: each is parsed, its command taken, its settings read."""

import ast
import configparser
import re
import shlex
from pathlib import Path

import pytest
import typer
from command_line import run

import pinch
from commands.exit_code import ExitCode
from serving.publishing.limits import Limits
from serving.publishing.night_toml import read_night_toml, validated

PAGE = Path(__file__).parents[2].joinpath("docs/operations.md").read_text("utf-8")
NIGHT = PAGE.partition("## The night, unattended")[2].partition("\n## ")[0]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", NIGHT, re.DOTALL | re.MULTILINE)


def flags_of(command):
    """What the command line makes of a call of ``pinch night``; a flag that it does not know is an error."""
    _, _, arguments = command.partition("pinch night ")
    arguments = re.sub(r'"\$\(date [^)]*\)"|\{\{[^}]*\}\}', "2026-11-21", arguments)
    night = typer.main.get_command(pinch.app).commands["night"]
    return night.make_context("night", shlex.split(arguments)).params


def test_the_unit_of_systemd_runs_a_night_of_today():
    service, timer = (_unit(text) for text in blocks("ini"))
    asked = shlex.split(service["Service"]["ExecStart"])
    assert asked[:2] == ["/bin/sh", "-c"]
    assert '"$(date -u +%%F)"' in asked[2]  # systemd makes one % of two
    flags = flags_of(asked[2])
    assert (str(flags["as_of"]), flags["wait"]) == ("2026-11-21", 3600.0)
    written = service["Service"]["ReadWritePaths"]
    assert Path(flags["book"]).is_relative_to(written)
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:30:00 UTC"


def _unit(text):
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str
    unit.read_string(text)
    return unit


def test_the_line_of_cron_is_a_time_a_user_and_a_command():
    (text,) = blocks("bash")
    zone, line = text.strip().splitlines()
    *when, user, command = line.split(maxsplit=6)
    assert zone == "CRON_TZ=UTC"
    assert (when, user) == (["30", "2", "*", "*", "*"], "pinch")
    assert re.findall(r"(?<!\\)%", command) == []  # cron takes a bare % for a new line
    assert str(flags_of(command)["as_of"]) == "2026-11-21"


def test_the_dag_compiles_and_its_command_is_taken():
    (text,) = blocks("python")
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    said = {
        word.arg: word.value.value
        for call in calls
        for word in call.keywords
        if isinstance(word.value, ast.Constant)
    }
    assert said["schedule"] == "30 2 * * *"
    flags = flags_of(said["bash_command"])
    assert (str(flags["as_of"]), flags["as_json"]) == ("2026-11-21", True)


def test_night_toml_is_read_and_every_flag_that_it_may_set_is_in_the_table(tmp_path):
    (text,) = blocks("toml")
    (tmp_path / "night.toml").write_text(text)
    read = read_night_toml(tmp_path)
    assert validated(Limits, read.limits, "[limits]") == Limits()
    parameters = typer.main.get_command(pinch.app).commands["night"].params
    context = typer.main.get_command(pinch.app).commands["night"]
    asked = context.make_context("night", [str(tmp_path)]).params
    assert {name: asked[name] for name in ("capacity", "wait", "histories")} == {
        "capacity": 40,
        "wait": 600.0,
        "histories": True,
    }
    assert asked["actions"] == tmp_path / "actions.toml"
    never = {"book", "as_of", "force", "as_json"}
    row = re.search(r"^\| `\[night\]` \|(.*?)\|", NIGHT, re.MULTILINE)[1]
    assert {*re.findall(r"`(\w+)`", row)} == {one.name for one in parameters} - never
    for key in Limits.model_fields:
        assert f"| `{key}` |" in NIGHT


def test_every_exit_code_is_told_what_to_do_after_it():
    told = re.findall(r"^\| (\d+) \|", NIGHT, re.MULTILINE)
    assert [int(code) for code in told] == [int(code) for code in ExitCode]


@pytest.mark.parametrize("text", blocks("sh"))
def test_the_first_example_is_taken_by_the_command_line(text):
    assert flags_of(text.strip())["store"] == "demo/store"
    assert run("night", "--help").exit_code == 0
