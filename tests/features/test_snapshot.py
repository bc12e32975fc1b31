"""The snapshot: what was known at the as-of date and nothing else, one row an account, one column a feature."""

import math
import random
import re
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.errors import PinchError
from features.past.declaration import Formula
from features.snapshot.frame import KEYS, snapshot, snapshot_of_pairs, vector_hashes
from features.themes.dictionary import FEATURES, THEMES

AS_OF = "2024-06-01"
MICROSECOND = timedelta(microseconds=1)
WINDOWS = (14, 30, 90, 180, 365)
SIGNS = {
    f"signs_of_life_{window}d": FEATURES[f"signs_of_life_{window}d"]
    for window in WINDOWS
}


def us(text):
    return instant(datetime.fromisoformat(text))


def only(*names):
    return {name: FEATURES[name] for name in names}


def account(name, opened_at="2020-01-01"):
    return {"account_id": name, "opened_at": opened_at}


def event(name, occurred_at, kind="visit", **rest):
    return {"account_id": name, "occurred_at": occurred_at, "kind": kind, **rest}


def score(name, occurred_at, item="product", points=5.0, **rest):
    return {
        "account_id": name,
        "occurred_at": occurred_at,
        "item": item,
        "score": points,
        **rest,
    }


def of(frame, name):
    (row,) = frame[frame["account_id"] == name].to_dict("records")
    return row


def test_a_late_known_row_is_invisible_before_it_is_known(make_book):
    book = make_book(
        accounts=[account("a")],
        interactions=[
            event("a", "2024-05-01"),
            event("a", "2024-05-10", "purchase", known_at="2024-05-20", value=9.0),
        ],
        surveys=[
            score("a", "2024-05-02", points=8.0),
            score("a", "2024-05-12", points=2.0, known_at="2024-05-20"),
        ],
    )
    names = only(
        "purchases_ever", "spent_ever", "days_silent", "scores_365d", "product_last"
    )
    moments = [us("2024-05-19T23:59:59.999999"), us("2024-05-20")]
    before, after = snapshot(book, moments, names)[list(names)].values.tolist()
    assert before == [0.0, 0.0, pytest.approx(19, abs=1e-6), 1.0, 8.0]
    assert after == [1.0, 9.0, 10.0, 2.0, 2.0]


def test_a_row_that_claims_to_be_known_before_it_happened_is_not_seen_before_it_happens(
    make_book,
):
    book = make_book(
        accounts=[account("a")],
        interactions=[
            event("a", "2024-01-01"),
            event("a", "2024-05-10", known_at="2024-05-01"),
        ],
    )
    moments = [us("2024-05-05"), us("2024-05-10")]
    assert snapshot(book, moments, SIGNS)["signs_of_life_365d"].tolist() == [1.0, 2.0]


def test_windows_leave_out_their_beginning_and_take_in_the_as_of_date(make_book):
    as_of = datetime.fromisoformat(AS_OF)
    edges = {
        "at the end": (as_of, True),
        "after the end": (as_of + MICROSECOND, False),
        **{f"begins {w}": (as_of - timedelta(days=w), False) for w in WINDOWS},
        **{
            f"within {w}": (as_of - timedelta(days=w) + MICROSECOND, True)
            for w in WINDOWS
        },
    }
    first = "2020-01-01"  # makes each a member of the cohort
    book = make_book(
        accounts=[account(name) for name in edges],
        interactions=[
            row
            for name, (moment, _) in edges.items()
            for row in (event(name, first), event(name, moment.isoformat()))
        ],
    )
    frame = snapshot(book, [us(AS_OF)], SIGNS).set_index("account_id")
    for name, (_, inside) in edges.items():
        window = int(name.split()[1]) if name.split()[1].isdigit() else 14
        assert frame.loc[name, f"signs_of_life_{window}d"] == float(inside), name
    assert frame.loc["at the end"].drop("as_of_us").tolist() == [1.0] * 5
    assert frame.loc["begins 30"].drop("as_of_us").tolist() == [0.0, 0.0, 1.0, 1.0, 1.0]


def test_counts_of_nothing_are_zero_and_what_cannot_be_known_is_missing(make_book):
    book = make_book(
        accounts=[account("quiet", "2024-05-22")],
        interactions=[event("quiet", "2024-07-01")],  # after the as-of date
        departures=[{"account_id": "quiet", "occurred_at": "2024-08-01"}],
    )
    row = of(snapshot(book, [us(AS_OF)]), "quiet")
    zero = {name for name in FEATURES if row[name] == 0.0}
    missing = {name for name in FEATURES if math.isnan(row[name])}
    counts = (
        "signs_of_life",
        "purchases",
        "spent",
        "matters",
        "cancellations",
        "complaints",
        "heard",
        "channels",
    )
    assert {
        name
        for name in FEATURES
        if name.removesuffix("d").rstrip("0123456789").rstrip("_") in counts
    } <= zero
    assert {"purchases_ever", "spent_ever", "matters_open"} <= zero
    assert {
        "active_days",
        "reopens_365d",
        "minutes_on_hold_365d",
        "scores_365d",
    } <= zero
    assert {
        *(
            "days_silent",
            "usual_gap",
            "gap_spread",
            "longest_gap",
            "last_gap",
            "active_span",
            "silence_chance",
        ),
        *(
            "silence_over_rhythm",
            "activity_ratio",
            "spending_ratio",
            "mean_purchase",
            "days_since_purchase",
        ),
        *("days_unheard", "own_share_365d"),
        *(
            "product_level",
            "people_level",
            "product_settled",
            "quadrant",
            "product_spread_365d",
            "days_since_survey",
        ),
        *(
            "hours_to_answer_90d",
            "days_to_resolution_365d",
            "resolution_rate_365d",
            "first_contact_resolution_365d",
        ),
        *(
            "hands_per_matter_365d",
            "longest_open_wait",
            "cancelled_share_365d",
            "recommend_last",
            "ease_last",
        ),
    } <= missing
    assert row["days_since_opened"] == 10.0
    plain = ("axis_scores", "indifference", "responsiveness", "value", "tenure")
    names = {name for name, feature in FEATURES.items() if feature.theme in plain}
    assert names <= zero | missing | {"days_since_opened", "youth", "account_tier"}


def test_rows_come_by_date_and_account_and_columns_in_the_order_of_the_dictionary(
    make_book,
):
    book = make_book(
        accounts=[{**account(name), "market": "north"} for name in ("c", "a", "b")],
        interactions=[event(name, "2024-01-01") for name in ("b", "c", "a")],
    )
    early, late = us("2024-05-01"), us(AS_OF)
    frame = snapshot(book, [late, early, late])
    assert list(zip(frame["as_of_us"], frame["account_id"], strict=True)) == [
        *((early, name) for name in "abc"),
        *((late, name) for name in "abc"),
    ]
    assert list(frame.columns) == [*KEYS, *FEATURES, "market"]
    assert set(frame[list(FEATURES)].dtypes) == {np.dtype("float64")}


def test_many_dates_at_once_give_the_rows_of_one_at_a_time(sample_book):
    dates = [sample_book.watermark - days * MICROS_PER_DAY for days in (200, 43)]
    together = snapshot(sample_book, dates)
    apart = pd.concat(
        [snapshot(sample_book, [date]) for date in dates], ignore_index=True
    )
    pd.testing.assert_frame_equal(together, apart, check_exact=True)
    assert len(together) > 400


def test_pairs_are_measured_as_the_cohort_is_whether_or_not_they_belong_to_it(
    sample_book,
):
    date = sample_book.watermark - 60 * MICROS_PER_DAY
    cohort = snapshot(sample_book, [date])
    some = cohort[list(KEYS)].iloc[::7].reset_index(drop=True)
    expected = cohort.iloc[::7].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        snapshot_of_pairs(sample_book, some), expected, check_exact=True
    )
    gone = {
        row[0]
        for row in sample_book.connection.execute(
            "select account_id from departures"
        ).fetchall()
    }
    left = pd.DataFrame(
        {"account_id": sorted(gone - set(cohort["account_id"]))[:5], "as_of_us": date}
    )
    assert len(left) == 5
    assert snapshot_of_pairs(sample_book, left, only("days_since_opened"))[
        "account_id"
    ].tolist() == sorted(left["account_id"])


def random_rows(seed):
    """A small lively book: matters with transfers, scores of one instant, amounts that do not add up exactly."""
    chance = random.Random(seed)
    kinds = [
        "visit",
        "purchase",
        "question",
        "answer",
        "resolution",
        "reopen",
        "transfer",
        "outreach",
        "reply",
        "hold",
    ]
    interactions = [
        event(
            chance.choice("abc"),
            f"2024-0{chance.randint(1, 5)}-{chance.randint(10, 28)}T{chance.randint(10, 20)}:00:00",
            chance.choice(kinds),
            matter_id=chance.choice([None, "m1", "m2"]),
            rep_id=chance.choice([None, "r1", "r2", "r3"]),
            channel=chance.choice(["mail", "phone", None]),
            value=chance.choice([0.1, 0.2, 0.3, 1e9 / 3]),
            minutes=chance.choice([None, 0.7]),
            sentiment=chance.uniform(-1, 1),
            items=chance.choice([None, 1.0, 7.0]),
        )
        for _ in range(60)
    ]
    surveys = [
        score(
            chance.choice("abc"),
            f"2024-0{chance.randint(1, 5)}-1{chance.randint(0, 3)}",
            chance.choice(
                [
                    "product",
                    "better",
                    "faster",
                    "people",
                    "skills",
                    "effort",
                    "recommend",
                ]
            ),
            chance.choice([1.1, 3.3, 5.7, 6.9]),
        )
        for _ in range(40)
    ]
    return {
        "accounts": [account(name) for name in "abc"],
        "interactions": interactions,
        "surveys": surveys,
    }


def write(folder, tables, order):
    for name, rows in tables.items():
        pd.DataFrame(rows).iloc[order.sample(range(len(rows)), len(rows))].to_csv(
            folder / f"{name}.csv", index=False
        )
    return open_book(folder, max_bad_share=0.0)


def test_the_order_of_the_rows_does_not_change_a_bit(tmp_path_factory):
    tables = {"accounts": [], "interactions": [], "surveys": []}
    for seed in range(50):  # each of three accounts, matters and reps of its own
        for table, rows in random_rows(seed).items():
            tables[table] += [
                {
                    name: f"{value}-{seed}" if name.endswith("_id") and value else value
                    for name, value in row.items()
                }
                for row in rows
            ]
    dates = [us("2024-04-01"), us(AS_OF)]
    one, other = (
        snapshot(
            write(tmp_path_factory.mktemp("book"), tables, random.Random(order)), dates
        )
        for order in (1, 2)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert vector_hashes(one, list(FEATURES)) == vector_hashes(other, list(FEATURES))


def test_hashes_tell_vectors_apart_and_do_not_tell_equal_values_apart():
    frame = pd.DataFrame(
        {"a": [1.0, 1.0, 2.0, 0.0, -0.0], "b": [np.nan, np.nan, np.nan, 1.0, 1.0]}
    )
    hashes = vector_hashes(frame, ["a", "b"])
    assert hashes[0] == hashes[1] != hashes[2]
    assert hashes[3] == hashes[4]
    assert vector_hashes(frame, ["b", "a"])[3] != hashes[3]


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_has_an_entry_in_the_dictionary(name):
    feature = FEATURES[name]
    assert re.fullmatch(r"[a-z0-9_]+", name)
    assert feature.name == name
    assert feature.meaning[0].isupper() and feature.meaning.endswith(".")
    assert feature.unit
    assert feature.theme in {theme.name for theme in THEMES}
    assert feature.seeds and all(re.fullmatch(r"S\d+", seed) for seed in feature.seeds)
    words = [saying.words for saying in feature.says]
    assert "{window}" not in feature.meaning + "".join(words)


def test_no_two_features_share_a_name_and_every_theme_tells_what_it_is():
    assert len(FEATURES) == sum(len(theme.features) for theme in THEMES)
    for theme in THEMES:
        assert (
            theme.features and theme.title and theme.about.endswith(".") and theme.seeds
        )


def test_a_feature_with_windows_names_each_of_them_in_its_words():
    feature = FEATURES["purchases_90d"]
    assert feature.meaning == "Purchases in the last 90 days."
    nothing, some = feature.says
    assert "in 90 days" in nothing.words and "in 90 days" in some.words


def test_some_features_alone_have_the_values_they_have_among_all(sample_book):
    date = [sample_book.watermark - 40 * MICROS_PER_DAY]
    everything = snapshot(sample_book, date)
    some = {
        name: feature
        for name, feature in FEATURES.items()
        if not isinstance(feature.how, Formula)
    }
    names = [*KEYS, *some, *sample_book.facts]
    pd.testing.assert_frame_equal(
        snapshot(sample_book, date, some), everything[names], check_exact=True
    )


def test_a_message_of_an_error_tells_place_finding_expectation_and_mending():
    error = PinchError(
        where="table x", found="nothing", expected="something", mend="add it"
    )
    assert str(error) == "table x: found nothing; expected something; to mend: add it"
    assert (error.where, error.found, error.expected, error.mend) == (
        "table x",
        "nothing",
        "something",
        "add it",
    )
