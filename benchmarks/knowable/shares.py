"""The losses of models, baselines and oracle, and the shares of the knowable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.knowable.chances import (
    BESIDE,
    ORACLE,
    SIMPLEST,
    Chances,
    defection_chances,
    migration_chances,
)
from benchmarks.knowable.known import Known
from benchmarks.knowable.log_losses import endless, expected_log_loss, share_closed
from benchmarks.knowable.oracle import (
    Array,
    Ask,
    leaving_truth,
    one_hot,
    shares,
    state_truth,
)
from models.score.horizon import MIGRATION_HORIZON
from training.fitting.rivals import MODEL
from training.past.training_set import TrainingSet


def measure(known: Known, ask: Ask, draws: int) -> pd.DataFrame:
    """The losses of all models, baselines and the oracle, for defection at each horizon and for migration.

    Returns:
        A row for each prediction, horizon and model: expected and realised log loss, accounts, hidden (of the cohort,
        not in the oracle's answer), columns (that the models read).
    """
    parts = []
    for horizon in known.models.defection.blends:
        rows = score_defection(
            defection_chances(known, horizon), known.now, ask, horizon, draws
        )
        parts.append(rows)
        if (
            horizon == MIGRATION_HORIZON
            and known.now.state is not None
            and known.models.migration is not None
        ):
            truths = [state_truth(ask(horizon, count)) for count in (draws, draws // 2)]
            rows = score(migration_chances(known), truths, known.now.state, draws)
            parts.append(rows.assign(prediction="migration", horizon=horizon))
    return pd.concat(parts, ignore_index=True).assign(
        columns=len(known.models.defection.encoding.columns)
    )


def score_defection(
    chances: Chances, now: TrainingSet, ask: Ask, horizon: int, draws: int
) -> pd.DataFrame:
    """Losses of each model of defection, and of the oracle, at a horizon."""
    truths = [leaving_truth(ask(horizon, count)) for count in (draws, draws // 2)]
    return score(chances, truths, now.left[horizon], draws).assign(
        prediction="defection", horizon=horizon
    )


def score(
    chances: Chances, truths: Sequence[Array], happened: pd.Series, draws: int
) -> pd.DataFrame:
    """Losses of each model and of the oracle, over the accounts that the oracle speaks of.

    Args:
        chances: by model, shape (rows, outcomes).
        truths: the oracle's answers, of all draws and of the first half of them.
        happened: code of the outcome of each row, missing where it is not known.
        draws: how many all are.
    """
    here = ~np.isnan(truths[0]).any(axis=1)
    many, fewer = (truth[here] for truth in truths)
    seen = one_hot(happened[here], many.shape[1])
    rows = []
    for name in (*chances, ORACLE):
        ours, of_fewer = (
            (chances[name][here],) * 2
            if name in chances
            else (shares(many), shares(fewer))
        )
        expected = endless(
            expected_log_loss(many, ours),
            draws,
            expected_log_loss(fewer, of_fewer),
            draws // 2,
        )
        rows.append(
            {
                "model": name,
                "expected": expected,
                "realised": expected_log_loss(seen, ours),
            }
        )
    return pd.DataFrame(rows).assign(
        accounts=int(here.sum()), hidden=int((~here).sum())
    )


def closed(losses: pd.DataFrame, kind: str = "expected") -> pd.DataFrame:
    """The share closed by each model: rows prediction, horizon and model, columns seeds and their mean."""
    wide = losses.pivot_table(
        index=["prediction", "horizon", "seed"], columns="model", values=kind
    )
    rows = {
        (prediction, horizon, model): share_closed(
            each[SIMPLEST[prediction]], each[model], each[ORACLE]
        ).droplevel([0, 1])
        for (prediction, horizon), each in wide.groupby(level=["prediction", "horizon"])
        for model in (*BESIDE[prediction], MODEL)
    }
    shares_by_seed = pd.DataFrame(rows).T.rename_axis(
        ["prediction", "horizon", "model"]
    )
    return shares_by_seed.assign(mean=shares_by_seed.mean(axis=1))


def shares_known(losses: pd.DataFrame) -> dict[str, float]:
    """The shares at 90 days that our models close, by prediction; see `measure`."""
    found = closed(losses.assign(seed=0))
    return {
        str(key[0]): float(value)
        for key, value in found["mean"].items()
        if key[2] == MODEL
    }
