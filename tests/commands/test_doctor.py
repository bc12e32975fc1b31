"""``pinch doctor``: what it says, and what it ends with."""

import pytest
from command_line import answered, run
from conftest import write_book

from serving.doctor import machine
from serving.doctor.check import Check


@pytest.mark.slow
def test_a_machine_alone_is_looked_at():
    checks = answered(run("doctor", "--json"))["checks"]
    assert {check["status"] for check in checks} == {"ok"}
    assert [check["name"] for check in checks] == [
        *("Python", "packages", "LightGBM", "clock", "time zone")
    ]


def test_what_is_to_be_mended_is_said_last_and_ends_with_1(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "lightgbm", lambda: Check("LightGBM", "loads"))
    accounts = [{"account_id": "a", "opened_at": "2026-01-01"}]
    visit = {"account_id": "a", "occurred_at": "2026-05-01", "kind": "visit"}
    book = write_book(tmp_path / "book", accounts=accounts, interactions=[visit])
    (book / "night.toml").write_text('[night]\nstore = "missing"\n')
    result = run("doctor", book, "--nights", tmp_path / "nights")
    assert result.exit_code == 1
    said = result.stdout.split("To mend:")[1]
    assert "store: " in said
    assert "nights: current: run pinch night BOOK." in said
