"""Calibration by segment: where the risks fit the whole book and still mislead about a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from features.quadrants import of_code
from training.evaluation.misses import off
from training.evaluation.outcomes import Evaluation, said
from training.fitting.rivals import MODEL
from training.metrics import calibration_error, calibration_floor
from training.past.training_set import TrainingSet

MOST_SEGMENTS = 12
"""A fact with more values than this is no segmentation."""
QUADRANT = "quadrant"
_DATE, _LEFT, _RISK = ".as_of", ".left", ".risk"
"""Columns beside the facts, with names that no fact can have."""


def by_segment(
    evaluations: Sequence[Evaluation], data: TrainingSet, horizon: int
) -> pd.DataFrame:
    """How risks fitted what happened, by the quadrant of the test date and by each text fact with few values.

    Args:
        evaluations: of the walk forward.
        data: holds the snapshots of the test dates.
        horizon: in days.

    Returns:
        A row for each ``fact`` and ``segment``: ``n``, ``left``, ``expected`` (the sum of the risks) and ``off`` (see
        `training.evaluation.misses.off`) over all test dates; ``calibration_error`` and ``calibration_floor``, means
        over the test dates, weighted by accounts.
    """
    rows = pd.concat(
        [_rows(evaluation, data, horizon) for evaluation in evaluations]
        or [pd.DataFrame()]
    )
    facts = [
        fact
        for fact in (QUADRANT, *_text_facts(data))
        if fact in rows and rows[fact].nunique() > 1
    ]
    told = [
        {"fact": fact, "segment": segment, **_fit(its)}
        for fact in facts
        if rows[fact].nunique() <= MOST_SEGMENTS
        for segment, its in rows.groupby(fact, sort=True)
    ]
    columns = [
        "fact",
        "segment",
        "n",
        "left",
        "expected",
        "off",
        "calibration_error",
        "calibration_floor",
    ]
    return pd.DataFrame(told, columns=columns)


def _text_facts(data: TrainingSet) -> Iterator[str]:
    return (
        fact
        for fact, type_ in data.facts.items()
        if type_ == "text" and fact not in data.left_out
    )


def _rows(evaluation: Evaluation, data: TrainingSet, horizon: int) -> pd.DataFrame:
    """Each account of a test date: what was said, what happened, and its segments."""
    found = said([evaluation], MODEL, horizon)
    now = data.frame[data.frame["as_of_us"] == evaluation.as_of].set_index("account_id")
    if not found or now.empty:
        return pd.DataFrame()
    (outcome,) = found
    its = now.loc[outcome.accounts.tolist(), [QUADRANT, *_text_facts(data)]]
    told: pd.DataFrame = its.assign(
        quadrant=its[QUADRANT].map(lambda code: str(of_code(code)))
    )
    told[_DATE], told[_LEFT], told[_RISK] = evaluation.as_of, outcome.left, outcome.risk
    return told


def _fit(rows: pd.DataFrame) -> dict[str, float]:
    dates = [date for _, date in rows.groupby(_DATE)]
    sizes = [len(date) for date in dates]
    errors = [
        calibration_error(date[_LEFT].to_numpy(), date[_RISK].to_numpy())
        for date in dates
    ]
    floors = [calibration_floor(date[_RISK].to_numpy()) for date in dates]
    return {
        "n": len(rows),
        "left": int(rows[_LEFT].sum()),
        "expected": float(rows[_RISK].sum()),
        "off": off(
            rows.index.to_numpy(), rows[_LEFT].to_numpy(), rows[_RISK].to_numpy()
        ),
        "calibration_error": float(np.average(errors, weights=sizes)),
        "calibration_floor": float(np.average(floors, weights=sizes)),
    }
