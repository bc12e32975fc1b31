"""``pinch monitor``, and monitoring as a step of the night: findings, exit codes, the page, what came."""

import json

import pandas as pd
import pytest
from command_line import run
from conftest import write_book

from serving.publishing.nights import current

DAYS = pd.date_range("2026-01-05 12:00", periods=70, freq="D")
ACCOUNTS = [{"account_id": f"a{n:02}", "opened_at": "2025-01-01"} for n in range(15)]


def visits(days, rep="r"):
    return [
        {
            "account_id": f"a{n:02}",
            "occurred_at": str(day + pd.Timedelta(minutes=n)),
            "kind": "visit",
            "rep_id": rep,
        }
        for day in days
        for n in range(15)
    ]


@pytest.fixture
def book(tmp_path):
    """On each day all accounts visit; on the last day nobody tells which rep saw them."""
    rows = [*visits(DAYS[:-1]), *visits(DAYS[-1:], rep=None)]
    return write_book(tmp_path / "book", accounts=ACCOUNTS, interactions=rows)


def night(book, *more):
    result = run("night", book, "--rules", "--json", *more)
    return result.exit_code, json.loads(result.stdout.splitlines()[-1])


def test_a_night_names_what_is_not_as_usual_and_fails_only_where_it_is_told_to(book):
    code, said = night(book, "--as-of", "2026-03-15")
    assert (code, said["monitor"]["findings"]) == (0, [])
    code, said = night(book)
    assert (code, said["as_of"]) == (0, "2026-03-16")
    (finding,) = said["monitor"]["findings"]
    assert finding["sentence"] == (
        "interactions: rep_id is empty in all 15 rows in the last day of kind visit; usually 100% are filled"
    )
    (book / "night.toml").write_text('[drift]\naction = "fail"\n')
    code, said = night(book)
    assert (code, said["outcome"], said["exit_code"]) == (6, "same", 6)
    assert current(book / "nights").as_of.isoformat() == "2026-03-16"


def test_a_limit_that_is_none_is_refused_before_anything_is_scored(book):
    (book / "night.toml").write_text("[drift]\naction = 'cry'\n")
    result = run("night", book, "--rules", "--json")
    assert result.exit_code == 1
    assert "night.toml, [drift], action" in result.stderr
    assert not (book / "nights/current").exists()


def test_it_tells_of_all_nights_and_writes_the_page(book, tmp_path):
    for day in ("2026-03-15", "2026-03-16"):
        night(book, "--as-of", day)
    (book / "night.toml").write_text('[drift]\naction = "fail"\n')
    result = run("monitor", book / "nights", book, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 6
    facts = json.loads(result.stdout)
    assert [line["red"] for line in facts["nights"]] == [False, True]
    assert [line["accounts"] for line in facts["nights"]] == [15, 15]
    html = (tmp_path / "out/trend.html").read_text()
    assert "The night of 2026-03-16: 1 thing is not as usual" in html
    told = run("monitor", book / "nights")
    assert told.exit_code == 0
    assert "Not as usual: interactions: rep_id is empty" in told.stdout
    assert (book / "nights/trend.html").read_text() == html


@pytest.mark.slow
def test_what_came_is_kept_for_the_page_that_the_next_night_writes(book):
    night(book, "--as-of", "2026-03-15")
    nights, place = book / "nights", "2026-03-15/rules"
    came = {"horizon": 90, "accounts": 30, "left": 4, "expected": {"mean": 3.0}}
    (nights / "realised.json").write_text(json.dumps({place: {"90": came}}))
    facts = json.loads(run("monitor", nights, "--json").stdout)
    assert facts["nights"][0]["realised"]["90"]["left"] == 4
    (nights / "realised.json").write_text("{")
    code, said = night(book)
    assert (code, said["outcome"]) == (5, "published")
    assert "remove it, and run pinch monitor" in said["monitor"]["error"]


def test_a_folder_without_nights_says_how_to_make_one(tmp_path):
    result = run("monitor", tmp_path)
    assert result.exit_code == 1
    assert "pinch night BOOK" in result.stderr


@pytest.mark.slow
def test_what_came_of_a_night_by_models_is_set_beside_what_was_expected(
    sample_folder, store_folder, tmp_path
):
    nights = tmp_path / "nights"
    asked = ("--store", store_folder, "--as-of", "2026-06-01", "--nights", nights)
    assert run("night", sample_folder, *asked, "--json").exit_code == 0
    result = run("monitor", nights, sample_folder, "--json")
    assert result.exit_code == 0
    (line,) = json.loads(result.stdout)["nights"]
    assert line["realised"].keys() == {"14", "30", "60", "90"}
    quarter = line["realised"]["90"]
    assert quarter["accounts"] <= line["accounts"]
    assert 0 < quarter["left"] < quarter["accounts"]
    assert quarter["expected"]["low"] < line["expected"]["mean"]
    assert 0.5 < quarter["auc"] <= 1.0
    assert 0.5 < line["estimated"]["auc"] <= 1.0
    kept = json.loads((nights / "realised.json").read_text())
    assert list(kept.values()) == [line["realised"]]
