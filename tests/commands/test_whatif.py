"""``pinch whatif``: as JSON, as tables, as a page; and what it refuses."""

import pytest
from command_line import answered, refused, run, tidy


@pytest.fixture(scope="module")
def asked(sample_folder, store_folder):
    return ("whatif", sample_folder, "--store", store_folder)


@pytest.fixture(scope="module")
def reps(asked):
    """All reps of the book, as the command tells them."""
    return answered(run(*asked, "--all-reps", "--json"))


def test_every_rep_has_a_row_and_the_dearest_comes_first(reps):
    rows = reps["everybody"]["rep_leaves"]
    more = [row["more"]["mean"] for row in rows]
    assert more == sorted(more, reverse=True)
    assert all(row["accounts"] for row in rows)
    assert reps["evidence"][0]["kind"] == "rep_leaves"


def test_one_rep_as_json_and_as_a_page(asked, reps, tmp_path):
    row = reps["everybody"]["rep_leaves"][0]
    told = answered(
        run(*asked, "--rep-leaves", row["holder"], "--out", tmp_path, "--json")
    )
    assert told["accounts"] == row["accounts"]
    assert told["lost"][-1]["more"] == row["more"]
    page = (tmp_path / "whatif.html").read_text("utf-8")
    assert told["files"] == [str(tmp_path / "whatif.html")]
    assert f"If rep {row['holder']} leaves" in page
    for each in told["moved"]:
        assert each["account_id"] in page


@pytest.mark.slow
def test_people_are_told_in_eighty_columns(asked, reps):
    rep = reps["everybody"]["rep_leaves"][0]["holder"]
    told = run(*asked, "--rep-leaves", rep, "--competitor-enters", "north")
    assert told.exit_code == 0, told.output
    assert f"If rep {rep} leaves and a competitor enters north on " in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80
    assert "…" not in told.stdout


@pytest.mark.slow
def test_who_carries_nobody_is_refused(asked):
    assert "Nobody" not in refused(
        run(*asked, "--rep-leaves", "Nobody"), "EvidenceError"
    )


def test_a_price_rise_is_said_to_be_unseen(asked):
    said = refused(run(*asked, "--price-rises", "plan=basic"), "EvidenceError")
    assert "only where it was accepted" in said


@pytest.mark.parametrize("flags", [(), ("--all-reps", "--rep-leaves", "R0-1")])
def test_a_question_is_needed_and_one_of_a_kind(asked, flags):
    tidy(run(*asked, *flags), {2})
