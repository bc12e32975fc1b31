"""Rows of an evaluation: what was said of each account, and what happened to it."""

from datetime import date

import numpy as np
import pytest

from models.score.states import STATES
from training.evaluation.outcomes import Evaluation, Outcome, StateOutcome
from training.evaluation.row_level import row_level
from training.fitting.rivals import MODEL


def named(*accounts):
    return np.array(accounts, dtype=object)


OUTCOMES = [
    Outcome(MODEL, 30, np.array([0.0]), np.array([0.25]), named("b")),
    Outcome("recency", 30, np.array([0.0]), np.array([0.5]), named("b")),
    Outcome(MODEL, 90, np.array([1.0, 0.0]), np.array([0.75, 0.25]), named("b", "a")),
    Outcome(
        "recency", 90, np.array([1.0, 0.0]), np.array([0.5, 0.125]), named("b", "a")
    ),
]
CHANCES = np.array([[0.5, 0.25, 0.125, 0.0625, 0.0625]])


def test_a_row_holds_what_happened_and_what_each_model_said():
    rows = row_level(Evaluation(0, [], [], OUTCOMES))
    assert rows.to_dict("records") == [
        dict(zip(rows, row, strict=True))
        for row in [
            ("b", date(1970, 1, 1), 30, 0, 0.25, 0.5),
            ("a", date(1970, 1, 1), 90, 0, 0.25, 0.125),
            ("b", date(1970, 1, 1), 90, 1, 0.75, 0.5),
        ]
    ]
    assert rows.columns.tolist() == [
        "account_id",
        "as_of",
        "horizon",
        "left",
        "risk",
        "recency_risk",
    ]


def test_where_there_are_surveys_it_holds_the_state_and_its_chances_at_90_days():
    said = [
        StateOutcome(model, np.array([0]), np.array([4]), chances, named("b"))
        for model, chances in ((MODEL, CHANCES), ("stay_put", CHANCES[:, ::-1]))
    ]
    rows = row_level(Evaluation(0, [], [], OUTCOMES, said)).set_index(
        ["account_id", "horizon"]
    )
    assert rows["state"].dropna().to_dict() == {("b", 90): "defected"}
    mine, theirs = (
        [f"{prefix}p_{state}_90d" for state in STATES] for prefix in ("", "stay_put_")
    )
    assert rows.loc[("b", 90), mine].tolist() == pytest.approx(CHANCES[0])
    assert rows.loc[("b", 90), theirs].tolist() == pytest.approx(CHANCES[0, ::-1])
    assert rows.loc[[("a", 90), ("b", 30)], [*mine, *theirs]].isna().all(axis=None)
