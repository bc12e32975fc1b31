"""``pinch path``: as JSON, as a table, and whom it refuses."""

import pytest
from command_line import answered, refused, run


@pytest.fixture(scope="module")
def asked(sample_folder, store_folder):
    return ("path", sample_folder, "A000000", "--store", store_folder)


def test_the_path_as_json_and_for_people(asked):
    facts = answered(run(*asked, "--json"))
    assert facts["account_id"] == "A000000"
    assert facts["levers"]
    told = run(*asked)
    assert told.exit_code == 0, told.output
    assert max(map(len, told.stdout.splitlines())) <= 80
    assert "A000000" in told.stdout
    assert "…" not in told.stdout


def test_an_account_that_is_not_there_is_refused(asked):
    command, folder, _, *store = asked
    said = refused(run(command, folder, "Nobody", *store), "EvidenceError")
    assert "Nobody" not in said
