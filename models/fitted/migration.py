"""Migration: the settled quadrant at the horizon, of accounts that stay; and the quadrant of their next answer.

The model starts from the empirical Markov matrix, what usually follows the quadrant of today, and the booster learns
what the features add to it. With the risk of defection as the fifth, absorbing state each account's row sums to 1. The
next answer has a model of the same form beside it (docs/adr/0023).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.quadrants import KNOWN
from models.fitted import artefact
from models.fitted.boosting import Booster
from models.fitted.calibration import StateCalibration
from models.fitted.encoding import Encoding, Matrix, Snapshot, of_description
from models.fitted.known_answers import Answers, keep_answers
from models.score.horizon import state_column
from models.score.states import STATES

BOOSTER, ANSWER_BOOSTER = "booster.txt", "answer.booster.txt"


@dataclass(frozen=True)
class MigrationModel:
    """A fitted migration model.

    Attributes:
        encoding: the columns it reads.
        booster: what the features add to the matrix, in log-odds per quadrant.
        markov: chances of each quadrant at the horizon, by the quadrant of today, the last row for unknown: (5, 4).
        facts: what it was trained on, for the record.
        calibration: of the chances, where that was found to help.
        answer: a model of the next answer within the horizon, on the same columns; None where too few have answered,
            and beside a model from before there was one.
    """

    encoding: Encoding
    booster: Booster
    markov: Matrix
    facts: Mapping[str, object] = field(default_factory=dict)
    calibration: StateCalibration = StateCalibration()
    answer: MigrationModel | None = None

    def quadrants(self, frame: Snapshot, matrix: Matrix | None = None) -> Matrix:
        """Chances of each quadrant at the horizon given that the account stays, shape (rows, 4).

        Args:
            frame: a snapshot.
            matrix: the same, encoded, where that has been done.
        """
        return self.calibration.chances(
            self.log_chances(frame, matrix), quadrant_codes(frame)
        )

    def log_chances(self, frame: Snapshot, matrix: Matrix | None = None) -> Matrix:
        """What is calibrated: logarithms of the chances, up to an addend of the row, shape (rows, 4)."""
        matrix = self.encoding.matrix(frame) if matrix is None else matrix
        return np.asarray(
            self.booster.raw(matrix) + np.log(self.markov[quadrant_codes(frame)])
        )

    def answers(self, frame: pd.DataFrame) -> Answers:
        """The chances of each quadrant, and of each as the next answer, of each row of a snapshot, by name."""
        told = dict(zip(map(str, KNOWN), self.quadrants(frame).T, strict=True))
        if self.answer is not None:
            shown = self.answer.quadrants(frame).T
            told |= {
                f"next {quadrant}": of
                for quadrant, of in zip(KNOWN, shown, strict=True)
            }
        return told

    def save(self, folder: Path) -> None:
        """Writes the model to a folder."""
        described = {
            "kind": "migration",
            **self.encoding.described(),
            **self._numbers(),
            "facts": self.facts,
            **keep_answers(self.encoding, self.answers),
        }
        files = {BOOSTER: self.booster.text}
        if self.answer is not None:
            described["answer"] = self.answer._numbers()
            files[ANSWER_BOOSTER] = self.answer.booster.text
        artefact.write_folder(
            folder, {"model.json": json.dumps(described, indent=1), **files}
        )

    def _numbers(self) -> dict[str, object]:
        """All but the columns and the booster."""
        return {
            "markov": self.markov.tolist(),
            "calibration": [self.calibration.slope, self.calibration.stay],
        }


def load(folder: Path) -> MigrationModel:
    """Reads a model from a folder, after checking that it is whole."""
    described, files = artefact.read_model(folder, "migration")
    model = _of_numbers(described, described, files[BOOSTER])
    if "answer" not in described:
        return model
    return replace(
        model, answer=_of_numbers(described, described["answer"], files[ANSWER_BOOSTER])
    )


def _of_numbers(
    described: Mapping[str, Any], numbers: Mapping[str, Any], booster: str
) -> MigrationModel:
    return MigrationModel(
        encoding=of_description(described),
        booster=Booster(booster),
        markov=np.array(numbers["markov"]),
        facts=described["facts"],
        calibration=StateCalibration(*numbers.get("calibration", [])),
    )


def states(quadrants: Matrix, defected: npt.NDArray[np.float64]) -> pd.DataFrame:
    """The chances of all five states: those of the quadrants given that the account stays, and the risk that not.

    Example:
        >>> states(np.array([[0.5, 0.5, 0.0, 0.0]]), np.array([0.2])).round(3).to_numpy().tolist()
        [[0.4, 0.4, 0.0, 0.0, 0.2]]
    """
    return pd.DataFrame(states_of(quadrants, defected))


def states_of(
    quadrants: Matrix, defected: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    """The chances of all five states by column, each of shape (rows,), see `states`."""
    everything = np.column_stack([quadrants * (1.0 - defected[:, None]), defected])
    return dict(zip(map(state_column, STATES), everything.T, strict=True))


def quadrant_codes(frame: Snapshot) -> npt.NDArray[np.int64]:
    """The quadrant of today of each row of a snapshot, 0 to 3, 4 for unknown."""
    codes = np.asarray(frame["quadrant"], dtype=np.float64)
    return np.where(np.isnan(codes), len(KNOWN), codes).astype(np.int64)
