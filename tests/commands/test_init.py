"""``pinch init``: a book of an export, and what ``pinch check`` thinks of it."""

import tomllib
from datetime import UTC, datetime

import pytest
from command_line import answered, refused, run, tidy
from exports import write

from features.book.book import open_book
from features.engine import instant

EXPORT = {
    "ticket": """
        id,created_at,requester_id
        1,2024-02-01 10:00:00,u1
        2,2024-07-01 10:00:00,u1
    """
}


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path, EXPORT)


def test_it_writes_a_book_and_checks_it(folder):
    facts = answered(run("init", folder, "--from", "zendesk", "--json"))
    assert facts["rows"] == {"accounts": 1, "interactions": 2}
    assert facts["quarantined"] == 0
    assert facts["file"] == str(folder / "book.toml")
    lacks = [sentence for sentence in facts["told"] if "lacks" in sentence]
    assert lacks == [
        "ticket.csv lacks organization_id, submitter_id, assignee_id, type, status, via_channel, "
        "merged_ticket_ids."
    ]
    checked = answered(run("check", folder, "--json"))
    assert {name: facts[name] for name in checked} == checked


def test_it_tells_people_what_it_assumed(folder):
    printed = " ".join(run("init", folder, "--from", "zendesk").stdout.split())
    assert "Times of zendesk without a zone are those of UTC." in printed
    assert "Nothing is in quarantine." in printed


def test_a_book_that_is_there_stays_unless_forced(folder):
    (folder / "book.toml").write_text("quiet_days = 90\n")
    message = refused(run("init", folder, "--from", "zendesk"), "BookError")
    assert "--force" in message
    assert (folder / "book.toml").read_text() == "quiet_days = 90\n"
    answered(run("init", folder, "--from", "zendesk", "--force", "--json"))
    assert "tables" in tomllib.loads((folder / "book.toml").read_text())


def test_an_export_lies_in_the_book_in_the_folder_of_its_name_or_elsewhere(tmp_path):
    write(tmp_path / "book" / "zendesk", EXPORT)
    write(tmp_path / "elsewhere", EXPORT)
    for said in ("zendesk", f"zendesk={tmp_path / 'elsewhere'}"):
        facts = answered(
            run("init", tmp_path / "book", "--from", said, "--force", "--json")
        )
        assert facts["rows"] == {"accounts": 1, "interactions": 2}


def test_times_without_a_zone_are_those_of_the_zone_that_is_given(folder):
    answered(
        run("init", folder, "--from", "zendesk", "--zone", "Europe/Paris", "--json")
    )
    times = open_book(folder).ask("select occurred_us from interactions order by all")
    # Paris is an hour before UTC in February, and two in July
    expected = [
        datetime(2024, 2, 1, 9, tzinfo=UTC),
        datetime(2024, 7, 1, 8, tzinfo=UTC),
    ]
    assert times == [(instant(moment),) for moment in expected]


def test_a_source_that_is_named_twice_is_misuse(folder):
    tidy(run("init", folder, "--from", "zendesk", "--from", f"zendesk={folder}"), {2})


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "hubspot=Europe/Paris"])
def test_a_zone_that_is_none_or_of_no_source_is_misuse(folder, zone):
    tidy(run("init", folder, "--from", "zendesk", "--zone", zone), {2})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("freshdesk", "expected one of"),
        ("zendesk=nowhere", "found no folder"),
    ],
)
def test_a_source_that_is_not_there_is_an_error(folder, said, message):
    assert message in refused(run("init", folder, "--from", said), "BookError")


def test_a_file_that_lacks_what_it_needs_is_an_error_that_names_its_columns(tmp_path):
    write(tmp_path, {"ticket": "number,created_at\n1,2024-02-01\n"})
    message = refused(run("init", tmp_path, "--from", "zendesk"), "BookError")
    assert (
        "ticket.csv: found the columns number, created_at; expected one of id, ticket_id"
        in message
    )


def test_an_export_without_a_file_that_it_needs_is_an_error(tmp_path):
    message = refused(run("init", tmp_path, "--from", "zendesk"), "BookError")
    assert (
        "found no ticket of Zendesk; expected one of ticket.csv, tickets.csv" in message
    )
