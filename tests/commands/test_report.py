"""``pinch report`` and ``pinch weights``."""

from pathlib import Path

import pandas as pd
from command_line import answered, refused, run


def test_report_writes_a_page_and_a_table_and_gives_the_last_quarter(
    sample_folder, tmp_path
):
    facts = answered(
        run(
            "report",
            sample_folder,
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


def test_report_tells_people_the_headline(sample_folder, tmp_path):
    told = run("report", sample_folder, "--out", tmp_path / "report")
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
