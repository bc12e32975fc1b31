"""Defection: the risk that an account has left by each horizon, never decreasing with the horizon.

A blend for each horizon, or what another learner has fitted; where a later horizon has the lower risk, both take their
mean. Models from before docs/adr/0022 may have a calibration as well. Which share of the risk is silent is told beside
it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.fitted import artefact, reference, silence
from models.fitted.blend import FULL_SHARE, Blend, of_files
from models.fitted.calibration import Calibration
from models.fitted.encoding import Encoding, Matrix, of_description
from models.fitted.known_answers import Answers, keep_answers
from models.fitted.learner import OURS, Fitted, files_of, reader_of
from models.fitted.reference import Reference
from models.fitted.silence import Silence
from models.score.horizon import planned, risk_column


@dataclass(frozen=True)
class DefectionModel:
    """A fitted defection model.

    Attributes:
        encoding: the columns it reads.
        blends: what was fitted for each horizon in days, ascending, a blend unless the learner is another; a horizon
            with too few leavers or stayers has none.
        calibrations: of the horizons that are calibrated, in a model from before there were none.
        facts: what it was trained on, for the record: as-of dates, watermark, quiet period.
        silence: which share of the risk is silent; None where no leaver was known to be silent or overt.
        learner: the name of who fitted the blends.
        typical: the median of each column that is a number over the rows that it was fitted on, against which reasons
            are told; of none in a model from before there were any.
        reference: how things stood when it was trained; None in a model from before there was one.
    """

    encoding: Encoding
    blends: Mapping[int, Fitted]
    calibrations: Mapping[int, Calibration] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    silence: Silence | None = None
    learner: str = OURS
    typical: Mapping[str, float] = field(default_factory=dict)
    reference: Reference | None = None

    def risks(self, frame: pd.DataFrame, matrix: Matrix | None = None) -> pd.DataFrame:
        """The risk at each fitted horizon, for each row of a snapshot: columns ``risk_{horizon}d``.

        Args:
            frame: a snapshot.
            matrix: the same, encoded, where that has been done.
        """
        matrix = self.encoding.matrix(frame) if matrix is None else matrix
        return pd.DataFrame(self.risks_of(matrix), index=frame.index)

    def risks_of(self, matrix: Matrix) -> dict[str, npt.NDArray[np.float64]]:
        """The risks of encoded rows by column, each of shape (rows,), see `risks`."""
        risks = [
            self.calibrations.get(horizon, Calibration()).probability(blend.raw(matrix))
            for horizon, blend in self.blends.items()
        ]
        columns = map(risk_column, self.blends)
        return dict(zip(columns, rising(np.column_stack(risks)).T, strict=True))

    def silent_shares(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """The chance of each row of a snapshot to leave silently if it leaves, shape (rows,); missing if not known."""
        return self.silent_shares_of(self.encoding.matrix(frame))

    def silent_shares_of(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """The shares of encoded rows, see `silent_shares`."""
        if self.silence is None:
            return np.full(len(matrix), np.nan)
        return self.silence.shares(matrix)

    def answers(self, frame: pd.DataFrame) -> Answers:
        """The risks and the silent share of each row of a snapshot, by name."""
        risks = self.risks(frame)
        told = {str(name): risks[name].to_numpy() for name in risks}
        return {**told, "silent": self.silent_shares(frame)}

    def blend(self, horizon: int) -> Blend:
        """The blend of a horizon, in a model by our own learner."""
        fitted = self.blends[horizon]
        assert isinstance(fitted, Blend)
        return fitted

    @property
    def reasons_horizon(self) -> int:
        """The horizon whose blend gives the reasons: the one that lists plan for."""
        horizon = planned(self.blends)
        assert horizon is not None
        return horizon

    def contributions(self, frame: pd.DataFrame) -> Matrix:
        """What each column adds to the log-odds of having left, for each row of a snapshot: shape (rows, columns)."""
        return self.contributions_of(self.encoding.matrix(frame))

    def contributions_of(self, matrix: Matrix) -> Matrix:
        """What each column adds for encoded rows, see `contributions`."""
        return self.blends[self.reasons_horizon].contributions(matrix)

    def save(self, folder: Path) -> None:
        """Writes the model to a folder.

        Raises:
            ModelError: it is by another learner, and what it has fitted is no texts of their own.
        """
        described = {
            "kind": "defection",
            **self.encoding.described(),
            "horizons": list(self.blends),
            "learner": self.learner,
            "typical": self.typical,
            "booster_shares": {
                h: blend.share
                for h, blend in self.blends.items()
                if isinstance(blend, Blend)
            },
            "calibrations": {
                h: [c.slope, c.intercept] for h, c in self.calibrations.items()
            },
            "facts": self.facts,
            **keep_answers(self.encoding, self.answers),
        }
        files = {"model.json": json.dumps(described, indent=1)}
        for horizon, blend in self.blends.items():
            files |= files_of(blend, self.learner, f"{horizon}d")
        if self.silence is not None:
            files |= self.silence.files()
        if self.reference is not None:
            files |= self.reference.files()
        artefact.write_folder(folder, files)


def load(folder: Path) -> DefectionModel:
    """Reads a model from a folder, after checking that it is whole.

    Raises:
        ModelError: it is not whole, or by a learner whose reader is not known.
    """
    described, files = artefact.read_model(folder, "defection")
    return DefectionModel(
        encoding=of_description(described),
        blends=_blends(described, files),
        calibrations={
            int(h): Calibration(*line) for h, line in described["calibrations"].items()
        },
        facts=described["facts"],
        silence=silence.of_files(files),
        learner=described.get("learner", OURS),
        typical=described.get("typical", {}),
        reference=reference.of_files(files),
    )


def _blends(described: Mapping[str, Any], files: dict[str, str]) -> dict[int, Fitted]:
    learner = described.get("learner", OURS)
    if learner != OURS:
        read = reader_of(learner)
        return {
            horizon: read(files, f"{horizon}d") for horizon in described["horizons"]
        }
    # A model from before there were any has none.
    shares = described.get("booster_shares", {})
    return {
        h: of_files(files, f"{h}d", shares.get(str(h), FULL_SHARE))
        for h in described["horizons"]
    }


def rising(risks: Matrix) -> Matrix:
    """The nearest curves that never fall: neighbours that fall are pooled, and take their mean.

    The isotonic regression of each row, by its formula of largest and smallest means (Robertson, Wright & Dykstra,
    1988).

    Args:
        risks: shape (rows, horizons).

    Example:
        >>> rising(np.array([[0.1, 0.4, 0.2, 0.5]])).round(3).tolist()
        [[0.1, 0.3, 0.3, 0.5]]
    """
    horizons = risks.shape[1]
    sums = np.cumsum(np.pad(risks, ((0, 0), (1, 0))), axis=1)
    smallest = np.full((horizons, *risks.shape), -np.inf)
    for first in range(horizons):
        lengths = np.arange(1, horizons - first + 1)
        means = (sums[:, first + 1 :] - sums[:, [first]]) / lengths
        from_last = np.minimum.accumulate(means[:, ::-1], axis=1)
        smallest[first, :, first:] = from_last[:, ::-1]
    return np.asarray(np.clip(smallest.max(axis=0), 0.0, 1.0))
