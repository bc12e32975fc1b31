"""What is kept of a night for the trend: how many accounts, what is expected of them, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from features.timeline.rows import Floats
from models.score.bands import BANDS, UNKNOWN, bands_of
from models.score.horizon import HORIZONS, planned, risk_column
from models.score.leavers import expected_leavers
from serving.monitoring.estimated import estimated
from serving.monitoring.standing import Column


def summary(
    scores: pd.DataFrame, shift: float, columns: Sequence[Column] = ()
) -> dict[str, Any]:
    """The figures of a night, as JSON can hold them.

    Args:
        scores: of the night.
        shift: how far risks are wrong together, see `models.score.promise`.
        columns: how each column of its snapshot is spread.

    Returns:
        ``accounts``; ``horizon``, which lists plan for, None without risks; ``expected`` leavers by horizon, with their
        range; ``estimated`` figures by horizon; ``bands``, accounts by band of risk; ``missing``, the mean share of
        accounts without a value over all columns, beside what is usual; None without columns.
    """
    risks = {h: _risk(scores, h) for h in HORIZONS}
    known = {h: risk for h, risk in risks.items() if not np.isnan(risk).all()}
    horizon = planned(known)
    figures = {h: estimated(risk) for h, risk in known.items()}
    return {
        "accounts": len(scores),
        "horizon": horizon,
        "shift": shift,
        "expected": {
            str(h): asdict(expected_leavers(risk, shift)) for h, risk in known.items()
        },
        "estimated": {str(h): its.facts() for h, its in figures.items() if its},
        "bands": {} if horizon is None else _bands(known[horizon]),
        "missing": _missing(columns),
    }


def _risk(scores: pd.DataFrame, horizon: int) -> Floats:
    name = risk_column(horizon)
    if name not in scores:
        return np.full(len(scores), np.nan)
    return scores[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _bands(risk: Floats) -> dict[str, int]:
    counted = Counter(bands_of(risk))
    return {name: counted[name] for name in (*(b.name for b in BANDS), UNKNOWN)}


def _missing(columns: Sequence[Column]) -> dict[str, float] | None:
    if not columns:
        return None
    missing = float(np.mean([column.missing for column in columns]))
    usual = float(np.mean([column.usually_missing for column in columns]))
    return {"tonight": round(missing, 4), "usually": round(usual, 4)}
