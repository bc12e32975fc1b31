"""What a theme is worth: its arithmetic by hand, and a small run from end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.shared.exam import last_known_date, take
from benchmarks.shared.resampling import interval, resampled
from benchmarks.themes.__main__ import main
from benchmarks.themes.contributions import class_contributions, part
from benchmarks.themes.features_page import used_by
from benchmarks.themes.figures import (
    AUC,
    LOG_LOSS,
    STATE_LOSS,
    Forecast,
    Judged,
    figures,
    forecast,
    pooled,
)
from benchmarks.themes.variants import (
    ALONE,
    FULL,
    REGROWN,
    WITHOUT,
    Variant,
    alone,
    blanked,
    variants,
    without,
)
from benchmarks.themes.worths import clear_side
from features.book.book import Book
from features.engine import MICROS_PER_DAY
from features.themes.dictionary import FEATURES, THEMES
from models.fitted.boosting import Setting, grow
from training.fitting.encoding import encoding_of
from training.metrics import log_losses
from training.past.as_of_dates import STEP_DAYS
from training.past.training_set import TrainingSet


def said(
    left: list[float], risk: list[float], state_losses: float = np.nan
) -> Forecast:
    return forecast(np.array(left), np.array(risk), np.full(len(left), state_losses))


class TestColumns:
    def test_leaving_out_a_theme_keeps_the_other_themes_and_the_facts_in_their_order(
        self,
    ) -> None:
        columns = [
            "days_silent",
            "complaints_90d",
            "usual_gap",
            "complaints_365d",
            "plan",
        ]
        assert without(columns, "voice") == ("days_silent", "usual_gap", "plan")
        assert without(columns, "indifference") == (
            "complaints_90d",
            "complaints_365d",
            "plan",
        )
        assert without(columns, "facts") == (
            "days_silent",
            "complaints_90d",
            "usual_gap",
            "complaints_365d",
        )

    def test_a_theme_alone_keeps_recency_beside_it_once(self) -> None:
        columns = ["days_silent", "complaints_90d", "usual_gap", "plan"]
        assert alone(columns, "voice") == ("days_silent", "complaints_90d")
        assert alone(columns, "indifference") == ("days_silent", "usual_gap")

    def test_every_theme_of_the_dictionary_is_left_out_once_and_kept_alone_once(
        self,
    ) -> None:
        chosen = variants([*FEATURES, "plan"], growings=1)
        names = [*(theme.name for theme in THEMES), "facts"]
        for kind in (WITHOUT, ALONE):
            assert [
                variant.theme for variant in chosen if variant.kind == kind
            ] == names
        left_out = {
            v.theme: set(FEATURES) - set(v.columns) for v in chosen if v.kind == WITHOUT
        }
        assert all(
            left_out[theme.name] == {feature.name for feature in theme.features}
            for theme in THEMES
        )

    def test_a_theme_without_a_column_in_the_book_is_not_fitted(self) -> None:
        chosen = variants(["days_silent", "purchases_90d"], growings=1)
        assert {variant.theme for variant in chosen if variant.kind == WITHOUT} == {
            "indifference",
            "value",
        }

    def test_all_are_grown_with_the_products_own_seed_first_but_the_regrown_with_others(
        self,
    ) -> None:
        seeds = {
            variant.kind: list(variant.seeds)
            for variant in variants(["days_silent"], growings=2)
        }
        assert seeds.pop(REGROWN) == [3, 4]
        assert all(of_kind == [1, 2] for of_kind in seeds.values())
        assert Setting().seed == 1

    def test_hidden_columns_are_known_of_nobody_and_models_leave_them_out(self) -> None:
        frame = pd.DataFrame(
            {name: [0.0, 1.0] for name in FEATURES}
            | {"plan": ["basic", "plus"], "as_of_us": 0}
        )
        data = TrainingSet(
            frame, pd.DataFrame({90: [0.0, 1.0]}), None, {"plan": "text"}
        )
        hidden = blanked(data, ("days_silent", "plan"))
        assert encoding_of(hidden).columns == ("days_silent", "plan")
        assert hidden.frame["quadrant"].isna().all()
        assert hidden.frame["plan"].tolist() == ["basic", "plus"]
        assert hidden.left is data.left
        assert data.frame["quadrant"].tolist() == [0.0, 1.0]


class TestFigures:
    def test_auc_counts_pairs_and_ties_half(self) -> None:
        """Leavers at .4 and .9, stayers at .1, .4 and .5: 1.5 and 3 of 3 pairs are in order."""
        forecast = said([1, 1, 0, 0, 0], [0.4, 0.9, 0.1, 0.4, 0.5])
        assert figures(forecast, np.ones(5))[AUC] == pytest.approx(4.5 / 6)

    def test_a_row_that_counts_twice_is_as_two_rows(self) -> None:
        once = said([1, 0, 0, 1], [0.7, 0.2, 0.9, 0.4], state_losses=0.5)
        rows = said([1, 1, 0, 0, 0], [0.7, 0.7, 0.2, 0.2, 0.9], state_losses=0.5)
        assert figures(once, np.array([2, 2, 1, 0])) == pytest.approx(
            figures(rows, np.ones(5))
        )

    def test_log_losses_are_means_by_weight_over_what_is_known(self) -> None:
        left, risk, state_losses = (
            np.array([1.0, 0.0]),
            np.array([0.5, 0.75]),
            np.array([0.2, np.nan]),
        )
        found = figures(forecast(left, risk, state_losses), np.array([1, 3]))
        assert found[LOG_LOSS] == pytest.approx((np.log(2) + 3 * np.log(4)) / 4)
        assert found[STATE_LOSS] == pytest.approx(0.2)
        assert np.isnan(figures(said([1, 0], [0.5, 0.5]), np.ones(2))[STATE_LOSS])

    def test_the_loss_of_certainty_stays_finite(self) -> None:
        losses = log_losses(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0, 0]))
        assert losses == pytest.approx([-np.log(1e-6), 0.0], abs=1e-5)


class TestResampling:
    def test_all_rows_of_an_account_count_alike_and_as_many_accounts_are_drawn_as_there_are(
        self,
    ) -> None:
        weights = resampled(pd.Series(["a", "b", "a", "c"]), draws=50, seed=1)
        assert weights.shape == (50, 4)
        assert (weights[:, 0] == weights[:, 2]).all()
        assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()
        assert weights.max() > 1

    def test_the_same_seed_draws_the_same_accounts(self) -> None:
        accounts = pd.Series(list("abcdefgh"))
        first, again, other = (resampled(accounts, 5, seed) for seed in (1, 1, 2))
        assert (first == again).all()
        assert (first != other).any()

    def test_an_account_is_drawn_once_on_average(self) -> None:
        weights = resampled(pd.Series(range(20)), draws=4000, seed=3)
        assert weights.mean(axis=0) == pytest.approx(np.ones(20), abs=0.08)

    def test_differences_are_paired_draw_by_draw(self) -> None:
        """Losses .1 and .5 against .2 and .3, of the first account twice, the second twice, and both."""
        weights = np.array([[2, 0], [0, 2], [1, 1]])
        ours, theirs = np.array([0.1, 0.5]), np.array([0.2, 0.3])
        full, less = (of_losses(losses, weights) for losses in (ours, theirs))
        difference = full.less(less)
        assert difference.drawn[:, 0] == pytest.approx([-0.1, 0.2, 0.05])
        assert difference.found[0] == pytest.approx(0.05)

    def test_a_model_against_itself_has_no_difference_in_any_draw(self) -> None:
        weights = resampled(pd.Series(range(30)), draws=20, seed=1)
        risks = np.linspace(0.1, 0.9, 30)
        same = of_losses(risks, weights)
        assert same.drawn.std() > 0
        assert not same.less(same).drawn.any()

    def test_the_interval_is_the_middle_of_what_was_drawn(self) -> None:
        assert interval(np.arange(1001.0)[::-1]) == pytest.approx((25.0, 975.0))

    def test_a_difference_is_clear_that_leaves_out_0_and_is_larger_than_that_of_growing_anew(
        self,
    ) -> None:
        weights = np.array([[2, 0], [0, 2], [1, 1]])
        below, above, across, small = (
            of_losses(np.array(losses), weights)
            for losses in ([-0.2, -0.1], [0.1, 0.2], [-0.1, 0.2], [0.01, 0.02])
        )
        assert [clear_side(worth, small, 0) for worth in (below, above, across)] == [
            -1,
            1,
            0,
        ]
        assert clear_side(small, above, 0) == 0

    def test_books_of_one_group_are_averaged_draw_by_draw(self) -> None:
        weights = np.array([[2, 0], [0, 2]])
        one, other = (
            of_losses(np.array(losses), weights) for losses in ([0.1, 0.5], [0.3, 0.3])
        )
        mean = pooled([one, other])
        assert mean.found[0] == pytest.approx(0.3)
        assert mean.drawn[:, 0] == pytest.approx([0.2, 0.4])


def of_losses(losses: np.ndarray, weights: np.ndarray) -> Judged:
    drawn = np.array([[np.average(losses, weights=weight)] for weight in weights])
    return Judged(Variant(FULL, "", (), range(1)), np.array([losses.mean()]), drawn)


class TestExam:
    def test_the_date_is_the_last_whose_outcomes_are_known_and_training_knows_nothing_after_it(
        self, sample_book: Book
    ) -> None:
        exam = take(sample_book, "a company", last_known_date(sample_book), horizon=90)
        needed = (90 + exam.delay_days) * MICROS_PER_DAY
        assert (
            exam.as_of + needed
            <= sample_book.watermark
            < exam.as_of + needed + STEP_DAYS * MICROS_PER_DAY
        )
        assert (exam.past.frame["as_of_us"] + needed <= exam.as_of).all()
        assert (exam.now.frame["as_of_us"] == exam.as_of).all()
        assert exam.now.frame["account_id"].is_unique
        assert exam.now.left[90].isin([0.0, 1.0]).all()


class TestFeatures:
    def test_the_part_of_a_column_is_of_all_that_is_added_whatever_its_sign(
        self,
    ) -> None:
        assert part(np.array([[3.0, 0.0, -1.0], [-3.0, 0.0, 1.0]])) == pytest.approx(
            [0.75, 0.0, 0.25]
        )

    def test_what_no_class_reads_has_no_part(self) -> None:
        """Three classes told apart by the first column; the second is the same in every row."""
        outcome = np.repeat([0.0, 1.0, 2.0], 40)
        matrix = np.column_stack([outcome, np.ones(120)])
        booster = grow(
            matrix,
            outcome,
            Setting(trees=3, columns_per_tree=1.0),
            categorical=[],
            classes=3,
        )
        added = class_contributions(booster, matrix)
        assert added.shape == (360, 2)
        assert part(added) == pytest.approx([1.0, 0.0])

    def test_what_else_needs_a_feature_is_told(self) -> None:
        assert "pinch_signs" in used_by("complaints_90d")
        assert "models/fitted/migration.py" in used_by("quadrant")


@pytest.mark.slow
def test_a_small_run_writes_the_page_and_says_what_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINCH_DATA", str(tmp_path))
    page = tmp_path / "themes.md"
    small = [
        "--accounts",
        "400",
        "--months",
        "12",
        "--seeds",
        "3",
        "--examples",
        "cdnow",
    ]
    main([*small, "--growings", "1", "--draws", "20", "--out", str(page)])
    written = page.read_text()
    assert written.startswith("# Which theme is worth what")
    assert "## The simulated company, defection at 90 days" in written
    assert "## The simulated company, migration at 90 days" in written
    assert all(f"| {theme.title} |" in written for theme in THEMES)
    assert "CDNOW is skipped" in written
    assert "nan" not in written
    assert str(tmp_path) not in written
    assert all(
        len(line) <= 120
        for line in written.splitlines()
        if not line.startswith(("|", "PINCH_DATA"))
    )
    assert "CPU" in capsys.readouterr().err
