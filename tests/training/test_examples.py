"""The examples: books made of real exports, opened and evaluated on the data itself where it is at hand."""

import os
from datetime import date
from pathlib import Path

import pytest

from features.book.book import open_book
from features.engine import day_of, instant
from features.snapshot.frame import snapshot
from training.evaluation.walk_forward import evaluate
from training.fitting.rivals import MODEL
from training.past.observed import observe

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("PINCH_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture
def open_example(monkeypatch):
    def open_it(name):
        if not (DATA / name / "transactions.parquet").exists():
            pytest.skip(
                f"no {name}/transactions.parquet in the folder that PINCH_DATA names"
            )
        monkeypatch.setenv("PINCH_DATA", str(DATA))
        return open_book(ROOT / "examples" / name, threads=2)

    return open_it


def figures(book, as_of, quiet_days):
    evaluation = evaluate(observe(book, instant(as_of), quiet_days), [0])
    assert evaluation.migration == []
    return {row["model"]: row for row in evaluation.defection}


@pytest.mark.slow
def test_cdnow_is_a_book_and_its_leavers_are_found_better_than_by_recency(open_example):
    book = open_example("cdnow")
    assert (book.rows["accounts"], book.quiet_days, len(book.quarantine)) == (
        23570,
        180,
        0,
    )
    assert (day_of(book.beginning), day_of(book.watermark)) == (
        date(1997, 1, 1),
        date(1998, 6, 30),
    )
    assert not book.has("surveys") and not book.has("departures")
    found = figures(book, date(1998, 1, 1), quiet_days=180)
    assert {row["n"] for row in found.values()} == {23570}
    assert found[MODEL]["auc"] > 0.80
    assert found[MODEL]["auc"] > found["recency"]["auc"]
    assert (
        found[MODEL]["pr_auc"] > found["recency"]["pr_auc"] > found[MODEL]["base_rate"]
    )
    assert found[MODEL]["calibration_error"] < found[MODEL]["calibration_floor"] + 0.05


def test_online_retail_is_a_book_and_its_leavers_are_found_better_than_by_recency(
    open_example,
):
    book = open_example("online_retail_2009_2010")
    assert book.quiet_days == 90
    assert book.facts == {"country": "text"}
    assert book.unknown == ()
    seen = snapshot(book, [instant(date(2010, 9, 1))])
    assert (seen["cancellations_365d"] > 0).any() and (
        seen["country"] == "United Kingdom"
    ).any()
    found = figures(book, date(2010, 9, 1), quiet_days=90)
    assert found[MODEL]["n"] == len(seen)
    assert found[MODEL]["auc"] > 0.72
    assert found[MODEL]["auc"] > found["recency"]["auc"]
    assert found[MODEL]["pr_auc"] > found["recency"]["pr_auc"]
