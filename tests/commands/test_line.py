"""The whole line on a tiny company, from the sample to tonight's list, in JSON and in words."""

import json
from pathlib import Path

import pandas as pd
import pytest
from command_line import answered, run, tidy


@pytest.fixture(scope="module")
def line(tmp_path_factory, new_store):
    """The whole line on a tiny company, in JSON: the result of each command, and the folder that they worked in."""
    folder = tmp_path_factory.mktemp("line")
    book, store = folder / "book", ("--store", new_store(folder / "store"))
    results = {
        "sample": run(
            "sample", book, "--accounts", 150, "--months", 16, "--seed", 3, "--json"
        ),
        "check": run("check", book, "--json"),
        "train": run("train", book, *store, "--json"),
        "promote": run("promote", *store, "--anyway", "a tiny company", "--json"),
    }
    as_of = json.loads(results["check"].stdout)["watermark"]
    results["score"] = run(
        "score",
        book,
        "--as-of",
        as_of,
        "--out",
        folder / "night",
        "--top",
        4,
        *store,
        "--json",
    )
    return folder, results


def test_sample_says_which_tables_it_wrote(line):
    folder, results = line
    facts = answered(results["sample"])
    assert facts["book"] == str(folder / "book")
    assert facts["files"] == sorted(
        str(file) for file in (folder / "book").glob("*.parquet")
    )
    assert {Path(file).stem for file in facts["files"]} >= {
        "accounts",
        "interactions",
        "surveys",
        "departures",
        "contracts",
        "scheduled",
    }


def test_check_describes_the_book(line):
    folder, results = line
    facts = answered(results["check"])
    accounts = len(pd.read_parquet(folder / "book" / "accounts.parquet"))
    in_quarantine = sum(row["rows"] for row in facts["quarantine"])
    assert facts["rows"]["accounts"] == accounts == 150
    assert facts["quarantined"] == in_quarantine
    assert facts["missing"] == []
    assert facts["first_day"] < facts["watermark"]
    assert facts["facts"]["industry"] == "text"


def test_train_gives_versions_figures_and_the_certificate(line):
    facts = answered(line[1]["train"])
    assert facts["versions"] == {"pinch-defection": "1", "pinch-migration": "1"}
    assert facts["leakage_clean"] is True
    assert facts["trained_until"] == json.loads(line[1]["check"].stdout)["watermark"]
    assert {row["model"] for row in facts["figures"]} >= {
        "pinch",
        "recency",
        "logistic",
        "stay_put",
    }
    assert all(
        isinstance(sentence, str)
        for sentence in facts["baseline_better"] + facts["not_enough_evidence"]
    )
    assert (facts["tuning"], facts["setting"]["trees"]) == (None, 60)


def test_promote_gives_the_champions(line):
    assert answered(line[1]["promote"]) == {
        "champions": {"pinch-defection": "1", "pinch-migration": "1"}
    }


def test_score_writes_the_night_and_gives_the_worklist(line):
    folder, results = line
    facts = answered(results["score"])
    scores = pd.read_parquet(folder / "night" / "scores.parquet")
    assert facts["accounts"] == len(scores) > 50
    assert [Path(file).name for file in facts["files"]] == [
        "scores.parquet",
        "worklist.csv",
        "worklist.xlsx",
        "tonight.html",
        "quadrants.png",
    ]
    assert set(scores["model_version"]) == {"defection-1 migration-1"}
    assert [row["account_id"] for row in facts["worklist"]] == pd.read_csv(
        folder / "night" / "worklist.csv"
    )["account_id"].tolist()
    assert len(facts["worklist"]) == 4
    assert facts["worklist"][0]["as_of"] == facts["as_of"]
    calls = [promise["calls"] for promise in facts["promises"]]
    assert calls == [n for n in (4, 10, 20, 40, 80) if n <= len(scores)]
    assert all(promise["sentence"] for promise in facts["promises"])


def test_the_rest_of_the_line_tells_people_in_words(line, tmp_path):
    folder, results = line
    store, as_of = (
        ("--store", folder / "store"),
        json.loads(results["check"].stdout)["watermark"],
    )
    told = run("sample", tmp_path / "book", "--accounts", 5, "--months", 2)
    assert told.stdout.replace("\n", " ").startswith("Wrote 9 tables to ")
    night = run(
        "score",
        folder / "book",
        "--as-of",
        as_of,
        "--out",
        tmp_path / "night",
        "--top",
        3,
        *store,
    )
    accounts = json.loads(results["score"].stdout)["accounts"]
    assert night.stdout.startswith(
        f"Of {accounts:,} accounts on {as_of}, these 3 have most to save:"
    )
    listed = pd.read_csv(tmp_path / "night" / "worklist.csv")["account_id"]
    assert [name for name in listed if name not in night.stdout] == []
    assert "3 calls: expect " in night.stdout
    assert [result.exit_code for result in (told, night)] == [0, 0]


def test_the_worklist_shows_accounts_as_they_are_written_in_the_book(line, tmp_path):
    mark = "[vip]"
    (tmp_path / "book").mkdir()
    for file in (line[0] / "book").glob("*.parquet"):
        table = pd.read_parquet(file)
        if "account_id" in table:
            table["account_id"] = mark + table["account_id"].astype(str)
        table.to_parquet(tmp_path / "book" / file.name, index=False)
    as_of = json.loads(line[1]["check"].stdout)["watermark"]
    arguments = (
        "--as-of",
        as_of,
        "--out",
        tmp_path / "night",
        "--top",
        3,
        "--store",
        line[0] / "store",
    )
    result = run("score", tmp_path / "book", *arguments)
    assert result.exit_code == 0, result.exception
    listed = pd.read_csv(tmp_path / "night" / "worklist.csv")["account_id"]
    assert listed.str.startswith(mark).all()
    assert [name for name in listed if name not in result.stdout] == []


def test_scores_that_cannot_be_written_are_an_error_with_a_message(line, tmp_path):
    (tmp_path / "night").write_text("a file")
    as_of = json.loads(line[1]["check"].stdout)["watermark"]
    arguments = (
        "--as-of",
        as_of,
        "--out",
        tmp_path / "night",
        "--store",
        line[0] / "store",
    )
    tidy(run("score", line[0] / "book", *arguments), {1, 2})
