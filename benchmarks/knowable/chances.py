"""What the models and the baselines say of each account."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.knowable.known import Known
from benchmarks.knowable.oracle import Array, stay_or_leave
from models.fitted.boosting import Setting
from models.fitted.migration import states
from models.score.horizon import MIGRATION_HORIZON, risk_column
from training.fitting.baselines import defection_baselines, migration_baselines
from training.fitting.models import design_of
from training.fitting.rivals import MODEL

Chances = Mapping[str, Array]
ORACLE, BASE_RATE, STAY_PUT = "oracle", "base_rate", "stay_put"
SIMPLEST = {"defection": BASE_RATE, "migration": STAY_PUT}
BESIDE = {
    "defection": ("recency", "logistic"),
    "migration": ("empirical_markov", "logistic"),
}
"""Baselines that are printed as well."""
AIMS = {"defection": 0.60, "migration": 0.50}
"""Shares of the knowable to be known at 90 days."""


def defection_chances(known: Known, horizon: int) -> dict[str, Array]:
    """What each model says of staying and of leaving."""
    frame, learned = known.now.frame, known.past.left[horizon].dropna()
    model = known.models.defection
    fitted = defection_baselines(
        known.past.frame.loc[learned.index],
        learned,
        known.past.weight[learned.index].to_numpy(),
        model.encoding,
        model.blend(horizon).linear,
    )
    risks = {
        BASE_RATE: np.full(
            len(frame), np.average(learned, weights=known.past.weight[learned.index])
        )
    }
    risks |= {name: fitted[name](frame) for name in BESIDE["defection"]}
    risks[MODEL] = model.risks(frame)[risk_column(horizon)].to_numpy()
    return {name: stay_or_leave(risk) for name, risk in risks.items()}


def migration_chances(known: Known) -> dict[str, Array]:
    """What each model says of the five states."""
    assert known.past.state is not None
    assert known.models.migration is not None
    frame, learned = known.now.frame, known.past.state.dropna()
    fitted = migration_baselines(design_of(known.past, Setting()), learned)
    chances = {name: fitted[name](frame) for name in (STAY_PUT, *BESIDE["migration"])}
    risk = known.models.defection.risks(frame)[
        risk_column(MIGRATION_HORIZON)
    ].to_numpy()
    chances[MODEL] = states(known.models.migration.quadrants(frame), risk).to_numpy()
    return chances
