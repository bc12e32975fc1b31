"""Pinch beside its peers: BG/NBD and the columns of the peers by hand, calibration, and a small run to the page."""

from __future__ import annotations

from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
from histories import AS_OF, ago
from scipy.special import beta, gamma

from benchmarks import peers, themes
from benchmarks.bgnbd import BgNbd, fit_bgnbd
from benchmarks.peers import FIGURES, PINCH
from features.engine import MICROS_PER_DAY, instant
from features.snapshot import snapshot
from models.encoding import learn_encoding
from training.dataset import TrainingSet

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""Of the paper, for a tenth of the CDNOW customers in their first 39 weeks."""


def buyers(*rows: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(peers.BUYING), dtype=float)


class TestBgNbd:
    def test_the_likelihood_is_that_of_the_paper(self) -> None:
        """Equation 6, written out for two repeats at week 30.43 of 38.86, and for a single purchase."""
        r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
        x, last, age = 2, 30.43, 38.86
        buying = gamma(r + x) * alpha**r / gamma(r)
        alive = beta(a, b + x) / beta(a, b) / (alpha + age) ** (r + x)
        stopped = beta(a + 1, b + x - 1) / beta(a, b) / (alpha + last) ** (r + x)
        once = (alpha / (alpha + age)) ** r
        found = np.exp(PUBLISHED.log_likelihood(buyers((x, last, age), (0, 0, age))))
        assert found == pytest.approx([buying * (alive + stopped), once])
        assert PUBLISHED.alive(buyers((x, last, age)))[0] == pytest.approx(alive / (alive + stopped))

    def test_who_bought_once_has_not_stopped_and_may_pause(self) -> None:
        once = buyers((0, 0, 10))
        assert PUBLISHED.alive(once).tolist() == [1.0]
        assert PUBLISHED.silent(once, 5)[0] == pytest.approx((14.414 / 19.414) ** 0.243)
        assert PUBLISHED.silent(once, 0).tolist() == [1.0]

    def test_silence_is_likelier_the_longer_it_lasts(self) -> None:
        silent = PUBLISHED.silent(buyers((4, 20, 20), (4, 20, 30), (4, 20, 60)), 10)
        assert np.all(np.diff(silent) > 0)

    def test_fitting_finds_what_buyers_were_drawn_from(self) -> None:
        truth = BgNbd(r=1.0, alpha=5.0, a=1.0, b=3.0)
        found = fit_bgnbd(_drawn(truth, 4000, weeks=50.0))
        assert [found.r, found.alpha, found.a / (found.a + found.b)] == pytest.approx([1.0, 5.0, 0.25], rel=0.15)

    @pytest.mark.skipif(not themes.has_data("cdnow"), reason="CDNOW is not in the folder that PINCH_DATA names")
    def test_all_of_cdnow_is_near_the_published_tenth(self) -> None:
        found = fit_bgnbd(_cdnow())
        assert [found.r, found.alpha, found.a, found.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=0.12)


def _drawn(truth: BgNbd, size: int, weeks: float) -> pd.DataFrame:
    draws = np.random.default_rng(0)
    rows = []
    for rate, stop in zip(draws.gamma(truth.r, 1 / truth.alpha, size), draws.beta(truth.a, truth.b, size), strict=True):
        repeats, last, now = 0.0, 0.0, draws.exponential(1 / rate)
        while now <= weeks:
            repeats, last = repeats + 1, now
            now = np.inf if draws.random() < stop else now + draws.exponential(1 / rate)
        rows.append((repeats, last, weeks))
    return buyers(*rows)


def _cdnow() -> pd.DataFrame:
    book = peers.open_book(themes.ROOT / "examples" / "cdnow")
    return peers.buyers(book, [instant(pd.Timestamp("1997-10-01").to_pydatetime())])


class TestColumns:
    @pytest.fixture
    def book(self, make_book):
        days = (100, 30, 29.9, 10)
        bought = [
            {"account_id": "a", "occurred_at": ago(day), "kind": "purchase", "value": 10.0 * place}
            for place, day in enumerate(days, start=1)
        ]
        bought[-1]["known_at"] = ago(-1)
        asked = {"account_id": "b", "occurred_at": ago(49), "kind": "inquiry", "value": None}
        return make_book(
            accounts=[{"account_id": name, "opened_at": ago(100)} for name in "ab"], interactions=[*bought, asked]
        )

    def test_recency_frequency_and_value_by_hand(self, book) -> None:
        """Of a what was bought 100, 30 and 29.9 days ago for 10, 20 and 30; the last purchase is not known yet."""
        frame = snapshot(book, [instant(AS_OF)])
        row = dict(zip(peers.RFV, peers.rfv(frame[frame["account_id"] == "a"])[0], strict=True))
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

    def test_purchases_of_one_day_are_one_and_weeks_count_from_the_first(self, book) -> None:
        """100 days ago and twice on the day 30 days ago: one repeat after 70 days, which are 10 weeks."""
        (row,) = peers.buyers(book, [instant(AS_OF)]).to_dict("records")
        assert row == {
            "account_id": "a", "as_of_us": instant(AS_OF), "repeats": 1.0, "last": 10.0, "age": pytest.approx(100 / 7)
        }  # fmt: skip

    def test_average_precision_ties_and_weights(self) -> None:
        """Ranked: a leaver that counts twice, then a leaver tied with a stayer: (2 * 1 + 1 * 3 / 4) / 3."""
        left, place = np.array([1.0, 1.0, 0.0]), np.array([1, 0, 0])
        assert peers.average_precision(left, place, np.array([2.0, 1.0, 1.0])) == pytest.approx(2.75 / 3)

    def test_ahead_is_above_zero_where_ranking_is_higher_and_losses_are_lower(self) -> None:
        ours, theirs = np.array([[0.75, 0.5, 0.5, 0.5]]), np.array([[0.5, 0.75, 0.75, 0.25]])
        assert peers.ahead(ours, theirs).tolist() == [[0.25, -0.25, 0.25, -0.25]]


def exam(dates: int, horizon: int = 30) -> peers.Exam:
    """Snapshots of 100 accounts, 30 days apart; those of more than half a day of silence leave more often."""
    draws = np.random.default_rng(0)
    silent, rows = draws.random(100 * (dates + 1)), 100 * (dates + 1)
    known = (*peers.RFV, "days_silent", "silence_chance")
    columns = {
        "account_id": np.tile(np.array([f"a{place}" for place in range(100)], dtype=object), dates + 1),
        "as_of_us": np.repeat(np.arange(dates + 1) * 30 * MICROS_PER_DAY, 100),
        **{name: silent if name in known else np.full(rows, np.nan) for name in themes.FEATURES},
        **{"repeats": np.full(rows, 2.0), "last": 9 - 9 * silent, "age": np.full(rows, 9.0)},
    }
    frame = pd.DataFrame(columns)
    left = pd.DataFrame({horizon: (draws.random(rows) < 0.2 + 0.6 * (silent > 0.5)).astype(float)})
    as_of = dates * 30 * MICROS_PER_DAY
    past = frame["as_of_us"] < as_of
    data = TrainingSet(frame, left, None, {})
    of = themes.Exam("A set", as_of, horizon, data.rows(past), data.rows(~past), 0)
    return peers.Exam(of, horizon, frame[["account_id", "as_of_us", *peers.BUYING]])


class TestExam:
    def test_a_peer_learns_at_the_test_date_from_the_past_alone(self) -> None:
        of_five = exam(5)
        lesson = of_five.lesson
        assert lesson.frame["as_of_us"].max() < of_five.of.as_of
        assert lesson.buyers["as_of_us"].unique().tolist() == [of_five.of.as_of]
        assert lesson.encoding.columns == learn_encoding(lesson.frame, list(themes.FEATURES), {}).columns

    def test_calibration_asks_a_peer_that_has_not_seen_its_dates(self) -> None:
        """Of dates 0 to 4 the last three calibrate; 0 and 1 were known at date 2, where the earlier model is fitted."""
        learned = []

        def peer(lesson: peers.Lesson) -> peers.Risk:
            learned.append((sorted(lesson.frame["as_of_us"].unique()), lesson.buyers["as_of_us"].unique().tolist()))
            return lambda rows: np.clip(rows["days_silent"].to_numpy(), 0.1, 0.9)

        of_five = exam(5)
        assert peers.has_room(of_five)
        peers.calibration(of_five, peer)
        assert learned == [([0, 30 * MICROS_PER_DAY], [60 * MICROS_PER_DAY])]

    def test_without_room_the_newest_date_calibrates_a_peer_of_the_others(self) -> None:
        of_three = exam(3)
        assert not peers.has_room(of_three)
        halved = peers.calibration(of_three, lambda lesson: lambda rows: np.full(len(rows), 0.5))
        newest = of_three.lesson.frame["as_of_us"] == 60 * MICROS_PER_DAY
        assert halved.probability(np.zeros(1))[0] == pytest.approx(of_three.lesson.left[newest].mean(), abs=1e-3)

    def test_without_the_extra_the_page_says_what_is_missing(self) -> None:
        extra = ("CatBoost", "FLAML")
        chosen = {name: peer for name, peer in peers.peers_at_hand(1).items() if not name.startswith(extra)}
        assert list(chosen) == [PINCH, "recency", "logistic regression", "BG/NBD", "LightGBM", "LightGBM, all columns"]
        result = peers.measure(exam(4), chosen, draws=20)
        assert all(figures.shape == (21, len(FIGURES)) for figures in result.figures.values())
        asked = Namespace(accounts=1200, months=24, seeds=[1], examples=["cdnow"], budget=60, draws=20)
        page = peers.write_page(asked, [result], ["cdnow"])
        assert page.count("\n## ") == 2
        assert "CatBoost and FLAML left out: not installed." in page
        assert "CDNOW is skipped" in page
        assert f"| model | {' | '.join(FIGURES)} |" in page
        assert "nan" not in page
        assert all(len(line) <= 120 for line in page.splitlines() if not line.startswith(("|", "PINCH_DATA")))

    def test_words_name_the_best_peer_and_those_not_reached(self) -> None:
        ours = np.tile([0.8, 0.5, 0.4, 0.5], (3, 1))
        near, better = ours + np.array([-0.004, 0, 0.001, 0.001]), ours + np.array([0.01, 0, 0.1, 0.1])
        first, _, third, _, last = peers.in_words({PINCH: ours, "near": near, "better": better}, 2).splitlines()
        assert (
            first == "- AUC: the best peer is better, Pinch is -0.0100 ahead (-0.0100 to -0.0100); not reached: better."
        )
        assert third == "- log loss: the best peer is near, Pinch is +0.0010 ahead (+0.0010 to +0.0010); all reached."
        assert last.startswith("- log loss as the product gives it")
        assert "near, Pinch is +0.0010 ahead" in last
