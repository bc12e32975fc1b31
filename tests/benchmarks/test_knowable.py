"""The share of the knowable: its arithmetic by hand, and a tiny run from end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.knowable import known, leavers
from benchmarks.knowable.__main__ import main
from benchmarks.knowable.causes import ACCEPTED, agreement
from benchmarks.knowable.hidden import with_hidden
from benchmarks.knowable.leavers import first_departures
from benchmarks.knowable.leavers_page import theme_title
from benchmarks.knowable.log_losses import endless, expected_log_loss, share_closed
from benchmarks.knowable.oracle import one_hot
from benchmarks.knowable.shares import closed
from benchmarks.shared.theme_sums import named_themes, theme_sums
from company.hazards import TRIGGERS
from models.score.reasons import TITLES
from training.past.training_set import TrainingSet


class TestExpectedLogLoss:
    def test_is_the_mean_over_rows_of_the_true_probabilities_times_the_logarithms(
        self,
    ) -> None:
        truth = np.array([[0.75, 0.25], [1.0, 0.0]])
        chances = np.array([[0.5, 0.5], [0.8, 0.2]])
        assert expected_log_loss(truth, chances) == pytest.approx(
            (np.log(2) - np.log(0.8)) / 2
        )

    def test_a_row_that_may_not_be_judged_counts_less(self) -> None:
        truth = np.array([[0.25, 0.25], [1.0, 0.0]])
        chances = np.array([[0.5, 0.5], [0.8, 0.2]])
        assert expected_log_loss(truth, chances) == pytest.approx(
            (0.5 * np.log(2) - np.log(0.8)) / 1.5
        )

    def test_of_what_happened_is_the_usual_log_loss_of_the_rows_whose_outcome_is_known(
        self,
    ) -> None:
        happened = one_hot(pd.Series([1.0, np.nan, 0.0]), 2)
        assert happened.tolist() == [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
        chances = np.array([[0.4, 0.6], [0.9, 0.1], [0.9, 0.1]])
        expected = -(np.log(0.6) + np.log(0.9)) / 2
        assert expected_log_loss(happened, chances) == pytest.approx(expected)

    def test_the_truth_itself_has_the_least_and_certainty_stays_finite(self) -> None:
        truth = np.array([[0.7, 0.3], [0.1, 0.9]])
        entropy = expected_log_loss(truth, truth)
        nudge = np.array([[0.05, -0.05]])
        assert expected_log_loss(truth, truth + nudge) > entropy
        assert expected_log_loss(truth, truth - nudge) > entropy
        assert np.isfinite(expected_log_loss(truth, np.array([[0.0, 1.0], [1.0, 0.0]])))


class TestShare:
    def test_of_the_distance_to_the_oracle(self) -> None:
        assert share_closed(0.5, 0.5, 0.1) == 0.0
        assert share_closed(0.5, 0.1, 0.1) == 1.0
        assert share_closed(0.5, 0.4, 0.1) == pytest.approx(0.25)
        assert share_closed(0.5, 0.6, 0.1) == pytest.approx(-0.25)

    def test_by_seed_with_their_mean(self) -> None:
        rows = [
            ("base_rate", 0.5),
            ("recency", 0.5),
            ("logistic", 0.4),
            ("pinch", 0.3),
            ("oracle", 0.1),
        ]
        losses = pd.DataFrame(rows, columns=["model", "expected"]).assign(
            prediction="defection", horizon=90
        )
        worse = losses.assign(
            expected=losses["expected"].where(losses["model"] != "pinch", 0.4), seed=2
        )
        table = closed(pd.concat([losses.assign(seed=1), worse]))
        assert table.loc[("defection", 90, "pinch")].tolist() == pytest.approx(
            [0.5, 0.25, 0.375]
        )
        assert table.index.get_level_values("model").tolist() == [
            "recency",
            "logistic",
            "pinch",
        ]
        assert table.loc[("defection", 90, "logistic")].tolist() == pytest.approx(
            [0.25, 0.25, 0.25]
        )

    def test_draws_that_are_too_few_make_entropy_too_small_and_extrapolation_mends_it(
        self,
    ) -> None:
        rng = np.random.default_rng(0)
        true, draws, accounts = 0.3, 40, 20_000
        halves = rng.binomial(draws // 2, true, (2, accounts)) / (draws // 2)

        def entropy(left: np.ndarray) -> float:
            truth = np.column_stack([1 - left, left])
            return float(expected_log_loss(truth, truth))

        exact = entropy(np.array([true]))
        many, fewer = entropy(halves.mean(axis=0)), entropy(halves[0])
        assert many < exact - 0.01
        assert endless(many, draws, fewer, draws // 2) == pytest.approx(
            exact, abs=0.003
        )


class TestCauses:
    def test_every_trigger_of_the_company_has_an_entry(self) -> None:
        assert set(ACCEPTED) == set(TRIGGERS)

    def test_a_theme_that_does_not_exist_is_told_as_such(self) -> None:
        assert theme_title("voice") == TITLES["voice"]
        assert "no such theme" in theme_title("telepathy")

    def test_themes_are_summed_and_only_those_that_add_are_named(self) -> None:
        columns = ["days_silent", "usual_gap", "complaints_90d", "plan"]
        sums = theme_sums(
            columns, np.array([[0.3, 0.3, 0.5, -0.1], [-0.4, 0.1, -0.2, -0.3]])
        )
        assert sums.columns.tolist() == ["indifference", "voice", "facts"]
        named = named_themes(sums)
        assert named.loc[0].tolist()[:2] == ["indifference", "voice"]
        assert named.isna().to_numpy().tolist() == [
            [False, False, True],
            [True, True, True],
        ]

    def test_agreement_beside_chance(self) -> None:
        """Two neglected and two wronged: reasons name the former always, the latter never."""
        looked = pd.DataFrame(
            {
                "seed": 1,
                "account_id": list("abcde"),
                "occurred_at": 0,
                "trigger": [
                    "neglect",
                    "neglect",
                    "failure_not_fixed",
                    "failure_not_fixed",
                    np.nan,
                ],
                "theme_1": [
                    "indifference",
                    "attention",
                    "voice",
                    "indifference",
                    "trust",
                ],
                "theme_2": [None, None, "trust", None, None],
                "theme_3": None,
            }
        )
        table = agreement(looked).set_index("trigger")
        assert table["rows"].to_dict() == {
            "neglect": 2,
            "failure_not_fixed": 2,
            "all": 4,
        }
        assert table["first"].to_dict() == {
            "neglect": 1.0,
            "failure_not_fixed": 0.0,
            "all": 0.5,
        }
        assert table["any"].to_dict() == {
            "neglect": 1.0,
            "failure_not_fixed": 0.5,
            "all": 0.75,
        }
        # Three of four first reasons would name neglect, none the unfixed failure.
        assert table.loc["neglect", "chance_first"] == pytest.approx(0.75, abs=0.05)
        assert table.loc["all", "chance_first"] == pytest.approx(0.375, abs=0.05)
        assert table.loc["neglect", "most_named"] in {"indifference", "attention"}

    def test_departures_count_within_the_horizon_and_once(self) -> None:
        days = ["2026-01-01", "2026-01-02", "2026-02-01", "2026-04-01", "2026-04-02"]
        departures = pd.DataFrame(
            {
                "account_id": ["a", "b", "b", "c", "d"],
                "occurred_at": pd.to_datetime(days),
                "reason": "friend",
                "overt": False,
                "trigger": "chance",
            }
        )
        found = first_departures(departures, pd.Timestamp("2026-01-01").date())
        assert dict(
            zip(found["account_id"], found["occurred_at"].astype(str), strict=True)
        ) == {
            "b": "2026-01-02",
            "c": "2026-04-01",
        }

    def test_hidden_states_are_those_of_the_as_of_date_and_not_later(self) -> None:
        moments = pd.to_datetime(["2026-01-01", "2026-01-08"])
        hidden = pd.DataFrame(
            {
                "account_id": "a",
                "moment": moments.astype("datetime64[us]"),
                "pulse": [0.9, 0.2],
            }
        )
        as_ofs = (
            moments.append(pd.to_datetime(["2026-01-07"]))
            .astype("datetime64[us]")
            .astype("int64")
        )
        frame = pd.DataFrame({"account_id": "a", "as_of_us": as_ofs})
        told = with_hidden(TrainingSet(frame, frame, None, {}), hidden, ("pulse",))
        assert told.frame["hidden_pulse"].tolist() == [0.9, 0.2, 0.9]
        assert told.facts == {"hidden_pulse": "number"}


def test_a_tiny_run_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "HORIZONS", (30, 90))
    monkeypatch.setattr(leavers, "LATER_WEEKS", (28, 20))
    page = tmp_path / "knowable.md"
    asked = [
        "--accounts",
        "250",
        "--months",
        "15",
        "--draws",
        "8",
        "--seeds",
        "3",
        "--diagnosed",
        "--out",
        str(page),
    ]
    main(asked)
    written = page.read_text()
    assert written.startswith("# How much of the knowable the models know")
    assert "| defection, 90 days | **Pinch** |" in written
    assert "| migration, 90 days | **Pinch** |" in written
    assert "60%" in written
    assert "nan" not in written
    assert all(
        len(line) <= 120
        for line in written.splitlines()
        if not line.startswith(("|", ".venv/bin/python"))
    )
    assert capsys.readouterr().out.strip() == written.strip()
