"""Rules: an order worked out by hand, reasons in the words of the models, and no probability anywhere."""

import numpy as np
import pandas as pd
import pytest

from features.book.held_out import held_out
from features.engine import MICROS_PER_DAY
from features.errors import EvidenceError
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from models.score.horizon import HORIZONS, risk_column
from serving.night.night import score_night
from serving.night.output_files import write_night
from serving.night.without_models import (
    RULES,
    SILENCE,
    order,
    rule_night,
    score_by_rules,
)

NAN = float("nan")
CALM = dict.fromkeys(FEATURES, NAN) | {
    "as_of_us": 0,
    "silence_chance": 0.9,
    "quadrant": 3.0,
}


def accounts(**changes):
    """Snapshots of accounts by name; what is not said of them is calm or not known."""
    return pd.DataFrame(
        [CALM | {"account_id": name} | change for name, change in changes.items()]
    )


def ordered(**changes):
    frame = accounts(**changes)
    return "".join(frame.loc[order(frame), "account_id"])


def told(**change):
    row = score_by_rules(accounts(a=change)).iloc[0]
    return [
        row[name]
        for name in ("reason_1", "reason_2", "reason_3")
        if row[name] is not None
    ]


def test_the_less_likely_band_of_silence_comes_first_whatever_else_calls():
    angry = {"quadrant": 0.0, "complaints_90d": 3.0, "promises_overdue": 1.0}
    assert (
        ordered(
            a=angry | {"silence_chance": 0.2},
            b=angry | {"silence_chance": 0.19},
            c={"silence_chance": 0.049},
            d={"silence_chance": 0.0099},
            e=angry | {"silence_chance": 0.05},
        )
        == "dc" + "eba"
    )  # of the two between 0.05 and 0.2, with as much that calls, the less likely silence


def test_within_a_band_those_come_first_of_whom_more_calls_and_then_the_less_likely_silence():
    assert (
        ordered(
            a={"silence_chance": 0.5},
            b={"silence_chance": 0.6, "promises_broken_365d": 2.0},
            c={"silence_chance": 0.9, "failures_not_fixed_365d": 1.0, "quadrant": 1.0},
            d={"silence_chance": 0.7, "quadrant": 0.0},
            e={"silence_chance": 0.4},
        )
        == "cbdea"
    )


def test_an_account_never_heard_from_counts_as_not_silent_and_ties_go_by_account():
    assert (
        ordered(b={}, a={}, c={"silence_chance": NAN}, d={"silence_chance": 0.99})
        == "abdc"
    )


def test_reasons_are_the_silence_and_then_what_calls_one_of_each_theme_in_the_words_of_the_models():
    assert told(
        silence_chance=0.03,
        days_silent=53.0,
        usual_gap=12.0,
        promises_overdue=2.0,
        longest_overdue=9.0,
        promises_broken_365d=1.0,
        waiting_180d=3.0,
    ) == [
        "Silent for 53 days; they usually come every 12 days",
        "2 promises are overdue, the oldest by 9 days",
        "3 matters wait for us",
    ]
    assert told(quadrant=0.0, product_settled=3.25) == [
        "Has come to score the product low: 3.2 of 10"
    ]
    assert told(
        quadrant=1.0, people_over_product=2.5, people_level=6.0, product_level=3.5
    ) == ["Scores our people 6 of 10, the product only 3.5"]
    assert told() == []


def test_what_is_missing_never_calls():
    nothing = dict.fromkeys(FEATURES, NAN)
    assert told(**nothing) == []
    assert all(
        rule.seeds and {rule.column, rule.told} <= set(FEATURES)
        for rule in (SILENCE, *RULES)
    )


# Books


@pytest.fixture(scope="module")
def as_of(sample_book):
    return sample_book.watermark // MICROS_PER_DAY * MICROS_PER_DAY


def test_the_scores_have_the_columns_and_types_of_a_night_and_no_probability(
    sample_book, as_of, scorer, tmp_path
):
    night, listed = rule_night(sample_book, as_of)
    scored = score_night(sample_book, as_of, scorer)
    assert night.scores.columns.tolist() == scored.scores.columns.tolist()
    keys = ["account_id", "as_of", "quadrant"]
    pd.testing.assert_frame_equal(night.scores[keys], scored.scores[keys])
    risks = [name for name in night.scores if name.startswith(("risk_", "p_"))]
    assert night.scores[risks].isna().all(axis=None)
    assert (night.scores[risks].dtypes == np.float64).all()
    assert set(night.scores["model_version"]) == {"rules"}
    assert set(listed["heading"]) == {"unknown"}
    assert listed["at_stake"].isna().all()
    assert set(night.scores["account_id"]) - set(listed["account_id"]) == held_out(
        sample_book
    ) & set(night.scores["account_id"])
    files = write_night(night, listed.head(5), tmp_path)
    assert [file.name for file in files] == [
        "scores.parquet",
        "worklist.csv",
        "quadrants.png",
    ]
    account, *others = scored.scores.columns
    known_by = ["name", "link", "owner", "contact"]
    written = list(pd.read_csv(tmp_path / "worklist.csv").columns)
    assert written == [account, *known_by, *others, "ranked_by"]


def test_the_first_of_the_list_is_the_one_whose_silence_is_least_likely(
    sample_book, as_of
):
    frame = snapshot(sample_book, [as_of])
    contactable = ~frame["account_id"].isin(held_out(sample_book))
    least = frame.loc[contactable & (frame["silence_chance"] < 0.01), "account_id"]
    assert set(rule_night(sample_book, as_of)[1]["account_id"].head(len(least))) == set(
        least
    )


def test_a_book_of_purchases_alone_has_a_list_and_no_picture(make_book, tmp_path):
    book = make_book(
        accounts=[{"account_id": name, "opened_at": "2024-01-01"} for name in "ab"],
        interactions=[
            {"account_id": name, "occurred_at": f"2024-01-{day:02}", "kind": "purchase"}
            for name, days in (("a", range(1, 31)), ("b", range(1, 31, 7)))
            for day in days
        ],
    )
    # a: 29 gaps in 29 days, silent for 22 days (to 2024-02-21): (59 / 81) ** 29.5 = 0.00009.
    # b: 4 gaps in 28 days, silent for 23 days: (58 / 81) ** 4.5 = 0.22.
    as_of = 1_708_473_600 * 1_000_000
    night, listed = rule_night(book, as_of)
    assert listed["account_id"].tolist() == ["a", "b"]
    assert (
        listed["reason_1"].tolist()[0]
        == "Silent for 22 days; they usually come every day"
    )
    assert listed["reason_1"].isna().tolist() == [False, True]
    assert set(night.scores["quadrant"]) == {"unknown"}
    assert night.scores[risk_column(HORIZONS[0])].isna().all()
    assert [file.name for file in write_night(night, listed, tmp_path)] == [
        "scores.parquet",
        "worklist.csv",
    ]


def test_a_date_with_nobody_is_an_error(sample_book):
    with pytest.raises(EvidenceError, match="no account"):
        rule_night(sample_book, sample_book.beginning - 10_000 * MICROS_PER_DAY)
