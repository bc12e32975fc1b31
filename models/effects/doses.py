"""What was done for accounts, and what it did to the scores on either axis: a regression, shrunk to what is claimed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.edits.doses import DOSES
from features.quadrants import EXCEPTIONAL_FROM
from models.effects.evidence import Floats

AXES = ("product", "people")
CLAIMED: Mapping[str, tuple[float, float]] = {
    "kept": (0.0, 0.1),
    "broken": (0.0, -0.2),
    "handed": (0.0, -0.3),
    "fast_grave": (0.1, 0.2),
    "fast_asked": (0.0, 0.05),
    "waiting": (-0.1, -0.2),
    "fits": (0.0, 0.2),
}
"""What the seeds claim that each dose does, in points of the product and of the people; nothing where left out."""
SPREAD, SPREAD_OF_NONE = 0.1, 0.03
"""How far a dose may lie from its claim, and from nothing where none is made, before anything is known: standard
deviations."""
STAYS = 0.7
"""How much of a level lasts to the next score, before anything is known."""
DRAWS, SEED = 200, 20261128


@dataclass(frozen=True)
class DoseEffects:
    """What a dose does to the scores.

    Attributes:
        past: the quarters of the past, see `training.effects.doses.quarters`.
        level: of each axis the weights of 1 and of the levels of both axes, shape (axes, 3).
        effect: points of each dose, shape (axes, doses).
        cover: the covariance of these, shape (axes, doses, doses).
        spread: standard deviation of a score about what is expected, by axis.
    """

    past: pd.DataFrame
    level: Floats
    effect: Floats
    cover: Floats
    spread: Floats

    def drawn(self) -> Floats:
        """Draws of the effects, shape (draws, axes, doses); the same ones every time."""
        rng = np.random.default_rng(SEED)
        parts = [
            rng.multivariate_normal(mean, cover, DRAWS, method="cholesky")
            for mean, cover in zip(self.effect, self.cover, strict=True)
        ]
        return np.stack(parts, axis=1)

    def exceptional(self, levels: Floats, points: Floats) -> Floats:
        """The chance that both scores are exceptional.

        Args:
            levels: of both axes, shape (accounts, axes); missing ones are taken for the usual.
            points: what doses add, shape (..., accounts, axes).
        """
        usual = self.past[[f"{axis}_level" for axis in AXES]].mean()
        told = usual.fillna(EXCEPTIONAL_FROM).to_numpy()
        filled = np.where(np.isnan(levels), told, levels)
        read = np.column_stack([np.ones(len(filled)), filled])
        above = (read @ self.level.T + points - EXCEPTIONAL_FROM) / self.spread
        return np.asarray(_normal(above).prod(axis=-1))

    def like(self, quadrant: float, raised: tuple[str, ...], dose: float) -> int:
        """Accounts of the past in a quadrant for which as much was done in a quarter."""
        same = self.past["quadrant"].fillna(-1.0) == (
            -1.0 if np.isnan(quadrant) else quadrant
        )
        as_much = self.past[list(raised)].sum(axis=1) >= dose
        return int(self.past.loc[same & as_much, "account_id"].nunique())


def effects_of(past: pd.DataFrame) -> DoseEffects:
    """What doses did, from quarters of the past, see `training.effects.doses.quarters`."""
    fitted = [_fitted(past, axis, place) for place, axis in enumerate(AXES)]
    level, effect, cover, spread = (
        np.stack(part) for part in zip(*fitted, strict=True)
    )
    return DoseEffects(past, level, effect, cover, spread)


def _fitted(
    past: pd.DataFrame, axis: str, place: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """The weights of the levels, of the doses, their covariance, and the spread of what is left."""
    levels = [f"{each}_level" for each in AXES]
    known = past.dropna(subset=[axis, *levels])
    read = known[[*levels, *DOSES]]
    rep = known["rep_id"].fillna("")
    rows = np.column_stack([np.ones(len(read)), _among_equals(read, rep)])
    score = _among_equals(known[axis], rep)
    claim = np.array([CLAIMED.get(dose, (0.0, 0.0))[place] for dose in DOSES])
    stays = np.where(np.arange(len(AXES)) == place, STAYS, 0.0)
    prior = np.array([(1.0 - STAYS) * EXCEPTIONAL_FROM, *stays, *claim])
    loose = np.where(claim == 0.0, SPREAD_OF_NONE, SPREAD)
    sure = np.diag([1e-2, *[1e-1] * len(AXES), *loose**-2])
    spread = 1.0
    for _ in range(3):
        precision = rows.T @ rows / spread**2 / OVERLAP + sure
        cover: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        weights: Floats = cover @ (rows.T @ score / spread**2 / OVERLAP + sure @ prior)
        left = score - rows @ weights
        spread = float(np.sqrt((left @ left + 1.0) / (len(left) + 1.0)))
    first = 1 + len(AXES)
    effect, unsure = weights[first:], cover[first:, first:]
    return weights[:first], effect, unsure, np.array(spread, dtype=np.float64)


def _among_equals(values: pd.DataFrame | pd.Series, rep: pd.Series) -> Floats:
    """Values less what is usual with their rep, whose skill is behind much that is done, and the usual of all."""
    apart = values - values.groupby(rep).transform("mean") + values.mean()
    return np.asarray(apart, dtype=np.float64)


OVERLAP = 3.0
"""A quarter that ends each month shares its days with others: so many rows count for one."""


def _normal(deviations: Floats) -> Floats:
    """The standard normal distribution function."""
    return np.asarray(0.5 * (1.0 + np.vectorize(math.erf)(deviations / math.sqrt(2.0))))
