"""Why: the rows that made a value, and the parts of a formula."""

import json

import pandas as pd
import pytest
from histories import AS_OF, ago, score
from typer.testing import CliRunner

import pinch
from features.engine import instant
from features.errors import BookError
from features.snapshot.frame import snapshot
from features.snapshot.why import explain
from features.themes.dictionary import FEATURES

EVENTS = [
    (200, "purchase", 10.0),
    (40, "purchase", 30.0),
    (20, "cancellation", 5.0),
    (10, "visit", None),
]


@pytest.fixture
def book(make_book):
    return make_book(
        accounts=[
            {"account_id": "a", "opened_at": ago(400)},
            {"account_id": "b", "opened_at": ago(300)},
        ],
        interactions=[
            *(
                {"account_id": "a", "occurred_at": ago(days), "kind": kind, "value": v}
                for days, kind, v in EVENTS
            ),
            {"account_id": "b", "occurred_at": ago(1), "kind": "visit", "value": None},
        ],
        surveys=[score(30, "product", 8.0), score(5, "product", 6.0)],
    )


def why(book, *names, account="a"):
    return explain(book, account, instant(AS_OF), names)


def test_a_sum_is_made_of_the_rows_of_its_window(book):
    (spent,) = why(book, "spent_90d")
    assert spent.value == 25.0
    assert spent.rows[["kind", "value"]].values.tolist() == [
        ["purchase", 30.0],
        ["cancellation", 5.0],
    ]
    assert [str(day) for day in spent.rows["when"]] == [ago(40)[:10], ago(20)[:10]]


def test_what_is_told_of_the_last_row_shows_that_row_alone(book):
    silent, level = why(book, "days_silent", "product_level")
    assert (silent.value, silent.rows["kind"].tolist()) == (10.0, ["visit"])
    assert (level.value, level.rows["level"].tolist()) == (7.0, [7.0])


def test_a_formula_is_made_of_features(book):
    (ratio,) = why(book, "spent_ratio")
    assert ratio.parts == {"spent_90d": 25.0, "spent_180d": 25.0}
    assert (ratio.value, len(ratio.rows)) == (None, 0)


def test_what_a_training_adds_is_made_of_features_and_has_no_value_before_it(book):
    (quiet,) = why(book, "quiet_chance")
    assert quiet.value is None
    assert quiet.parts == {
        "active_days": 3.0,
        "active_span": 190.0,
        "days_silent": 10.0,
    }
    assert quiet.feature.unit == "probability"


def test_an_account_without_rows_has_values_and_no_rows(book):
    (level,) = why(book, "product_level", account="b")
    assert (level.value, len(level.rows)) == (None, 0)


def test_every_feature_of_a_sample_account_has_the_value_of_its_snapshot(sample_book):
    row = snapshot(sample_book, [sample_book.end]).iloc[7]
    told = explain(sample_book, row["account_id"], sample_book.end)
    assert [one.feature.name for one in told] == list(FEATURES)
    values = {one.feature.name: one.value for one in told}
    assert {
        name: row[name] for name, value in values.items() if value is not None
    } == pytest.approx(
        {name: value for name, value in values.items() if value is not None}
    )
    assert [name for name, value in values.items() if value is None] == [
        name for name in FEATURES if row.isna()[name]
    ]


@pytest.mark.parametrize(
    ("names", "account", "found"),
    [(("spending",), "a", "no feature"), ((), "z", "no such account")],
)
def test_what_there_is_not_is_told(book, names, account, found):
    with pytest.raises(BookError, match=found):
        why(book, *names, account=account)


def test_the_command_tells_people_and_programs(sample_folder, sample_book):
    account = sample_book.connection.execute(
        "select min(account_id) from interactions"
    ).fetchall()[0][0]
    asked = [
        "why",
        str(sample_folder),
        account,
        "--feature",
        "signs_of_life_90d",
        "--feature",
        "silence_over_rhythm",
    ]
    said = CliRunner().invoke(pinch.app, asked)
    assert said.exit_code == 0
    assert "signs_of_life_90d:" in said.output and "made of" in said.output
    found = json.loads(CliRunner().invoke(pinch.app, [*asked, "--json"]).output)
    counted, ratio = found["features"]
    assert len(counted["rows"]) == counted["value"]
    assert set(ratio["parts"]) == {"days_silent", "usual_gap"}


def test_the_command_says_what_is_bad_news(tmp_path):
    pd.DataFrame({"account_id": ["a"], "opened_at": ["2024-01-01"]}).to_parquet(
        tmp_path / "accounts.parquet"
    )
    days = ["2024-05-01", "2024-05-03", "2024-05-05", "2024-05-07"]
    rows = {"account_id": "a", "occurred_at": days, "kind": "purchase"}
    pd.DataFrame(rows).to_parquet(tmp_path / "interactions.parquet")
    features = ["--feature", "days_silent", "--feature", "complaints_90d"]
    asked = ["why", str(tmp_path), "a", "--as-of", "2024-05-27", *features, "--json"]
    answer = CliRunner().invoke(pinch.app, asked)
    silent, complained = json.loads(answer.output)["features"]
    assert silent["says"] == (
        "No sign of life for 20 days; they usually come every 2 days"
    )
    assert complained["says"] is None
