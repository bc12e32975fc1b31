"""The file of a night that tells how it stands: its summary and what is not as usual; small, beside its scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from features.book.book import Book
from features.errors import NightError
from models.fitted.distribution import Counts
from models.fitted.reference import Reference
from models.score.promise import USUAL_SHIFT
from serving.monitoring.drift import drift
from serving.monitoring.limits import DriftLimits
from serving.monitoring.summary import summary

MONITORED = "monitoring.json"

Monitored = Mapping[str, Any]
"""``summary``, see `serving.monitoring.summary.summary`, and ``drift``, see `serving.monitoring.drift.Drift.facts`."""


@dataclass(frozen=True)
class Models:
    """What monitoring reads of the models of a night; of a night by rules nothing.

    Attributes:
        reference: how things stood when they were trained; None of models from before there was one.
        shift: how far their risks are wrong together.
    """

    reference: Reference | None = None
    shift: float = USUAL_SHIFT


@dataclass(frozen=True)
class Seen:
    """What monitoring reads of a night.

    Attributes:
        as_of: in microseconds since 1970.
        scores: a row per account.
        tally: of its snapshot and risks, see `models.fitted.reference.Reference.tally`.
    """

    as_of: int
    scores: pd.DataFrame
    tally: Mapping[str, Counts] = field(default_factory=dict)


def monitored(
    book: Book, night: Seen, models: Models, limits: DriftLimits = DriftLimits()
) -> Monitored:
    """How a night stands, as JSON can hold it."""
    found = drift(book, night.as_of, night.tally, models.reference, limits)
    kept = summary(night.scores, models.shift, found.columns)
    return {"summary": kept, "drift": found.facts()}


def write_monitored(found: Monitored, night: Path) -> None:
    """Writes how a night stands beside its scores."""
    text = json.dumps(found, indent=1, allow_nan=False)
    (night / MONITORED).write_text(text, encoding="utf-8")


def read_monitored(night: Path) -> Monitored | None:
    """How a published night stands; None of one from before this was kept.

    Raises:
        NightError: the file cannot be read.
    """
    file = night / MONITORED
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_bytes())
        return {name: dict(found[name]) for name in ("summary", "drift")}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NightError(
            where=str(file),
            found=f"no JSON of a night ({type(error).__name__})",
            expected="what pinch night wrote",
            mend="restore the night from a backup, or move its folder away and run pinch night again",
        ) from None
