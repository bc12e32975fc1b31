"""The backtest: past worklists made of what was known then, the same ones that a training up to then would give."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import pinch
from company import Knobs, write_sample
from features.book.book import open_book
from features.book.held_out import held_out
from features.engine import MICROS_PER_DAY, day_of
from features.errors import BookError, EvidenceError
from models.fitted.boosting import Setting
from models.score.campaign import Campaign
from models.score.gain import expected_gain
from models.score.order import CLOSE
from training.lists.backtest import backtest
from training.lists.surprises import keep_ledger
from training.past.observed import observe

QUICK = Setting(trees=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("past")
    write_sample(folder, 150, 12, seed=3, knobs=Knobs(contracts=0))
    return folder


@pytest.fixture(scope="module")
def book(folder):
    return open_book(folder)


@pytest.fixture(scope="module")
def said():
    """What the backtest has told of its progress."""
    return []


@pytest.fixture(scope="module")
def lists(book, said):
    return backtest(observe(book), setting=QUICK, progress=said.append)


def test_dates_are_a_step_apart_and_each_ranks_every_account_once(lists):
    dates = lists["as_of_us"].drop_duplicates()
    assert len(dates) >= 4
    assert set(dates.diff().dropna()) == {30 * MICROS_PER_DAY}
    for _, date in lists.groupby("as_of_us"):
        assert sorted(date["rank"]) == list(range(1, len(date) + 1))
        assert date["account_id"].is_unique


def test_a_list_plans_for_the_longest_horizon_that_its_history_knew_of(lists):
    horizons = lists.groupby("as_of_us")["horizon"].agg(["min", "max"])
    assert (horizons["min"] == horizons["max"]).all()
    assert horizons["min"].is_monotonic_increasing
    assert horizons["min"].iloc[-1] == 90


def test_nobody_of_the_holdout_is_on_a_list(lists, book):
    held = held_out(book)
    assert len(held) > 5
    assert not held & set(lists["account_id"])


def test_dates_with_too_little_before_them_are_told_and_left_out(said, lists):
    assert said[0] == "features"
    assert sum(words.startswith("worklist of") for words in said) == lists[
        "as_of_us"
    ].nunique() + sum(words.startswith("too little known") for words in said)
    assert any(words.startswith("too little known") for words in said)


def test_those_who_left_have_their_day_and_a_reason_and_others_have_neither(
    lists, book
):
    left = lists["left_us"].notna()
    assert 0 < left.sum() < len(lists)
    assert lists.loc[~left, "reason"].isna().all()
    assert lists.loc[left, "reason"].notna().mean() > 0.9
    days = book.connection.execute(
        "select account_id, occurred_us from departures"
    ).df()
    recorded = set(days.itertuples(index=False, name=None))
    pairs = lists.loc[left, ["account_id", "left_us"]].astype({"left_us": "int64"})
    assert set(pairs.itertuples(index=False, name=None)) <= recorded
    assert (lists.loc[left, "left_us"] > lists.loc[left, "as_of_us"]).all()


def test_the_outcome_at_the_horizon_agrees_with_the_day_they_left(lists):
    known = lists[lists["left"].notna()]
    within = known["left_us"] - known["as_of_us"] <= known["horizon"] * MICROS_PER_DAY
    assert (known["left"] == within).all()
    assert known["left"].sum() > 0
    late = known["left_us"] - known["as_of_us"] > 14 * MICROS_PER_DAY
    assert (known["left_in_time"] == (within & late)).all()


def test_a_list_is_in_the_order_of_gain(lists):
    at_stake, value = lists["at_stake"].to_numpy(), lists["value"].to_numpy()
    stays = 1.0 - lists["risk"].to_numpy()
    gain = expected_gain(at_stake, stays, value, Campaign())
    for _, date in lists.assign(gain=gain).groupby("as_of_us"):
        ranked = date.sort_values("rank")["gain"].dropna().to_numpy()
        later = np.maximum.accumulate(ranked[::-1])[::-1]
        slack = CLOSE * np.maximum(np.abs(ranked), np.abs(later))
        assert (later - ranked <= slack * (1 + 1e-9)).all()


def test_what_was_known_after_a_date_does_not_change_its_list(
    folder, lists, book, tmp_path
):
    last = book.watermark - 60 * MICROS_PER_DAY
    for file in folder.glob("*.parquet"):
        rows = f"select * from '{file}'"
        if file.stem in ("interactions", "surveys", "departures"):
            rows += f" where epoch_us(greatest(occurred_at, known_at)) <= {last}"
        if (
            file.stem == "interactions"
        ):  # and one at the very end, so that the dates are the same
            rows += f" or epoch_us(greatest(occurred_at, known_at)) = {book.watermark}"
        duckdb.sql(f"copy ({rows}) to '{tmp_path / file.name}'")
    said = (folder / "book.toml").read_text()
    (tmp_path / "book.toml").write_text(f"last_day = {day_of(book.watermark)}\n{said}")
    forgetful = backtest(observe(open_book(tmp_path, max_bad_share=1.0)), setting=QUICK)
    mine, other = (
        frame[frame["as_of_us"] <= last].set_index(["account_id", "as_of_us"])[
            ["rank", "risk", "value"]
        ]
        for frame in (forgetful, lists)
    )
    assert len(other) > 300
    assert mine.round(9).equals(other.round(9))


def test_a_ledger_can_be_kept_of_it(lists):
    ledger = keep_ledger(lists, capacity=10)
    assert (
        len(ledger.departures)
        == ledger.sightings.groupby(["account_id", "left_us"]).ngroups
        > 5
    )
    assert ledger.recall([0])["leavers"].tolist() == [len(ledger.departures)]
    assert len(ledger.misses) == (~ledger.departures["listed"]).sum()


def test_a_book_without_departures_counts_the_start_of_the_silence_as_the_day_they_left(
    folder, tmp_path
):
    for name in ("accounts", "interactions"):
        (tmp_path / f"{name}.parquet").symlink_to(folder / f"{name}.parquet")
    lists = backtest(observe(open_book(tmp_path), quiet_days=30), setting=QUICK)
    left = lists[lists["left_us"].notna()]
    assert len(left) > 0
    assert (left["left_us"] > left["as_of_us"]).all()
    assert left.groupby(["account_id", "left_us"]).ngroups < len(
        left
    )  # the same day, seen from several dates


def test_a_value_that_the_book_has_not_is_refused_in_words(book):
    with pytest.raises(
        BookError,
        match="found no number wealth; expected one of contract_value, spent_365d",
    ) as caught:
        backtest(observe(book), Campaign(value="wealth"))
    assert caught.value.where == "accounts"


def test_a_history_that_is_too_short_is_refused_in_words(tmp_path):
    write_sample(tmp_path, accounts=40, months=4, seed=3)
    with pytest.raises(EvidenceError, match="longer history"):
        backtest(observe(open_book(tmp_path)), setting=QUICK)


@pytest.fixture
def run(folder, lists, monkeypatch):
    """Runs ``pinch backtest`` on lists that were made before."""
    monkeypatch.setattr("training.lists.backtest.backtest", lambda *_, **__: lists)
    return lambda *arguments: CliRunner().invoke(
        pinch.app, ["backtest", str(folder), *map(str, arguments)]
    )


def test_the_command_answers_one_json_document(run, lists):
    costs = ("--contact-cost", 2, "--offer-cost", 20, "--acceptance", 0.25)
    result = run("--capacity", 10, *costs, "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["campaign"] == {
        "contact_cost": 2.0,
        "offer_cost": 20.0,
        "acceptance": 0.25,
        "value": None,
        "owed_within": 180,
    }
    assert [row["days_ahead"] for row in facts["recall"]] == [30, 60, 90, 180]
    assert len(facts["profit"]) == lists["as_of_us"].nunique()
    ledger = keep_ledger(lists, capacity=10)
    assert [row["account_id"] for row in facts["misses"]] == ledger.misses[
        "account_id"
    ].tolist()
    assert (facts["departures"], facts["files"]) == (len(ledger.departures), [])


def test_the_command_tells_people_the_recall_the_profit_and_the_first_misses_and_writes_tables(
    run, lists, tmp_path
):
    result = run("--capacity", 5, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    ledger = keep_ledger(lists, capacity=5)
    assert f"Of {len(ledger.departures)} accounts that left" in result.stdout
    assert f"{len(ledger.misses)} were on no list" in result.stdout
    assert ledger.misses["account_id"][0] in result.stdout
    written = pd.read_csv(tmp_path / "out" / "ledger.csv", encoding="utf-8-sig")
    assert written["account_id"].tolist() == ledger.departures["account_id"].tolist()
    assert written["left_on"].tolist() == [
        str(day) for day in ledger.departures["left_on"]
    ]
    assert (
        len(pd.read_csv(tmp_path / "out" / "profit.csv")) == lists["as_of_us"].nunique()
    )
