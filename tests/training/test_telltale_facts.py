"""Suspicious facts: found however they are filled in, left out with what is made of them, and vouched for."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import write_book
from typer.testing import CliRunner

from features.book.book import open_book
from features.errors import BookError
from features.themes.dictionary import FEATURES
from pinch import app
from training.fitting.encoding import encoding_of
from training.past.leaving import leaving
from training.past.observed import Observed, observe
from training.past.telltale_facts import BOUND, auc_alone, suspicious_facts, trusted
from training.past.training_set import with_outcomes
from training.past.when_left import has_left

N, LEAVERS = 120, 40
LEFT = pd.Series(
    [1.0] * LEAVERS + [0.0] * (N - LEAVERS), [f"a{place:03d}" for place in range(N)]
)
HALF = np.tile(["x", "y"], N // 2)


def tables(departures=True, **facts):
    """A company of which the first forty accounts left on the first of May; the others go on."""
    accounts = [
        {
            "account_id": name,
            "opened_at": "2024-01-01",
            **{fact: values[place] for fact, values in facts.items()},
        }
        for place, name in enumerate(LEFT.index)
    ]
    days = {
        name: ["2024-01-10", "2024-04-20"]
        + ([] if LEFT[name] else ["2024-07-01", "2024-10-01"])
        for name in LEFT.index
    }
    left = [
        {"account_id": name, "occurred_at": "2024-05-01"}
        for name in LEFT.index[:LEAVERS]
    ]
    return {
        "accounts": accounts,
        "interactions": [
            {"account_id": n, "occurred_at": d, "kind": "purchase"}
            for n, ds in days.items()
            for d in ds
        ],
        **({"departures": left} if departures else {}),
    }


FACTS = {
    "score": np.where(LEFT == 1, 2.0, 8.0).tolist(),
    "reason": np.where(LEFT == 1, "price", None).tolist(),
    "name": [f"company {place}" for place in range(N)],
    "plan": HALF.tolist(),
}


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (FACTS["score"], "number"),
        ((-np.array(FACTS["score"])).tolist(), "number"),
        (np.where(LEFT == 1, np.nan, np.arange(N)).tolist(), "number"),
        (FACTS["reason"], "text"),
        (np.where(LEFT == 1, None, HALF).tolist(), "text"),
    ],
)
def test_a_fact_that_is_the_label_has_an_auc_of_1_whichever_way_it_is_filled_in(
    values, type_
):
    auc, low, high = auc_alone(pd.Series(values, LEFT.index), LEFT, type_)
    assert (auc, high) == (1.0, pytest.approx(1.0))
    assert BOUND < low < 1.0


def test_a_value_of_its_own_for_each_account_tells_nothing():
    auc, low, _ = auc_alone(pd.Series(FACTS["name"], LEFT.index), LEFT, "text")
    assert auc < 0.6
    assert low < 0.5


def test_the_interval_is_where_the_auc_is_1_96_standard_errors_away():
    mostly = np.where(
        LEFT == 1, np.tile(["x", "x", "x", "y"], 30), np.tile(["y", "y", "y", "x"], 30)
    )
    auc, low, high = auc_alone(pd.Series(mostly, LEFT.index), LEFT, "text")
    assert auc == pytest.approx(
        0.75, abs=0.02
    )  # of a leaver and a stayer .75 * .75 in order, .375 alike
    for end in (low, high):
        one, two = end / (2 - end), 2 * end**2 / (1 + end)
        variance = (end * (1 - end) + 39 * (one - end**2) + 79 * (two - end**2)) / (
            40 * 80
        )
        assert abs(auc - end) == pytest.approx(1.96 * variance**0.5, rel=1e-6)


def test_with_few_leavers_even_a_perfect_fact_is_not_surely_suspicious():
    few = LEFT.copy()
    few.iloc[2:LEAVERS] = 0.0
    auc, low, _ = auc_alone(few, few, "number")
    assert auc == 1.0 or low < BOUND


@pytest.mark.parametrize("departures", [True, False])
def test_the_facts_that_tell_too_much_are_named_the_most_telling_first(
    make_book, departures
):
    book = make_book(**tables(departures, **FACTS))
    found = suspicious_facts(observe(book, quiet_days=60))
    assert sorted(suspicion.fact for suspicion in found) == ["reason", "score"]
    assert not any(suspicion.vouched for suspicion in found)
    assert 'vouched = ["score"]' in next(s.sentence for s in found if s.fact == "score")


def test_what_nobody_vouches_for_is_read_by_no_model_nor_what_is_made_of_it(make_book):
    tiers = np.where(LEFT == 1, "key", "other").tolist()
    book = make_book(**tables(tier=tiers, **FACTS))
    book = trusted(book, suspicious_facts(observe(book)))
    assert set(book.left_out) == {"reason", "score", "tier"}
    frame = pd.DataFrame(
        {
            "account_id": ["a000", "a100"],
            "as_of_us": book.beginning,
            "plan": ["x", "y"],
            "days_silent": [1.0, 2.0],
        }
        | {
            "tier": ["key", "other"],
            "score": [2.0, 8.0],
            "reason": ["price", None],
            "name": ["n", "m"],
        }
        | {
            "key_account": [1.0, 0.0],
            "account_tier": [3.0, 0.0],
            "profile_filled": [1.0, 0.5],
        }
    )
    lacking = pd.DataFrame({name: [0.0, 0.0] for name in FEATURES if name not in frame})
    data = with_outcomes(observe(book), pd.concat([frame, lacking], axis=1), [30])
    assert encoding_of(data).columns == ("days_silent", "name", "plan")
    assert data.known().left_out == book.left_out
    assert data.facts.keys() == {"reason", "score", "tier", "name", "plan"}


def test_a_vouched_fact_is_named_and_read(tmp_path):
    write_book(tmp_path / "book", **tables(**FACTS))
    (tmp_path / "book" / "book.toml").write_text('vouched = ["score"]')
    book = open_book(tmp_path / "book")
    found = suspicious_facts(observe(book))
    assert {suspicion.fact: suspicion.vouched for suspicion in found} == {
        "score": True,
        "reason": False,
    }
    assert trusted(book, found).left_out == ("reason",)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            'vouched = ["colour"]',
            "colour, which is no fact of this book; expected any of score, reason, name, plan",
        ),
        ('vouched = "score"', "expected names of facts"),
        ("vouched = [1]", "expected names of facts"),
    ],
)
def test_a_vouching_that_cannot_be_is_an_error_in_words(tmp_path, toml, message):
    write_book(tmp_path / "book", **tables(**FACTS))
    (tmp_path / "book" / "book.toml").write_text(toml)
    with pytest.raises(BookError, match="vouched") as caught:
        open_book(tmp_path / "book")
    assert message.split("; ")[0] in str(caught.value)


def test_who_has_left_is_told_by_departures_known_by_then_or_by_the_silence_of_now(
    make_book,
):
    book = make_book(**tables())
    day = 86_400_000_000
    may = book.beginning + 130 * day
    assert has_left(observe(book)).equals(LEFT.rename("has_left"))
    assert (
        has_left(Observed(book, book.beginning + 100 * day, leaving(book, may))).sum()
        == 0
    )


def test_without_facts_or_leavers_nothing_is_suspicious(make_book):
    book = make_book(**tables())
    assert suspicious_facts(observe(book)) == []


def test_the_sample_company_has_no_suspicious_fact(sample_book):
    assert suspicious_facts(observe(sample_book)) == []


def test_check_names_them_and_says_how_to_vouch(tmp_path):
    write_book(tmp_path / "book", **tables(**FACTS))
    told = CliRunner().invoke(app, ["check", str(tmp_path / "book")])
    assert told.exit_code == 0, told.output
    words = " ".join(told.stdout.split())
    assert "score tells who left by itself, AUC 1.000" in words
    assert (
        'left out, unless book.toml says that it was known before: vouched = ["score"]'
        in words
    )
    facts = json.loads(
        CliRunner().invoke(app, ["check", str(tmp_path / "book"), "--json"]).stdout
    )
    assert {fact["fact"] for fact in facts["suspicious_facts"]} == {"score", "reason"}
