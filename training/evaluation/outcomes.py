"""Outcomes: what each model said at a test date, and what happened; and how that is looked up over all dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from training.metrics import Array, defection_figures
from training.past.telltale_facts import Suspicion

NEXT_ANSWER = "next answer"
"""What tables call the prediction of the next answer."""


Row = dict[str, str | float | int | None]


@dataclass(frozen=True)
class Outcome:
    """What a model said at a test date and what happened: for pictures of calibration and lift, and for the gate.

    Attributes:
        model: ours or a baseline, by name.
        horizon: in days.
        left: 1 has left, 0 stays, shape (rows,).
        risk: probabilities, shape (rows,).
        accounts: whose row it is, shape (rows,); empty where nobody asks.
    """

    model: str
    horizon: int
    left: Array
    risk: Array
    accounts: npt.NDArray[np.object_] = field(
        default_factory=lambda: np.empty(0, dtype=object)
    )

    def row(self) -> Row:
        """The figures of it."""
        figures = defection_figures(self.left, self.risk)
        return {"model": self.model, "horizon": self.horizon, **figures}


@dataclass(frozen=True)
class StateOutcome:
    """What a model said of the states at the migration horizon, or of the next answer, and what happened.

    Attributes:
        model: ours or a baseline, by name.
        today: code of the quadrant at the test date, 4 for unknown, shape (rows,).
        state: code of the state at the horizon, 4 for defected, or of the quadrant of the answer, shape (rows,).
        chances: shape (rows, states or quadrants); rows sum to 1.
        accounts: whose row it is, shape (rows,).
    """

    model: str
    today: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]
    chances: Array
    accounts: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Evaluation:
    """Figures at one test date.

    Attributes:
        as_of: the test date, in microseconds since 1970.
        defection: a row for each model and horizon.
        migration: a row for each model; empty without surveys.
        next_answer: a row for each model; empty where nobody has answered.
        silent: a row for each model, of the share that is silent among those who left within the migration horizon;
            empty where nobody is known to have left silently or overtly.
        outcomes: of defection, for each model and horizon.
        states: of migration, for each model; empty without surveys.
        answers: of the next answer, for each model; empty where nobody has answered.
        suspicions: facts that tell too much of who left, where they were looked for.
    """

    as_of: int
    defection: list[Row]
    migration: list[Row]
    outcomes: list[Outcome]
    states: list[StateOutcome] = field(default_factory=list)
    silent: list[Row] = field(default_factory=list)
    next_answer: list[Row] = field(default_factory=list)
    answers: list[StateOutcome] = field(default_factory=list)
    suspicions: tuple[Suspicion, ...] = ()

    def predictions(self) -> dict[str, list[Row]]:
        """The rows of each prediction by its name."""
        return {
            "defection": self.defection,
            "migration": self.migration,
            NEXT_ANSWER: self.next_answer,
            "silent": self.silent,
        }


def said(evaluations: Sequence[Evaluation], model: str, horizon: int) -> list[Outcome]:
    """What a model said of leaving by a horizon in days at the test dates, oldest first."""
    outcomes = chain.from_iterable(found.outcomes for found in evaluations)
    return [o for o in outcomes if (o.model, o.horizon) == (model, horizon)]


def states_said(evaluations: Sequence[Evaluation], model: str) -> list[StateOutcome]:
    """What a model said of migration at the test dates, oldest first."""
    outcomes = chain.from_iterable(found.states for found in evaluations)
    return [outcome for outcome in outcomes if outcome.model == model]


def answers_said(evaluations: Sequence[Evaluation], model: str) -> list[StateOutcome]:
    """What a model said of the next answer at the test dates, oldest first."""
    outcomes = chain.from_iterable(found.answers for found in evaluations)
    return [outcome for outcome in outcomes if outcome.model == model]


def models_said(evaluations: Sequence[Evaluation], horizon: int) -> list[str]:
    """The models that said something of leaving by a horizon in days, ours first."""
    outcomes = chain.from_iterable(found.outcomes for found in evaluations)
    return list(dict.fromkeys(o.model for o in outcomes if o.horizon == horizon))


def movers_said(evaluations: Sequence[Evaluation]) -> list[str]:
    """The models that said something of migration, ours first."""
    outcomes = chain.from_iterable(found.states for found in evaluations)
    return list(dict.fromkeys(outcome.model for outcome in outcomes))


def horizons_said(evaluations: Sequence[Evaluation]) -> list[int]:
    """The horizons of which something was said, in days, in the order of the first test date that has them."""
    outcomes = chain.from_iterable(found.outcomes for found in evaluations)
    return list(dict.fromkeys(outcome.horizon for outcome in outcomes))
