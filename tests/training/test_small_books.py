"""Small books through the command line: 150 accounts of whom 12 left, and of whom 5 left."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import pinch


def run(*arguments):
    return CliRunner().invoke(pinch.app, [str(argument) for argument in arguments])


def with_departures(company, folder, before, after):
    """The company as if only so many had left: some in the year before the last 90 days, some in those."""
    shutil.copytree(company, folder)
    departures = pd.read_parquet(company / "departures.parquet").sort_values(
        "occurred_at"
    )
    departures = departures.drop_duplicates("account_id").dropna(subset=["occurred_at"])
    late = departures["occurred_at"] > departures["occurred_at"].max() - pd.Timedelta(
        days=90
    )
    chosen = pd.concat([departures[~late].tail(before), departures[late].tail(after)])
    assert len(chosen) == before + after
    chosen.to_parquet(folder / "departures.parquet", index=False)
    return folder


@pytest.fixture(scope="module")
def twelve(small_folder, new_store, tmp_path_factory):
    """The folder of a book of whom 12 left, and its training."""
    folder = tmp_path_factory.mktemp("twelve")
    book = with_departures(small_folder, folder / "book", 9, 3)
    result = run("train", book, "--store", new_store(folder / "store"), "--json")
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.fixture(scope="module")
def five(small_folder, tmp_path_factory):
    """The book of whom 5 left."""
    return with_departures(small_folder, tmp_path_factory.mktemp("five") / "book", 4, 1)


# 12 departures


def test_with_twelve_departures_what_is_not_known_is_said_at_every_horizon(twelve):
    _, facts = twelve
    horizons = {
        row["horizon"] for row in facts["figures"] if row["prediction"] == "defection"
    }
    assert {90} <= horizons
    sentences = facts["not_enough_evidence"]
    assert len(sentences) == len(horizons)
    assert all(
        "not enough evidence that the model is better than" in sentence
        for sentence in sentences
    )
    assert all(
        re.search(r": \d accounts left in the test dates, difference [+-]0", told)
        for told in sentences
    )


def test_with_twelve_departures_the_figures_have_intervals_that_hold_zero(twelve):
    _, facts = twelve
    ours = [
        row
        for row in facts["figures"]
        if (row["prediction"], row["model"]) == ("defection", "pinch")
    ]
    assert all(
        row["difference_low"] < row["log_loss_difference"] < row["difference_high"]
        for row in ours
    )
    assert all(
        row["auc_low"] is None or row["auc_low"] < row["auc"] < row["auc_high"]
        for row in ours
    )


def test_with_twelve_departures_every_account_is_scored_and_no_risk_is_far_from_what_is_usual(
    twelve, tmp_path
):
    folder, facts = twelve
    store = ("--store", folder / "store")
    assert run("promote", *store, "--anyway", "a small book").exit_code == 0
    arguments = (
        "--as-of",
        facts["trained_until"],
        "--out",
        tmp_path / "night",
        *store,
        "--json",
    )
    result = run("score", folder / "book", *arguments)
    assert result.exit_code == 0, result.output
    risks = pd.read_parquet(tmp_path / "night" / "scores.parquet")["risk_90d"]
    assert risks.between(0.001, 0.5).all()
    assert risks.nunique() > len(risks) / 2


# 5 departures


def test_with_five_departures_training_says_what_is_lacking_and_what_can_be_done(
    five, new_store, tmp_path
):
    result = run("train", five, "--store", new_store(tmp_path / "store"), "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["error"] == "EvidenceError"
    assert said["found"].startswith("only ")
    assert "pinch score BOOK --out FOLDER --rules" in said["mend"]


def test_with_five_departures_that_is_done_without_a_store(five, tmp_path):
    arguments = (
        "score",
        five,
        "--as-of",
        "2026-11-01",
        "--out",
        tmp_path / "night",
        "--rules",
        "--top",
        3,
    )
    result = run(*arguments, "--store", tmp_path / "store", "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert "rules, not probabilities" in facts["rules"]
    assert not (tmp_path / "store").exists()
    assert [Path(file).name for file in facts["files"]] == [
        "scores.parquet",
        "worklist.csv",
        "worklist.xlsx",
        "tonight.html",
        "quadrants.png",
    ]
    scores = pd.read_parquet(tmp_path / "night" / "scores.parquet")
    assert len(scores) == facts["accounts"] > 100
    assert scores["risk_90d"].isna().all()
    assert {"poor", "exceptional"} <= set(scores["quadrant"])
    assert [row["risk_90d"] for row in facts["worklist"]] == [None] * 3
    assert all(row["reason_1"].startswith("Silent for ") for row in facts["worklist"])
    told = run(*arguments)
    assert told.stdout.startswith(
        f"Of {facts['accounts']:,} accounts on 2026-11-01, these 3 first."
    )
    assert "rules, not probabilities" in told.stdout
    assert "%" not in told.stdout.replace("a chance of", "").split("why")[0]


@pytest.mark.parametrize("days", [40, 100])
def test_a_book_without_departures_too_short_to_tell_silence_is_refused_and_rules_do_what_they_can(
    new_store, tmp_path, days
):
    names = [f"a{place}" for place in range(20)]
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at\n" + "".join(f"{n},2024-01-01\n" for n in names)
    )
    bought = [
        f"{n},{day.date()},purchase\n"
        for n in names
        for day in pd.date_range("2024-01-01", periods=days)[::10]
    ]
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\n" + "".join(bought)
    )
    store = new_store(tmp_path / "store")
    trained = run("train", tmp_path, "--store", store, "--quiet", 60)
    assert trained.exit_code == 1, trained.output
    assert trained.stderr.strip().startswith("EvidenceError")
    assert "--rules" in trained.stderr
    done = run(
        "score",
        tmp_path,
        "--as-of",
        "2024-02-10",
        "--out",
        tmp_path / "night",
        "--rules",
        "--json",
    )
    assert json.loads(done.stdout)["accounts"] == 20
    assert [row["quadrant"] for row in json.loads(done.stdout)["worklist"]] == [
        "unknown"
    ] * 20
    assert sorted(file.name for file in (tmp_path / "night").iterdir()) == [
        "scores.parquet",
        "tonight.html",
        "worklist.csv",
        "worklist.xlsx",
    ]


def test_rules_on_spark_are_misuse(five, tmp_path):
    result = run(
        "score",
        five,
        "--as-of",
        "2026-11-01",
        "--out",
        tmp_path,
        "--rules",
        "--engine",
        "spark",
    )
    assert result.exit_code == 2
    assert "duckdb" in result.stderr
