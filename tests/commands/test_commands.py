"""The command line as people and schedulers use it: help, exit codes, and one JSON document and nothing else."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient
from typer.testing import CliRunner

import pinch
from models.registry.registry import Registry
from models.registry.versions import Record
from pages.spreadsheet import read_table

COMMANDS = (
    "sample",
    "check",
    "train",
    "evaluate",
    "backtest",
    "promote",
    "rollback",
    "models",
    "score",
    "report",
    "weights",
    "serve",
)
FIGURES = (
    *("model", "horizon", "n", "positives", "auc", "pr_auc", "log_loss", "brier_skill"),
    *("calibration_error", "calibration_floor", "lift_top_decile"),
)


def run(*arguments):
    return CliRunner().invoke(pinch.app, [str(argument) for argument in arguments])


def answered(result):
    """The one JSON document on standard output; nothing else may be there."""
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout, parse_constant=_no_json)


def _no_json(constant):
    raise AssertionError(f"{constant} is no JSON")


def refused(result, error):
    """The message of an error of ours, which goes to standard error alone."""
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip().startswith(f"{error}: ")
    assert "to mend: " in result.stderr
    assert "Traceback" not in result.output
    return result.stderr


@pytest.fixture(scope="module")
def line(tmp_path_factory, store_folder):
    """The whole line on a tiny company, in JSON: the result of each command, and the folder that they worked in."""
    folder = tmp_path_factory.mktemp("line")
    (folder / "store").mkdir()
    shutil.copy(
        store_folder / "mlflow.db", folder / "store" / "mlflow.db"
    )  # a new one takes seconds to set up
    book, store = folder / "book", ("--store", folder / "store")
    results = {
        "sample": run(
            "sample", book, "--accounts", 150, "--months", 12, "--seed", 3, "--json"
        ),
        "check": run("check", book, "--json"),
        "train": run("train", book, *store, "--json"),
        "promote": run("promote", *store, "--json"),
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


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_that_names_its_options(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"{command} [OPTIONS]" in result.stdout
    assert len(result.stdout.splitlines()) > 6


def test_the_installed_command_helps_and_lists_every_command():
    result = subprocess.run(
        [Path(sys.executable).with_name("pinch"), "--help"],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0
    for command in COMMANDS:
        assert f"  {command} " in result.stdout
    assert "pinch sample demo/book" in result.stdout
    assert result.stderr == ""


def test_importing_the_command_line_imports_no_heavy_library():
    said = "import sys, pinch; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    imported = set(result.stdout.split())
    assert "typer" in imported
    heavy = {
        "pandas",
        "numpy",
        "mlflow",
        "lightgbm",
        "sklearn",
        "duckdb",
        "bentoml",
        "matplotlib",
        "pydantic",
        "scipy",
    }
    assert imported & heavy == set()


# The line, in JSON


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
    assert facts["versions"] == {"pinch-defection": "2", "pinch-migration": "2"}
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
        "champions": {"pinch-defection": "2", "pinch-migration": "2"}
    }


def test_score_writes_the_night_and_gives_the_worklist(line):
    folder, results = line
    facts = answered(results["score"])
    scores = pd.read_parquet(folder / "night" / "scores.parquet")
    assert facts["accounts"] == len(scores) > 50
    assert [Path(file).name for file in facts["files"]] == [
        "scores.parquet",
        "worklist.csv",
        "quadrants.png",
    ]
    assert set(scores["model_version"]) == {"defection-2 migration-2"}
    assert [row["account_id"] for row in facts["worklist"]] == pd.read_csv(
        folder / "night" / "worklist.csv"
    )["account_id"].tolist()
    assert len(facts["worklist"]) == 4
    assert facts["worklist"][0]["as_of"] == facts["as_of"]


def test_report_writes_a_page_and_a_table_and_gives_the_last_quarter(line, tmp_path):
    folder, _ = line
    facts = answered(
        run(
            "report",
            folder / "book",
            "--out",
            tmp_path / "report",
            "--segment",
            "market",
            "--json",
        )
    )
    assert [Path(file).name for file in facts["files"]] == [
        "report.html",
        "figures.csv",
    ]
    assert (
        (tmp_path / "report" / "report.html").read_text().startswith("<!doctype html>")
    )
    written = pd.read_csv(tmp_path / "report" / "figures.csv")
    assert {row["figure"] for row in facts["figures"]} <= set(written["figure"])
    assert facts["segment"] == "market"
    assert facts["quarters"] == sorted(facts["quarters"])


def test_report_tells_people_the_headline(line, tmp_path):
    told = run("report", line[0] / "book", "--out", tmp_path / "report")
    assert told.exit_code == 0
    assert "you lost" in told.stdout


def test_weights_of_the_seeds_comparisons():
    file = Path(__file__).parents[2] / "examples" / "comparisons.csv"
    weighed = answered(run("weights", file, "--json"))["attributes"]
    assert [row["attribute"] for row in weighed][:2] == ["staff knowledge", "service"]
    assert "staff knowledge" in run("weights", file).stdout


def test_weights_of_a_file_that_is_none_is_refused(tmp_path):
    assert "comparisons.csv" in refused(
        run("weights", tmp_path / "comparisons.csv"), "PinchError"
    )


def test_evaluate_gives_a_list_of_figures_for_each_prediction(sample_folder):
    result = run(
        "evaluate", sample_folder, "--as-of", "2026-07-01", "--horizon", 90, "--json"
    )
    facts = answered(result)
    assert facts["as_of"] == "2026-07-01"
    assert [row["model"] for row in facts["defection"]] == [
        "pinch",
        "recency",
        "rhythm",
        "quadrant",
        "logistic",
    ]
    assert {row["model"] for row in facts["migration"]} == {
        "pinch",
        "stay_put",
        "empirical_markov",
        "logistic",
    }
    assert [row["model"] for row in facts["silent"]] == ["pinch", "constant"]
    assert [row["model"] for row in facts["next_answer"]] == [
        "pinch",
        "empirical_markov",
    ]
    for row in (
        facts["defection"] + facts["migration"] + facts["silent"] + facts["next_answer"]
    ):
        assert set(FIGURES) <= set(row)
        assert row["horizon"] == 90
    ours = facts["defection"][0]
    assert 0.5 < ours["auc"] < 1.0
    assert ours["auc_low"] < ours["auc"] < ours["auc_high"]
    assert (
        ours["difference_low"] < ours["log_loss_difference"] < ours["difference_high"]
    )
    surely_better_or_worse = ours["difference_high"] < 0 or ours["difference_low"] > 0
    assert len(facts["not_enough_evidence"]) == (0 if surely_better_or_worse else 1)
    assert facts["migration"][0]["auc"] is None
    shown = run(
        "evaluate", sample_folder, "--as-of", "2026-07-01", "--horizon", 90
    ).stdout
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    for told in (
        "silent 90d pinch",
        "silent 90d constant",
        "next answer 90d pinch",
        "next answer 90d markov",
    ):
        assert any(row.startswith(told) for row in rows)
    assert max(len(row) for row in shown.splitlines()) <= 80


def test_evaluate_writes_a_row_for_each_account_of_each_horizon(
    sample_folder, tmp_path
):
    arguments = (
        "evaluate",
        sample_folder,
        "--as-of",
        "2026-07-01",
        "--horizon",
        30,
        "--horizon",
        90,
        "--json",
    )
    facts = answered(run(*arguments, "--rows", tmp_path / "rows.parquet"))
    assert facts["window"] is None
    assert facts["files"] == [str(tmp_path / "rows.parquet")]
    rows = pd.read_parquet(tmp_path / "rows.parquet")
    risks = [
        "risk",
        *(f"{name}_risk" for name in ("recency", "rhythm", "quadrant", "logistic")),
    ]
    assert rows.columns.tolist()[: 4 + len(risks)] == [
        "account_id",
        "as_of",
        "horizon",
        "left",
        *risks,
    ]
    for row in facts["defection"]:
        mine = rows[rows["horizon"] == row["horizon"]]
        column = "risk" if row["model"] == "pinch" else f"{row['model']}_risk"
        assert (row["n"], row["positives"]) == (len(mine), mine["left"].sum())
        assert row["mean_risk"] == pytest.approx(mine[column].mean())
    states = rows[rows["state"].notna()]
    assert set(states["horizon"]) == {90}
    assert len(states) == facts["migration"][0]["n"]
    assert ((states["state"] == "defected") == (states["left"] == 1)).all()
    assert states.filter(regex="^p_").sum(axis=1).tolist() == pytest.approx(
        [1.0] * len(states)
    )
    assert states.filter(regex="^empirical_markov_p_").sum(
        axis=1
    ).tolist() == pytest.approx([1.0] * len(states))


def test_evaluate_asks_who_left_after_a_day_and_up_to_the_horizon(
    sample_folder, tmp_path
):
    arguments = (
        "evaluate",
        sample_folder,
        "--as-of",
        "2026-07-01",
        "--from",
        30,
        "--horizon",
        90,
    )
    facts = answered(run(*arguments, "--rows", tmp_path / "rows.csv", "--json"))
    plain = (
        "evaluate",
        sample_folder,
        "--as-of",
        "2026-07-01",
        "--horizon",
        30,
        "--horizon",
        90,
        "--json",
    )
    run(*plain, "--rows", tmp_path / "plain.csv")
    rows = read_table(tmp_path / "rows.csv").set_index("account_id")
    whole = read_table(tmp_path / "plain.csv").set_index("account_id")
    early, late = (whole[whole["horizon"] == horizon] for horizon in (30, 90))
    stayed = early.index[early["left"] == 0].intersection(late.index)
    assert facts["window"] == {"from": 30, "risk_is_conditional": True}
    assert facts["migration"] == facts["silent"] == facts["next_answer"] == []
    assert (rows["from"] == 30).all()
    assert sorted(rows.index) == sorted(stayed)
    assert len(rows) < len(late)
    assert rows["left"].tolist() == late.loc[rows.index, "left"].tolist()
    soon, by_then = (of.loc[rows.index, "risk"] for of in (early, late))
    assert rows["risk"].to_numpy() == pytest.approx(
        ((by_then - soon) / (1 - soon)).to_numpy()
    )
    told = " ".join(run(*arguments).stdout.split())
    assert (
        "who had left by day 30 is left out. A risk is P(left by the horizon | not by day 30)"
        in told
    )


PURCHASES = [
    {"account_id": f"a{place}", "occurred_at": day, "kind": "purchase"}
    for place in range(60)
    for day in pd.date_range("2024-01-01", periods=3 + place % 20, freq="12D").strftime(
        "%Y-%m-%d"
    )
]


@pytest.fixture(scope="module")
def purchases(tmp_path_factory):
    """A book of purchases alone: account n of 60 buys every 12 days, 3 + n % 20 times."""
    folder = tmp_path_factory.mktemp("purchases")
    bought = pd.DataFrame(PURCHASES)
    bought.to_csv(folder / "interactions.csv", index=False)
    bought.groupby("account_id")["occurred_at"].min().rename("opened_at").to_csv(
        folder / "accounts.csv"
    )
    return folder


def test_evaluate_takes_a_horizon_of_none_and_a_quiet_period_for_a_book_without_departures(
    purchases,
):
    arguments = (
        "evaluate",
        purchases,
        "--as-of",
        "2024-06-01",
        "--horizon",
        0,
        "--quiet",
        30,
        "--json",
    )
    facts = answered(run(*arguments))
    assert {row["horizon"] for row in facts["defection"]} == {0}
    assert facts["migration"] == []
    # Of account n the last purchase is on day 12 * (2 + n % 20). On day 152 those have left of whom no purchase
    # follows within 30 days: of whom the last one is no later than day 152, n % 20 below 11.
    (ours,) = (row for row in facts["defection"] if row["model"] == "pinch")
    assert (ours["n"], ours["positives"]) == (60, 33)


def test_check_of_a_book_with_little_in_it_says_what_cannot_be_done(purchases):
    facts = answered(run("check", purchases, "--json"))
    assert facts["rows"] == {"accounts": 60, "interactions": len(PURCHASES)}
    assert [sentence.split(":")[0] for sentence in facts["missing"]] == [
        "No surveys",
        "No departures",
        "No reps",
        "No markets",
    ]


def test_champions_come_from_one_training_after_one_without_surveys(
    store_folder, trained, tmp_path
):
    shutil.copytree(store_folder, tmp_path / "store")
    registry = Registry(str(tmp_path / "store"))
    registry.log(
        Record({}, {}, {"leakage": "clean"}),
        trained.models.defection,
        None,
        tmp_path / "workplace",
    )
    assert answered(run("promote", "--store", tmp_path / "store", "--json"))[
        "champions"
    ] == {"pinch-defection": "2"}
    assert not registry.has("pinch-migration", "champion")


# Without JSON


def test_check_tells_people_in_words(purchases):
    result = run("check", purchases)
    assert result.exit_code == 0
    assert "accounts" in result.stdout
    assert "Nothing is in quarantine." in result.stdout
    assert "there are no quadrants" in result.stdout.replace("\n", " ")


def test_the_rest_of_the_line_tells_people_in_words(line, tmp_path):
    folder, results = line
    store, as_of = (
        ("--store", folder / "store"),
        json.loads(results["check"].stdout)["watermark"],
    )
    told = run("sample", tmp_path / "book", "--accounts", 5, "--months", 2)
    assert told.stdout.replace("\n", " ").startswith("Wrote 6 tables to ")
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
    assert [result.exit_code for result in (told, night)] == [0, 0]


def test_evaluate_tells_people_a_row_for_each_model_of_a_book_without_surveys(
    purchases,
):
    result = run(
        "evaluate", purchases, "--as-of", "2024-06-01", "--horizon", 0, "--quiet", 30
    )
    assert result.exit_code == 0, result.output
    rows = [
        row.split()[:3]
        for row in result.stdout.splitlines()
        if row.startswith("defection 0d")
    ]
    assert ["defection", "0d", "pinch"] in rows
    assert len(rows) > 1
    assert "migration" not in result.stdout
    assert max(len(row) for row in result.stdout.splitlines()) <= 80


def test_promote_tells_people_which_versions_are_champions(store_folder, tmp_path):
    shutil.copytree(store_folder, tmp_path / "store")
    result = run("promote", "--store", tmp_path / "store")
    assert result.exit_code == 0, result.output
    said = [
        "pinch-defection version 1 is champion.",
        "pinch-migration version 1 is champion.",
    ]
    assert result.stdout.splitlines() == said


@pytest.mark.parametrize("kind", ["[vip] visit", "[/vip]", ":bomb:"])
def test_check_shows_a_kind_as_it_is_written_in_the_book(tmp_path, kind):
    (tmp_path / "accounts.csv").write_text("account_id,opened_at\na,2024-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        f"account_id,occurred_at,kind\na,2024-01-01,{kind}\n"
    )
    result = run("check", tmp_path)
    assert result.exit_code == 0, result.exception
    assert f"count as other: {kind} (1" in " ".join(result.stdout.split())


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


def test_check_writes_the_quarantine_where_asked(line, tmp_path):
    file = tmp_path / "bad.csv"
    facts = answered(run("check", line[0] / "book", "--quarantine", file, "--json"))
    written = pd.read_csv(file)
    assert list(written.columns) == ["table", "row", "field", "expected"]
    assert len(written) == facts["quarantined"] > 0


# Exit codes


def test_errors_of_ours_exit_with_1_and_say_how_to_mend_it(
    tmp_path, sample_folder, store_folder
):
    refused(run("check", tmp_path / "nowhere"), "BookError")
    (tmp_path / "empty").mkdir()
    assert "no table accounts" in refused(run("check", tmp_path / "empty"), "BookError")
    early = run("evaluate", sample_folder, "--as-of", "2020-01-01")
    assert "2020-01-01" in refused(early, "EvidenceError")
    late = run("evaluate", sample_folder, "--as-of", "2026-11-01", "--horizon", 90)
    assert "earlier date" in refused(late, "EvidenceError")


def test_too_many_bad_rows_exit_with_1(tmp_path):
    (tmp_path / "accounts.csv").write_text(
        "account_id,opened_at\na,2024-01-01\nb,nonsense\n"
    )
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2024-01-01,visit\n"
    )
    refused(run("check", tmp_path), "QuarantineError")
    assert (
        answered(run("check", tmp_path, "--max-bad-share", 0.5, "--json"))[
            "quarantined"
        ]
        == 1
    )


def test_scoring_without_a_champion_exits_with_1_and_names_the_commands(
    purchases, store_folder, tmp_path
):
    store = shutil.copytree(store_folder, tmp_path / "store")
    uri = f"sqlite:///{store / 'mlflow.db'}"
    MlflowClient(uri, uri).delete_registered_model_alias("pinch-defection", "champion")
    result = run(
        "score",
        purchases,
        "--as-of",
        "2024-06-01",
        "--out",
        tmp_path / "night",
        "--store",
        store,
    )
    assert "pinch promote" in refused(result, "ModelError")
    assert not (tmp_path / "night").exists()


def test_scoring_a_book_that_lacks_facts_of_the_models_exits_with_1(
    purchases, store_folder, tmp_path
):
    arguments = (
        "--as-of",
        "2024-06-01",
        "--out",
        tmp_path / "night",
        "--store",
        store_folder,
    )
    assert "industry" in refused(run("score", purchases, *arguments), "ModelError")


def test_an_error_is_one_json_document_where_json_is_asked_for(tmp_path):
    result = run("check", tmp_path / "nowhere", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["error"] == "BookError"
    assert set(said) == {"error", "found", "expected", "mend", "where"}
    assert said["mend"] in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["check"],
        ["score", "book"],
        ["score", "book", "--as-of", "tomorrow", "--out", "night"],
        ["score", "book", "--as-of", "2026-11-21", "--out", "night", "--top", "0"],
        ["evaluate", "book", "--as-of", "2026-02-30"],
        ["evaluate", "book", "--as-of", "2026-01-01", "--quiet", "0"],
        ["evaluate", "book", "--as-of", "2026-01-01", "--horizon", "-1"],
        [
            "evaluate",
            "book",
            "--as-of",
            "2026-01-01",
            "--horizon",
            "30",
            "--from",
            "30",
        ],
        ["evaluate", "book", "--as-of", "2026-01-01", "--rows", "rows.txt"],
        ["train", "book", "--until", "x"],
        ["check", "book", "--max-bad-share", "2"],
        ["serve", "--port", "0"],
    ],
)
def test_misuse_exits_with_2_and_prints_nothing_on_standard_output(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: " in result.stderr


def tidy(result, codes):
    """Demands an end with one of the exit codes and a message, not a traceback."""
    assert isinstance(result.exception, SystemExit), (
        f"a traceback of {result.exception!r}"
    )
    assert result.exit_code in codes
    assert result.stderr.strip()


TRACEBACK = {"strict": True, "raises": AssertionError}


def test_a_quarantine_that_cannot_be_written_is_an_error_with_a_message(
    purchases, tmp_path
):
    tidy(
        run("check", purchases, "--quarantine", tmp_path / "nowhere" / "bad.csv"),
        {1, 2},
    )


def test_a_memory_limit_that_is_none_is_an_error_with_a_message(purchases):
    tidy(run("check", purchases, "--memory-limit", "plenty"), {1, 2})


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


def test_a_store_that_is_a_file_is_an_error_with_a_message(tmp_path):
    (tmp_path / "store").write_text("a file")
    tidy(run("promote", "--store", tmp_path / "store"), {1, 2})


def test_a_sample_that_cannot_be_written_is_an_error_with_a_message(tmp_path):
    (tmp_path / "book").write_text("a file")
    tidy(run("sample", tmp_path / "book", "--accounts", 2, "--months", 1), {1, 2})


def test_a_negative_seed_is_misuse(tmp_path):
    tidy(
        run("sample", tmp_path / "book", "--accounts", 2, "--months", 1, "--seed", -1),
        {2},
    )


def test_a_scheduler_gets_the_code_and_the_message_of_the_installed_command(tmp_path):
    command = [
        Path(sys.executable).with_name("pinch"),
        "check",
        str(tmp_path / "nowhere"),
        "--json",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert json.loads(result.stdout)["error"] == "BookError"
    assert result.stderr.startswith("BookError: ")


# Serving


@pytest.fixture
def started(monkeypatch):
    """The commands that serving would run, with the folder of models and what it holds meanwhile."""
    commands = []

    def run_child(command, environment):
        folder = Path(environment["PINCH_MODELS"])
        commands.append(
            (command, folder, sorted(file.name for file in folder.iterdir()))
        )
        return 0

    monkeypatch.setattr("serving.endpoint.child.run_child", run_child)
    monkeypatch.delenv("PINCH_MODELS", raising=False)
    return commands


def test_serve_starts_the_service_with_a_folder_of_models(started, models_folder):
    result = run("serve", "--models", models_folder, "--port", 4321)
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(
        "Serving defection-1 migration-1 on http://127.0.0.1:4321"
    )
    ((command, folder, _),) = started
    assert folder == models_folder
    assert command[:5] == [
        sys.executable,
        "-m",
        "bentoml",
        "serve",
        "serving.endpoint.service:Pinch",
    ]
    assert command[5:] == ["--host", "127.0.0.1", "--port", "4321"]


def test_serve_fetches_the_champions_of_a_store_and_clears_them_away(
    started, store_folder
):
    result = run("serve", "--store", store_folder)
    assert result.exit_code == 0, result.output
    ((_, folder, held),) = started
    assert held == ["VERSION", "defection", "migration"]
    assert not folder.exists()


def test_serving_a_folder_without_models_exits_with_1_and_says_how_to_mend_it(
    started, tmp_path
):
    refused(run("serve", "--models", tmp_path), "ModelError")
