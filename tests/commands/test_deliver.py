"""``pinch deliver`` and the step of ``pinch night``: what goes where, what is said, and the exit codes."""

import json
import shutil

import duckdb
import pytest
from command_line import answered, run
from vendors import running

from serving.publishing.turn import turn

HERE = """
[[deliver]]
to = "duckdb"
file = "out/pinch.duckdb"
"""
HUB = """
[[deliver]]
to = "hubspot"
name = "hub"
url = "{}/hubspot"
id_property = "pinch_id"
send = true
fields = {{ pinch_quadrant = "quadrant", pinch_place = "place" }}
"""


@pytest.fixture(scope="module")
def published(purchases, tmp_path_factory):
    """The book of purchases with a night of 60 accounts by rules, which went nowhere."""
    book = shutil.copytree(purchases, tmp_path_factory.mktemp("published") / "book")
    assert run("night", book, "--rules", "--capacity", 2).exit_code == 0
    return book


@pytest.fixture
def book(published, tmp_path, vendors):
    """A copy of it that names a DuckDB file and HubSpot as destinations."""
    copy = shutil.copytree(published, tmp_path / "book", symlinks=True)
    (copy / "night.toml").write_text(HERE + HUB.format(vendors.url))
    return copy


@pytest.fixture
def vendors(monkeypatch):
    monkeypatch.setenv("HUBSPOT_TOKEN", "hub")
    with running() as vendors:
        yield vendors


def test_a_dry_run_shows_the_difference_as_a_table_and_sends_nothing(book, vendors):
    result = run("deliver", book / "nights", "--dry-run")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["destination", "new", "changed", "blank", "says"]
    assert lines[2:4] == [["duckdb", "60", "0", "0"], ["hub", "60", "0", "0"]]
    said = [" ".join(line) for line in lines]
    assert "hub a0 pinch_quadrant unknown, pinch_place (blank)" in said
    assert vendors.requests == []
    assert not (book / "out").exists()


def test_a_night_is_delivered_and_then_there_is_nothing_to_tell(book, vendors):
    told = answered(run("deliver", book / "nights", "--json"))
    assert [(to["name"], to["new"], to["delivered"]) for to in told["to"]] == [
        ("duckdb", 60, 60),
        ("hub", 60, 60),
    ]
    places = [had["pinch_place"] for had in vendors.has["hubspot"].values()]
    assert sorted(places) == [""] * 58 + ["1", "2"]
    with duckdb.connect(str(book / "out/pinch.duckdb")) as there:
        assert there.sql("select count(*) from worklist").fetchall() == [(2,)]
    again = run("deliver", book / "nights", "--to", "hub")
    assert (again.exit_code, again.stdout) == (0, "hub: 0 accounts delivered\n")
    anew = run("deliver", book / "nights", "--to", "hub", "--anew")
    assert anew.stdout == "hub: 60 accounts delivered\n"


def test_one_that_fails_keeps_no_other_from_its_night(book, vendors):
    vendors.answers = [(401, {}, None)]
    (book / "night.toml").write_text(HUB.format(vendors.url) + HERE)
    result = run("deliver", book / "nights")
    assert result.exit_code == 7
    assert "hub: 0 accounts delivered; stopped: 127.0.0.1: found the status 401" in (
        " ".join(result.stdout.split())
    )
    assert "duckdb: 60 accounts delivered" in result.stdout


def test_the_night_itself_delivers_as_its_last_step(book, vendors):
    vendors.refused = {"a7"}
    result = run("night", book, "--rules", "--capacity", 2, "--json")
    assert result.exit_code == 7
    *steps, last = map(json.loads, result.stdout.splitlines())
    assert steps[-1]["step"] == "deliver"
    (_, hub) = last["deliver"]["to"]
    assert (hub["delivered"], hub["failed"]) == (59, {"VALIDATION_ERROR": 1})
    failed = book / "nights/delivered/hub.failed.csv"
    assert failed.read_text("utf-8-sig").splitlines()[1:] == ['"a7","VALIDATION_ERROR"']
    vendors.refused = set()
    assert run("night", book, "--rules", "--capacity", 2).exit_code == 0
    assert len(vendors.has["hubspot"]) == 60


def test_a_destination_that_cannot_be_taken_stops_the_night_before_it_is_made(book):
    (book / "night.toml").write_text(f'{HERE}files = "x"')
    result = run("night", book, "--rules", "--as-of", "2024-08-01")
    assert result.exit_code == 1
    assert "[[deliver]][1], files: found a key that is not known" in result.stderr
    assert not (book / "nights/2024-08-01").exists()


def test_a_night_by_its_own_folder_is_delivered_by_the_same_ledger(book):
    assert run("deliver", book / "nights").exit_code == 0
    told = answered(run("deliver", book / "nights/current", "--to", "hub", "--json"))
    assert told["to"][0]["delivered"] == 0


def test_a_destination_of_another_name_is_told(book):
    result = run("deliver", book / "nights", "--to", "crm")
    assert result.exit_code == 1
    assert "found no destination crm" in result.stderr


def test_no_night_is_told(tmp_path):
    result = run("deliver", tmp_path)
    assert result.exit_code == 1
    assert "NightError" in result.stderr


def test_another_delivery_has_its_turn(book):
    with turn(book / "nights/delivered"):
        assert run("deliver", book / "nights").exit_code == 4
