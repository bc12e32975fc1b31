"""The page on connectors: its commands run as they are written, and it names all that can be read."""

import re
import shlex
from pathlib import Path

import pytest
from command_line import run
from exports import write

from features.sources.connectors.vendor import read_vendor, vendors

PAGE = (Path(__file__).parents[3] / "docs" / "connectors.md").read_text("utf-8")
COMMANDS = re.findall(r"^pinch (init .*)$", PAGE, re.M)
TICKET = {"ticket": "id,created_at,requester_id\n1,2024-02-01 10:00:00,u1\n"}
INCIDENT = {"incident": "number,caller_id,opened_at\n1,c1,2024-02-01 10:00:00\n"}
ACCOUNT = {
    "account": "Id,CreatedDate\nA1,2024-01-01\n",
    "case": "Id,AccountId,CreatedDate\nK1,A1,2024-02-01\n",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_makes_a_book(tmp_path, monkeypatch, command):
    write(tmp_path / "export", TICKET | INCIDENT)
    write(tmp_path / "book" / "salesforce", ACCOUNT)
    write(tmp_path / "support", TICKET)
    monkeypatch.chdir(tmp_path)
    result = run(*shlex.split(command))
    assert result.exit_code == 0, result.output
    assert "Nothing is in quarantine." in result.stdout


def test_the_page_names_every_source():
    assert sorted(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) == vendors()
    assert len(COMMANDS) == 3


@pytest.mark.parametrize("name", vendors())
def test_what_a_vendor_needs_is_declared(name):
    vendor = read_vendor(name)
    parts = [*vendor.views, *vendor.told]
    for table in vendor.tables.values():
        parts += table
    sources = {source.name for source in vendor.sources}
    assert all(sources.issuperset(source.instead) for source in vendor.sources)
    for part in parts:
        needed = {
            name.partition(".")[0] for need in part.needs for name in need.split(" or ")
        }
        assert {*needed, *part.lacks} <= sources
    queries = " ".join(part.sql for part in parts)
    read = set(re.findall(rf"\b(?:from|join) {name}_(\w+)", queries))
    views = {view.name.removeprefix(f"{name}_") for view in vendor.views}
    assert read <= sources | views
    assert sources <= read
