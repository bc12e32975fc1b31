"""The verdict of readiness: it says what a training then does, and how much is missing where it does not."""

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

import pinch
from features.errors import EvidenceError
from models.fitted.boosting import Setting
from training.configuration import Configuration
from training.past.observed import observe
from training.readiness import MIGRATION, NEXT_ANSWER, readiness
from training.train import train

START = date(2024, 1, 1)


def purchases(days, accounts=40, rests=(), every=5):
    """A book without departures: each account buys every fifth day, and those that rest do so from a day on."""
    from_day = dict(rests)
    return {
        "accounts": [
            {"account_id": f"a{n}", "opened_at": str(START)} for n in range(accounts)
        ],
        "interactions": [
            {
                "account_id": f"a{n}",
                "occurred_at": str(START + timedelta(days=day)),
                "kind": "purchase",
                "value": 9.0,
            }
            for n in range(accounts)
            for day in range(n % every, days, every)
            if day < from_day.get(n, days)
        ],
    }


RESTING = [(n, 30 + 9 * n) for n in range(20)]


def agreed(book, trained, quiet_days=None):
    """What was foretold of a book, after seeing that a training did just that."""
    foretold = readiness(book, quiet_days)
    ready = {prediction.name for prediction in foretold.predictions if prediction.ready}
    fitted = {f"risk_{horizon}d" for horizon in trained.models.defection.blends}
    silent = trained.models.defection.silence is not None and "risk_90d" in fitted
    moving = trained.models.migration
    told = {
        "silent_90d": silent,
        MIGRATION: moving,
        NEXT_ANSWER: moving and moving.answer,
    }
    assert ready == fitted | {name for name, model in told.items() if model}
    assert foretold.trainable
    assert len(trained.evaluations) <= foretold.test_dates
    return foretold


def missing(foretold):
    return {prediction.name: prediction.missing for prediction in foretold.predictions}


def test_it_says_what_a_training_of_a_short_book_without_departures_then_does(
    make_book,
):
    book = make_book(**purchases(130, rests=RESTING))
    trained = train(observe(book, quiet_days=20), Configuration(Setting(trees=3)))
    assert (
        missing(agreed(book, trained, quiet_days=20))["risk_90d"]
        == "51 more days of history needed"
    )


@pytest.mark.slow
def test_six_years_with_a_quiet_period_of_a_year_are_trained_on(make_book):
    rests = [(n, 200 + 60 * n) for n in range(20)]
    book = make_book(**purchases(6 * 365, rests=rests, every=30))
    trained = train(observe(book, quiet_days=360), Configuration(Setting(trees=3)))
    assert missing(agreed(book, trained, quiet_days=360)) == {
        **dict.fromkeys(f"risk_{horizon}d" for horizon in (0, 14, 30, 60, 90, 180)),
        "silent_90d": "nobody is known to have left silently, or overtly",
        "migration_90d": "no surveys",
        "next_answer_90d": "no migration_90d, beside which it is trained",
    }


def test_it_says_what_a_training_of_the_sample_company_did(sample_book, trained):
    assert [
        prediction.missing for prediction in agreed(sample_book, trained).predictions
    ] == [None] * 8


@pytest.mark.parametrize(("days", "rests"), [(50, RESTING), (130, [(0, 60), (1, 70)])])
def test_where_nothing_can_be_trained_a_training_refuses(make_book, days, rests):
    book = make_book(**purchases(days, rests=rests))
    assert not readiness(book, quiet_days=20).trainable
    with pytest.raises(EvidenceError):
        train(observe(book, quiet_days=20), Configuration(Setting(trees=3)))


def test_it_says_how_many_more_days_of_history_each_horizon_needs(make_book):
    # 161 days to 2024-06-09; the outcome at 90 days is known after 110, so 4 steps of 30 days and 60 to warm up: 180.
    book = make_book(**purchases(161, rests=RESTING))
    found = readiness(book, quiet_days=20)
    more = {prediction.name: prediction.more_days for prediction in found.predictions}
    assert (more["risk_90d"], more["risk_180d"]) == (20, 110)
    assert missing(found)["risk_90d"] == "20 more days of history needed"
    later = make_book(**purchases(181, rests=RESTING))
    assert {p.name: p.more_days for p in readiness(later, 20).predictions}[
        "risk_90d"
    ] is None


def test_too_few_that_left_are_counted(make_book):
    found = readiness(
        make_book(**purchases(131, rests=[(0, 60), (1, 70)])), quiet_days=20
    )
    assert (
        missing(found)["risk_30d"]
        == "2 accounts left and 38 stayed with an outcome known, 6 of each needed"
    )
    assert found.sentences == [
        "No model can be trained yet: work by rules, pinch score BOOK --out FOLDER --rules."
    ]


def test_an_outcome_that_takes_longer_than_a_year_needs_the_history_for_it(make_book):
    # Known after 180 + 200 days, 13 steps of 30, beside 60 days to warm up: 450, of which there are 160.
    found = readiness(make_book(**purchases(161, rests=RESTING)), quiet_days=200)
    assert missing(found)["risk_180d"] == "290 more days of history needed"


def test_a_snapshot_without_history_is_called_one(make_book):
    found = readiness(make_book(**purchases(5)))
    assert found.snapshot
    assert missing(found)["risk_90d"] == "found no account with two active days"
    assert (
        found.sentences[0]
        == "This is a snapshot without history: no account was heard of on two days."
    )


def test_rows_beyond_the_end_are_no_history(make_book):
    tables = purchases(161, rests=RESTING)
    ahead = {"account_id": "a0", "occurred_at": "2025-06-01", "kind": "purchase"}
    book = make_book(
        accounts=tables["accounts"], interactions=[*tables["interactions"], ahead]
    )
    assert {p.name: p.more_days for p in readiness(book, 20).predictions}[
        "risk_90d"
    ] == 20


def test_check_ends_with_the_verdict(tmp_path):
    tables = purchases(95, rests=RESTING)
    (tmp_path / "accounts.csv").write_text(
        "\n".join(["account_id,opened_at", *(f"a{n},2024-01-01" for n in range(40))])
    )
    rows = [
        f"{row['account_id']},{row['occurred_at']},purchase"
        for row in tables["interactions"]
    ]
    (tmp_path / "interactions.csv").write_text(
        "\n".join(["account_id,occurred_at,kind", *rows])
    )
    result = CliRunner().invoke(
        pinch.app, ["check", str(tmp_path), "--quiet", "20", "--json"]
    )
    facts = json.loads(result.stdout)
    told = {
        row["name"]: (row["ready"], row["more_days"])
        for row in facts["readiness"]["predictions"]
    }
    assert told["risk_180d"] == (False, 176)
    assert facts["recorded"][0] | {"days_old": 0} == {
        "table": "interactions",
        "first_day": "2024-01-01",
        "last_day": "2024-04-04",
        "usual_lag": 1,
        "beyond": 0,
        "latest": "2024-04-04",
        "days_old": 0,
    }
    words = (
        CliRunner().invoke(pinch.app, ["check", str(tmp_path), "--quiet", "20"]).stdout
    )
    assert "no: 176 more days of history needed" in words
