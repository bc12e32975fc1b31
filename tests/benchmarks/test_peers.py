"""Pinch beside its peers: the columns of the peers by hand, calibration, and a small run to the page."""

from __future__ import annotations

from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
from histories import AS_OF, ago

from benchmarks.peers.buying import BUYING, bought_again, buyers
from benchmarks.peers.calibration import calibration, has_room
from benchmarks.peers.exams import Lesson, PeerExam
from benchmarks.peers.figures import FIGURES, ahead, average_precision, measure
from benchmarks.peers.models import PINCH, RFV, Risk, peers_at_hand, rfv
from benchmarks.peers.page import in_words, write_page
from benchmarks.shared.exam import ROOT, Exam, has_data
from features.book.book import open_book
from features.engine import MICROS_PER_DAY, instant
from features.snapshot.frame import snapshot
from features.themes.dictionary import FEATURES
from training.fitting.bgnbd import fit_bgnbd
from training.fitting.encoding import learn_encoding
from training.past.training_set import TrainingSet


def bought_by(*rows: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(BUYING), dtype=float)


@pytest.mark.skipif(
    not has_data("cdnow"),
    reason="CDNOW is not in the folder that PINCH_DATA names",
)
def test_all_of_cdnow_is_near_the_published_tenth() -> None:
    book = open_book(ROOT / "examples" / "cdnow")
    bought = buyers(book, [instant(pd.Timestamp("1997-10-01").to_pydatetime())])
    found = fit_bgnbd(bought_again(bought))
    assert [found.r, found.alpha, found.a, found.b] == pytest.approx(
        [0.243, 4.414, 0.793, 2.426], rel=0.12
    )


class TestColumns:
    @pytest.fixture
    def book(self, make_book):
        days = (100, 30, 29.9, 10)
        bought = [
            {
                "account_id": "a",
                "occurred_at": ago(day),
                "kind": "purchase",
                "value": 10.0 * place,
            }
            for place, day in enumerate(days, start=1)
        ]
        bought[-1]["known_at"] = ago(-1)
        asked = {
            "account_id": "b",
            "occurred_at": ago(49),
            "kind": "inquiry",
            "value": None,
        }
        return make_book(
            accounts=[{"account_id": name, "opened_at": ago(100)} for name in "ab"],
            interactions=[*bought, asked],
        )

    def test_recency_frequency_and_value_by_hand(self, book) -> None:
        """Of a what was bought 100, 30 and 29.9 days ago for 10, 20 and 30; the last purchase is not known yet."""
        frame = snapshot(book, [instant(AS_OF)])
        row = dict(zip(RFV, rfv(frame[frame["account_id"] == "a"])[0], strict=True))
        assert row == pytest.approx(
            {
                "days_since_purchase": 29.9,
                "days_on_record": 100,
                "purchases_90d": 2,
                "purchases_365d": 3,
                "purchases_ever": 3,
                "mean_purchase": 20,
                "spent_365d": 60,
                "spent_ever": 60,
            }
        )

    def test_purchases_of_one_day_are_one_and_weeks_count_from_the_first(
        self, book
    ) -> None:
        """100 days ago and twice on the day 30 days ago: one repeat after 70 days, which are 10 weeks."""
        (row,) = buyers(book, [instant(AS_OF)]).to_dict("records")
        assert row == {
            "account_id": "a", "as_of_us": instant(AS_OF), "repeats": 1.0, "last": 10.0, "age": pytest.approx(100 / 7)
        }  # fmt: skip

    def test_average_precision_ties_and_weights(self) -> None:
        """Ranked: a leaver that counts twice, then a leaver tied with a stayer: (2 * 1 + 1 * 3 / 4) / 3."""
        left, place = np.array([1.0, 1.0, 0.0]), np.array([1, 0, 0])
        assert average_precision(
            left, place, np.array([2.0, 1.0, 1.0])
        ) == pytest.approx(2.75 / 3)

    def test_ahead_is_above_zero_where_ranking_is_higher_and_losses_are_lower(
        self,
    ) -> None:
        ours, theirs = (
            np.array([[0.75, 0.5, 0.5, 0.5]]),
            np.array([[0.5, 0.75, 0.75, 0.25]]),
        )
        assert ahead(ours, theirs).tolist() == [[0.25, -0.25, 0.25, -0.25]]


def exam(dates: int, horizon: int = 30) -> PeerExam:
    """Snapshots of 100 accounts, 30 days apart; those of more than half a day of silence leave more often."""
    draws = np.random.default_rng(0)
    silent, rows = draws.random(100 * (dates + 1)), 100 * (dates + 1)
    known = (*RFV, "days_silent", "silence_chance")
    columns = {
        "account_id": np.tile(
            np.array([f"a{place}" for place in range(100)], dtype=object), dates + 1
        ),
        "as_of_us": np.repeat(np.arange(dates + 1) * 30 * MICROS_PER_DAY, 100),
        **{
            name: silent if name in known else np.full(rows, np.nan)
            for name in FEATURES
        },
        **{
            "repeats": np.full(rows, 2.0),
            "last": 9 - 9 * silent,
            "age": np.full(rows, 9.0),
        },
    }
    frame = pd.DataFrame(columns)
    left = pd.DataFrame(
        {horizon: (draws.random(rows) < 0.2 + 0.6 * (silent > 0.5)).astype(float)}
    )
    as_of = dates * 30 * MICROS_PER_DAY
    past = frame["as_of_us"] < as_of
    data = TrainingSet(frame, left, None, {})
    of = Exam("A set", as_of, horizon, data.rows(past), data.rows(~past), 0)
    return PeerExam(of, horizon, frame[["account_id", "as_of_us", *BUYING]])


class TestExam:
    def test_a_peer_learns_at_the_test_date_from_the_past_alone(self) -> None:
        of_five = exam(5)
        lesson = of_five.lesson
        assert lesson.frame["as_of_us"].max() < of_five.of.as_of
        assert lesson.buyers["as_of_us"].unique().tolist() == [of_five.of.as_of]
        assert (
            lesson.encoding.columns
            == learn_encoding(lesson.frame, list(FEATURES), {}).columns
        )

    def test_calibration_asks_a_peer_that_has_not_seen_its_dates(self) -> None:
        """Of dates 0 to 4 the last three calibrate; 0 and 1 were known at date 2, where the earlier model is fitted."""
        learned = []

        def peer(lesson: Lesson) -> Risk:
            learned.append(
                (
                    sorted(lesson.frame["as_of_us"].unique()),
                    lesson.buyers["as_of_us"].unique().tolist(),
                )
            )
            return lambda rows: np.clip(rows["days_silent"].to_numpy(), 0.1, 0.9)

        of_five = exam(5)
        assert has_room(of_five)
        calibration(of_five, peer)
        assert learned == [([0, 30 * MICROS_PER_DAY], [60 * MICROS_PER_DAY])]

    def test_without_room_the_newest_date_calibrates_a_peer_of_the_others(self) -> None:
        of_three = exam(3)
        assert not has_room(of_three)
        halved = calibration(
            of_three, lambda lesson: lambda rows: np.full(len(rows), 0.5)
        )
        newest = of_three.lesson.frame["as_of_us"] == 60 * MICROS_PER_DAY
        assert halved.probability(np.zeros(1))[0] == pytest.approx(
            of_three.lesson.left[newest].mean(), abs=1e-3
        )

    def test_without_the_extra_the_page_says_what_is_missing(self) -> None:
        extra = ("CatBoost", "FLAML")
        chosen = {
            name: peer
            for name, peer in peers_at_hand(1).items()
            if not name.startswith(extra)
        }
        assert list(chosen) == [
            PINCH,
            "recency",
            "logistic regression",
            "BG/NBD",
            "LightGBM",
            "LightGBM, all columns",
        ]
        result = measure(exam(4), chosen, draws=20)
        assert all(
            figures.shape == (21, len(FIGURES)) for figures in result.figures.values()
        )
        asked = Namespace(
            accounts=1200, months=24, seeds=[1], examples=["cdnow"], budget=60, draws=20
        )
        page = write_page(asked, [result], ["cdnow"])
        assert page.count("\n## ") == 2
        assert "CatBoost and FLAML left out: not installed." in page
        assert "CDNOW is skipped" in page
        assert f"| model | {' | '.join(FIGURES)} |" in page
        assert "nan" not in page
        assert all(
            len(line) <= 120
            for line in page.splitlines()
            if not line.startswith(("|", "PINCH_DATA"))
        )

    def test_words_name_the_best_peer_and_those_not_reached(self) -> None:
        ours = np.tile([0.8, 0.5, 0.4, 0.5], (3, 1))
        near, better = (
            ours + np.array([-0.004, 0, 0.001, 0.001]),
            ours + np.array([0.01, 0, 0.1, 0.1]),
        )
        first, _, third, _, last = in_words(
            {PINCH: ours, "near": near, "better": better}, 2
        ).splitlines()
        assert (
            first
            == "- AUC: the best peer is better, Pinch is -0.0100 ahead (-0.0100 to -0.0100); not reached: better."
        )
        assert (
            third
            == "- log loss: the best peer is near, Pinch is +0.0010 ahead (+0.0010 to +0.0010); all reached."
        )
        assert last.startswith("- log loss as the product gives it")
        assert "near, Pinch is +0.0010 ahead" in last
