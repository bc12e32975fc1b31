"""The forecast: how many are lost in the coming quarter, by count and by value, and where the others will stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engine import MICROS_PER_DAY, day_of
from features.quadrants import KNOWN
from features.timeline.rows import Floats, Ints
from models.score.horizon import MIGRATION_HORIZON
from models.score.states import DEFECTED
from training.forecasts.quarter import PLACES, Quarter
from training.forecasts.record import (
    lost_before,
    record_of,
    stood_before,
    verdicts,
)
from training.forecasts.spread import Interval, shift_from, summed
from training.forecasts.trends import trends

Segments = Mapping[str, pd.Series]
"""By fact the value of each account of the book, in words, the index being ``account_id``."""


UNKNOWN = "unknown"
"""The segment of accounts of which nothing tells it."""


def forecast(
    quarter: Quarter,
    past: Sequence[Quarter],
    segments: Segments,
    delay_days: int = 0,
) -> dict[str, Any]:
    """What is told of the coming quarter, as JSON can hold it.

    Args:
        quarter: the coming one.
        past: those that are over, oldest first.
        segments: such as the market.
        delay_days: after how many days it is known who has left.

    Returns:
        ``lost`` with ``value``, ``mix`` and ``matrix`` (empty without surveys), ``segments``, ``past`` with
        ``verdicts``, and ``trends``; every expected figure with its mean, low and high.
    """
    shift = shift_from(lost_before(past))
    shifts = [shift_from(stood_before(past, code)) for code in range(len(KNOWN))]
    record = record_of(past, delay_days)
    return {
        "as_of": quarter.day,
        "until": str(day_of(quarter.as_of + MIGRATION_HORIZON * MICROS_PER_DAY)),
        "accounts": len(quarter.accounts),
        "lost": _lost(quarter, shift),
        "mix": _mix(quarter, shifts),
        "matrix": _matrix(quarter, [*shifts, shift]),
        "segments": _segments(quarter, segments, shift),
        "past": [each.facts() for each in record],
        "verdicts": [
            {**asdict(each), "sentence": each.sentence} for each in verdicts(record)
        ],
        "trends": [each.facts() for each in trends(past, segments)],
    }


def _lost(quarter: Quarter, shift: float) -> dict[str, Any]:
    everybody = np.zeros(len(quarter.accounts), dtype=np.int64)
    return _counted_and_valued(quarter, shift, everybody)[0]


def _counted_and_valued(
    quarter: Quarter, shift: float, groups: Ints
) -> dict[int, dict[str, Any]]:
    """The losses of each group of accounts, and what those are worth a year; no value where nothing tells."""
    risk = np.nan_to_num(quarter.risk)
    counted = summed(risk, shift, groups)
    told: dict[int, dict[str, Any]] = {
        code: {**asdict(of), "value": None} for code, of in counted.items()
    }
    if np.isnan(quarter.value).all():
        return told
    worth = summed(risk, shift, groups, np.nan_to_num(quarter.value))
    for code, of in worth.items():
        told[code]["value"] = asdict(of)
    return told


def _known(quarter: Quarter) -> npt.NDArray[np.bool_]:
    """Which accounts have chances of the quadrants."""
    return ~np.isnan(quarter.chances[:, 0])


def _mix(quarter: Quarter, shifts: Sequence[float]) -> list[dict[str, Any]]:
    """How many will be in each quadrant, of those whose quadrant can be told; where they are today stands beside."""
    known = _known(quarter)
    told = []
    for code, quadrant in enumerate(KNOWN):
        if known.any():
            found = _whole(quarter.chances[known, code], shifts[code])
            today = int((quarter.today[known] == code).sum())
            told.append({"quadrant": str(quadrant), "today": today, **asdict(found)})
    return told


def _whole(chances: Floats, shift: float) -> Interval:
    return summed(chances, shift, np.zeros(len(chances), dtype=np.int64))[0]


def _matrix(quarter: Quarter, shifts: Sequence[float]) -> list[dict[str, Any]]:
    """How many will move from each quadrant to each, and be lost."""
    known = _known(quarter)
    today = quarter.today[known]
    told = []
    for to in range(DEFECTED + 1):
        if known.any():
            found = summed(quarter.chances[known, to], shifts[to], today)
            for begun, of in found.items():
                told.append({"from": PLACES[begun], "to": _ends(to), **asdict(of)})
    return told


def _ends(code: int) -> str:
    return "lost" if code == DEFECTED else str(KNOWN[code])


def _segments(
    quarter: Quarter, segments: Segments, shift: float
) -> list[dict[str, Any]]:
    told = []
    for fact, values in segments.items():
        its = values.reindex(quarter.accounts).fillna(UNKNOWN)
        names, groups = np.unique(its.astype(str), return_inverse=True)
        found = _counted_and_valued(quarter, shift, groups)
        accounts = np.bincount(groups)
        for code, name in enumerate(names):
            line = {"fact": fact, "segment": str(name)}
            told.append({**line, "accounts": int(accounts[code]), "lost": found[code]})
    return told
