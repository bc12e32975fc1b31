"""``pinch forecast``: as tables, as JSON, as a page and a table for a spreadsheet."""

import csv

import pytest
from command_line import answered, run


@pytest.fixture(scope="module")
def asked(sample_folder, store_folder):
    return ("forecast", sample_folder, "--store", store_folder)


@pytest.fixture(scope="module")
def told(asked, tmp_path_factory):
    """The forecast without past quarters, which need models of their own."""
    out = tmp_path_factory.mktemp("forecast")
    return answered(run(*asked, "--quarters", "0", "--out", out, "--json")), out


def test_segments_and_the_matrix_add_up_to_the_whole(told):
    facts, _ = told
    assert facts["accounts"] == sum(each["accounts"] for each in facts["segments"])
    lost = sum(each["lost"]["mean"] for each in facts["segments"])
    assert lost == pytest.approx(facts["lost"]["mean"])
    assert facts["lost"]["low"] <= facts["lost"]["mean"] <= facts["lost"]["high"]
    for each in facts["mix"]:
        column = [to["mean"] for to in facts["matrix"] if to["to"] == each["quadrant"]]
        assert sum(column) == pytest.approx(each["mean"])


def test_a_page_and_a_table_are_written(told):
    facts, out = told
    page = (out / "forecast.html").read_text("utf-8")
    assert f"of {facts['accounts']:,} accounts will be lost" in page
    assert "No past quarter can be looked back on" in page
    with (out / "forecast.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["mean"]) == pytest.approx(facts["lost"]["mean"])
    assert [row["figure"] for row in rows[:2]] == ["lost", "value_lost"]


@pytest.mark.slow
def test_people_are_told_of_past_quarters_in_eighty_columns(asked):
    done = run(*asked, "--quarters", "2")
    assert done.exit_code == 0, done.output
    assert "past intervals held what happened" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
