"""The figures of a variant, as they are and of resampled accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.shared.resampling import Array, Counts, auc
from benchmarks.themes.variants import Variant
from models.fitted.migration import states
from models.score.horizon import risk_column
from training.fitting.models import Models
from training.metrics import log_losses
from training.past.training_set import TrainingSet

AUC, LOG_LOSS, STATE_LOSS = range(3)
"""Places of the figures: AUC and log loss of defection, log loss of migration."""


@dataclass(frozen=True)
class Forecast:
    """What was said of each account, beside what happened.

    Attributes:
        left: 1 has left, 0 stayed.
        place: of the risk among all risks, ascending from 0; the same for the same risk.
        losses: the log loss of each risk.
        state_losses: the log loss of each account's chances of the states; missing where its state is not known.
    """

    left: Array
    place: npt.NDArray[np.int64]
    losses: Array
    state_losses: Array


@dataclass(frozen=True)
class Judged:
    """The figures of a variant: as they are, shape (figures,), and of resampled accounts, shape (draws, figures)."""

    variant: Variant
    found: Array
    drawn: Array

    def less(self, other: Judged) -> Judged:
        """The figures of this less those of another, draw by draw."""
        return Judged(self.variant, self.found - other.found, self.drawn - other.drawn)


def judged_by(said: Forecast, variant: Variant, weights: Counts) -> Judged:
    """The figures of a forecast on all accounts, and on resampled ones."""
    return Judged(
        variant,
        figures(said, np.ones(len(said.left))),
        np.array([figures(said, w) for w in weights]),
    )


def forecast_of(models: Models, now: TrainingSet, horizon: int) -> Forecast:
    """What models say of a test date."""
    risk = models.defection.risks(now.frame)[risk_column(horizon)].to_numpy()
    left = now.left[horizon].to_numpy(dtype=np.float64)
    state_losses = np.full(len(left), np.nan)
    if now.state is not None and models.migration is not None:
        known = now.state.notna().to_numpy()
        chances = states(models.migration.quadrants(now.frame), risk).to_numpy()[known]
        state_losses[known] = log_losses(
            chances, now.state[known].to_numpy(dtype=np.int64)
        )
    return forecast(left, risk, state_losses)


def forecast(left: Array, risk: Array, state_losses: Array) -> Forecast:
    """A forecast of given risks; ``state_losses`` as in `Forecast`."""
    place = np.unique(risk, return_inverse=True)[1]
    return Forecast(
        left,
        place,
        log_losses(np.column_stack([1 - risk, risk]), left.astype(np.int64)),
        state_losses,
    )


def figures(said: Forecast, weight: Array | Counts) -> Array:
    """AUC, log loss, and log loss of the states (missing where none is known), with rows counting by weight."""
    known = ~np.isnan(said.state_losses)
    of_states = (
        np.average(said.state_losses[known], weights=weight[known])
        if known.any()
        else np.nan
    )
    return np.array(
        [
            auc(said.left, said.place, weight),
            np.average(said.losses, weights=weight),
            of_states,
        ]
    )


def pooled(judged: Sequence[Judged]) -> Judged:
    """The mean of the same variant over seeds or exams, draw by draw."""
    found, drawn = (
        np.mean([getattr(one, name) for one in judged], axis=0)
        for name in ("found", "drawn")
    )
    return Judged(judged[0].variant, found, drawn)
