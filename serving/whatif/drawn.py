"""Draws of the risks with and without what is asked: of what events do, and of risks that are wrong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.timeline.rows import Floats
from models.effects.hazards import risk_of
from models.effects.posterior import DRAWS, SEED
from serving.whatif.known import Known
from serving.whatif.question import Question
from serving.whatif.scene import Scene

SURE = 0.8
"""How often what is told lies in its interval."""


@dataclass(frozen=True)
class Drawn:
    """Risks at a horizon, of shape (draws, accounts).

    Attributes:
        before, after: without and with what is asked.
    """

    before: Floats
    after: Floats

    @property
    def more(self) -> Floats:
        """What is added to the risks."""
        return self.after - self.before


def drawn(
    scene: Scene,
    questions: Sequence[Question],
    known: Mapping[str, Known],
    accounts: pd.Index,
    horizon: int,
) -> Drawn:
    """Draws of the risks of some accounts at a horizon.

    Args:
        scene: the book at the date.
        questions: what happens, all of it.
        known: of each kind of event, by name.
        accounts: that the questions meet.
        horizon: in days.
    """
    rng = np.random.default_rng(SEED + 1)  # not those of the effects
    wrong = np.exp(scene.scorer.shift * rng.standard_normal(DRAWS))[:, None]
    hazard = scene.hazards(horizon)[accounts].to_numpy()
    added = np.zeros((DRAWS, len(accounts)))
    for place, question in enumerate(questions):
        met = question.accounts(scene)
        where = accounts.get_indexer(met)
        added[:, where] += _added(scene, known[question.kind.name], met, horizon, place)
    return Drawn(risk_of(wrong * hazard), risk_of(wrong * (hazard + added)))


def _added(
    scene: Scene, known: Known, met: pd.Index, horizon: int, place: int
) -> Floats:
    """What an event adds to the hazards, shape (draws, accounts); each event differs, so their draws do."""
    struck = scene.struck(known.kind, met, horizon, known.usual)
    excess, share = known.posterior.drawn(place)
    alike, by_dependence = struck.unit(0.0), struck.unit(1.0)
    told = (1.0 - share)[:, None] * alike + share[:, None] * by_dependence
    return np.asarray(excess[:, None] * told)


def interval(draws: Floats) -> dict[str, float]:
    """The mean of some draws, and the interval that holds `SURE` of them: ``mean``, ``low``, ``high``."""
    low, high = np.quantile(draws, [(1.0 - SURE) / 2.0, (1.0 + SURE) / 2.0])
    return {"mean": float(draws.mean()), "low": float(low), "high": float(high)}
