"""``pinch evaluate``."""

import pandas as pd
import pytest
from command_line import answered, run

from pages.spreadsheet import read_table

FIGURES = (
    *("model", "horizon", "n", "positives", "auc", "pr_auc", "log_loss", "brier_skill"),
    *("calibration_error", "calibration_floor", "lift_top_decile"),
)


ASKED = ("evaluate", "--as-of", "2026-07-01")
PREDICTIONS = ("defection", "migration", "silent", "next_answer")


@pytest.fixture(scope="module")
def whole(sample_folder, tmp_path_factory):
    """What is said of two horizons as JSON, and the file of its rows."""
    rows = tmp_path_factory.mktemp("rows") / "rows.parquet"
    horizons = ("--horizon", 30, "--horizon", 90)
    result = run(*ASKED, sample_folder, *horizons, "--rows", rows, "--json")
    return answered(result), rows


def test_evaluate_gives_a_list_of_figures_for_each_prediction(whole):
    facts, _ = whole
    assert facts["as_of"] == "2026-07-01"
    named = {
        prediction: [row["model"] for row in facts[prediction] if row["horizon"] == 90]
        for prediction in PREDICTIONS
    }
    assert named == {
        "defection": ["pinch", "recency", "rhythm", "quadrant", "logistic"],
        "migration": ["pinch", "stay_put", "empirical_markov", "logistic"],
        "silent": ["pinch", "constant"],
        "next_answer": ["pinch", "empirical_markov"],
    }
    assert {row["horizon"] for row in facts["defection"]} == {30, 90}
    for prediction in PREDICTIONS:
        for row in facts[prediction]:
            assert set(FIGURES) <= set(row)
    (ours,) = (
        row
        for row in facts["defection"]
        if (row["model"], row["horizon"]) == ("pinch", 90)
    )
    assert 0.5 < ours["auc"] < 1.0
    assert ours["auc_low"] < ours["auc"] < ours["auc_high"]
    assert (
        ours["difference_low"] < ours["log_loss_difference"] < ours["difference_high"]
    )
    surely_better_or_worse = ours["difference_high"] < 0 or ours["difference_low"] > 0
    unsure = [said for said in facts["not_enough_evidence"] if "90 days" in said]
    assert len(unsure) == (0 if surely_better_or_worse else 1)
    assert facts["migration"][0]["auc"] is None


def test_evaluate_tells_people_a_row_for_each_prediction(sample_folder):
    shown = run(*ASKED, sample_folder, "--horizon", 90).stdout
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    for told in (
        "silent 90d pinch",
        "silent 90d constant",
        "next answer 90d pinch",
        "next answer 90d markov",
    ):
        assert any(row.startswith(told) for row in rows)
    assert max(len(row) for row in shown.splitlines()) <= 80


def test_evaluate_writes_a_row_for_each_account_of_each_horizon(whole):
    facts, file = whole
    assert facts["window"] is None
    assert facts["files"] == [str(file)]
    rows = pd.read_parquet(file)
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
    sample_folder, whole, tmp_path
):
    arguments = (*ASKED, sample_folder, "--from", 30, "--horizon", 90)
    facts = answered(run(*arguments, "--rows", tmp_path / "rows.csv", "--json"))
    rows = read_table(tmp_path / "rows.csv").set_index("account_id")
    all_rows = pd.read_parquet(whole[1]).set_index("account_id")
    early, late = (all_rows[all_rows["horizon"] == horizon] for horizon in (30, 90))
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
