"""The scene: a book at a date, its accounts scored, and what holds each of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from features.book.book import Book
from features.edits.kinds import Kind
from features.edits.records import records_of
from features.snapshot.frame import snapshot
from features.timeline.rows import Floats
from models.effects.hazards import hazard_of
from models.effects.posterior import Struck
from models.score.horizon import HORIZONS, LEAD_TIME, risk_column
from models.score.value import values_of
from serving.night.night import nobody
from serving.scorer import Scorer

TOLD = tuple(horizon for horizon in HORIZONS if horizon > LEAD_TIME)
"""Horizons that are told, in days."""


@dataclass
class Scene:
    """A book at a date.

    Attributes:
        book: an opened book.
        scorer: its champions.
        as_of: the date, in microseconds since 1970.
        frame: the snapshot of all accounts, indexed by their ids.
        risks: of each account at each horizon of `TOLD` that the models know, by horizon.
        value: of each account a year; missing where nothing tells.
    """

    book: Book
    scorer: Scorer
    as_of: int
    frame: pd.DataFrame
    risks: pd.DataFrame
    value: pd.Series
    _held: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def horizons(self) -> tuple[int, ...]:
        """The horizons that are told, in days."""
        return tuple(horizon for horizon in TOLD if horizon in self.risks)

    @property
    def longest(self) -> int:
        """The longest of them."""
        return self.horizons[-1]

    def hazards(self, horizon: int) -> pd.Series:
        """Of each account, of leaving within a horizon."""
        found = hazard_of(self.risks[horizon].to_numpy(dtype=np.float64))
        return pd.Series(found, index=self.risks.index)

    def held(self, kind: Kind) -> pd.DataFrame:
        """What holds each account: ``holder``, ``share``, ``dependence`` and ``side``, indexed by account."""
        if kind.name not in self._held:
            rows = kind.held(self.book, [self.as_of]).set_index("account_id")
            apart = self.frame["people_over_product"].reindex(rows.index)
            gap = apart.to_numpy(dtype=np.float64)
            dependence = kind.dependence(rows["share"].to_numpy(dtype=np.float64), gap)
            told = {"dependence": dependence, "side": kind.carried_by * gap}
            self._held[kind.name] = rows.assign(**told).drop(columns="as_of_us")
        return self._held[kind.name]

    def struck(
        self, kind: Kind, accounts: pd.Index, horizon: int, usual: float
    ) -> Struck:
        """Some accounts that a kind of event meets; ``usual`` is the dependence of those that it usually meets."""
        hazards = self.hazards(horizon)
        dependence: Floats = self.held(kind)["dependence"][accounts].to_numpy()
        own: Floats = hazards[accounts].to_numpy()
        return Struck(own, dependence, float(hazards.mean()), usual)


def scene_of(book: Book, scorer: Scorer, as_of: int) -> Scene:
    """The scene of a book at a date.

    Raises:
        EvidenceError: nobody was an account at the date.
    """
    frame = snapshot(book, [as_of])
    if frame.empty:
        raise nobody(book, as_of)
    return _seen(book, scorer, as_of, frame)


def scene_of_some(
    book: Book, scorer: Scorer, as_of: int, account_ids: Collection[str]
) -> Scene:
    """The scene of some accounts that are scored at a date, and of no others."""
    frame = records_of(book, account_ids, as_of).snapshot(as_of)
    return _seen(book, scorer, as_of, frame)


def _seen(book: Book, scorer: Scorer, as_of: int, frame: pd.DataFrame) -> Scene:
    value = pd.Series(values_of(frame), index=frame["account_id"])
    risks = risks_of(scorer, frame)
    return Scene(book, scorer, as_of, frame.set_index("account_id"), risks, value)


def risks_of(scorer: Scorer, frame: pd.DataFrame) -> pd.DataFrame:
    """The risks of a snapshot's accounts by horizon, indexed by account."""
    found = scorer.defection.risks(frame)
    known = {h: found[risk_column(h)] for h in TOLD if risk_column(h) in found}
    return pd.DataFrame(known).set_axis(pd.Index(frame["account_id"]))
