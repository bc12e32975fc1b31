"""The record: what was forecast of each past quarter, with its interval, beside what happened and what is naive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from features.engine import MICROS_PER_DAY
from features.quadrants import KNOWN
from features.timeline.rows import Floats
from models.score.horizon import MIGRATION_HORIZON
from training.forecasts.naive import (
    lost_as_last,
    lost_by_markov,
    mix_as_last,
    mix_by_markov,
)
from training.forecasts.quarter import Quarter
from training.forecasts.spread import Interval, shift_from, summed

LOST = "lost"
Past = list[tuple[Floats, Floats]]


@dataclass(frozen=True)
class Recorded:
    """A figure of a past quarter.

    Attributes:
        as_of: the day that the quarter began with.
        figure: ``lost``, or a quadrant: how many of those who stayed are in it at the end.
        accounts: of how many it is told.
        forecast: what would have been told.
        happened: what happened.
        as_last: what *as last quarter* says; None where no quarter was over.
        markov: what the Markov chain says; likewise.
    """

    as_of: str
    figure: str
    accounts: int
    forecast: Interval
    happened: float
    as_last: float | None
    markov: float | None

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        held = self.forecast.holds(self.happened)
        return {**asdict(self), "within": held}


def record_of(quarters: Sequence[Quarter], delay_days: int = 0) -> list[Recorded]:
    """What would have been forecast of past quarters, and what happened.

    The interval of a quarter knows how wrong the forecasts of those were that were over when it began.

    Args:
        quarters: past quarters, oldest first.
        delay_days: after how many days more it is known who has left.
    """
    told = []
    for quarter in quarters:
        over = [each for each in quarters if _over(each, quarter.as_of, delay_days)]
        told.append(_lost(quarter, over))
        told += _mix(quarter, over)
    return told


def lost_before(quarters: Sequence[Quarter]) -> Past:
    """Of past quarters the risks, and who left."""
    return [(quarter.risk, quarter.left) for quarter in quarters]


def stood_before(quarters: Sequence[Quarter], quadrant: int) -> Past:
    """Of past quarters the chances of a quadrant of those who stayed, and who was in it at the end."""
    told = []
    for quarter in quarters:
        stayed = quarter.stayed
        ended = (quarter.state[stayed] == quadrant).astype(np.float64)
        told.append((quarter.if_here[stayed, quadrant], ended))
    return told


def _over(quarter: Quarter, moment: int, delay_days: int) -> bool:
    """Whether it was known at a moment how a quarter ended."""
    lasted = (MIGRATION_HORIZON + delay_days) * MICROS_PER_DAY
    return quarter.as_of + lasted <= moment


def _lost(quarter: Quarter, over: Sequence[Quarter]) -> Recorded:
    known = ~np.isnan(quarter.left)
    count = int(known.sum())
    return Recorded(
        quarter.day,
        LOST,
        count,
        forecast=_whole(quarter.risk[known], lost_before(over)),
        happened=float(quarter.left[known].sum()),
        as_last=lost_as_last(over[-1], count) if over else None,
        markov=lost_by_markov(over, quarter.today[known]) if over else None,
    )


def _mix(quarter: Quarter, over: Sequence[Quarter]) -> list[Recorded]:
    stayed = quarter.stayed
    count = int(stayed.sum())
    if not count:
        return []
    chances, ended = quarter.if_here[stayed], quarter.state[stayed]
    last = mix_as_last(over[-1], count) if over else None
    chain = mix_by_markov(over, quarter.today[stayed]) if over else None
    return [
        Recorded(
            quarter.day,
            str(quadrant),
            count,
            forecast=_whole(chances[:, code], stood_before(over, code)),
            happened=float((ended == code).sum()),
            as_last=None if last is None else float(last[code]),
            markov=None if chain is None else float(chain[code]),
        )
        for code, quadrant in enumerate(KNOWN)
    ]


def _whole(chances: Floats, past: Past) -> Interval:
    """The sum over all accounts."""
    everybody = np.zeros(len(chances), dtype=np.int64)
    return summed(chances, shift_from(past), everybody)[0]


@dataclass(frozen=True)
class Verdict:
    """How forecasts of a kind of figure did.

    Attributes:
        figure: ``lost`` or ``mix``.
        told: how many past figures there are.
        held: how many of their intervals held what happened.
        error: the mean absolute error, in accounts, over those figures that the naive ones tell as well.
        as_last: that of *as last quarter*; None where no figure was told by it.
        markov: that of the Markov chain; likewise.
    """

    figure: str
    told: int
    held: int
    error: float | None
    as_last: float | None
    markov: float | None

    @property
    def sentence(self) -> str:
        """For people."""
        said = f"{self.figure}: {self.held} of {self.told} past intervals held what happened"
        if self.error is None:
            return f"{said}; no quarter was over before them to compare with."
        beside = (
            f"as last quarter {self.as_last:.1f}, the Markov chain {self.markov:.1f}"
        )
        best = min(self.as_last or 0.0, self.markov or 0.0)
        lost = "" if self.error <= best else ": the models lose here"
        return f"{said}; mean error {self.error:.1f} accounts, {beside}{lost}."


def verdicts(record: Sequence[Recorded]) -> list[Verdict]:
    """How the forecasts of losses and of the mix did."""
    lost = [each for each in record if each.figure == LOST]
    mix = [each for each in record if each.figure != LOST]
    return [_verdict(name, its) for name, its in ((LOST, lost), ("mix", mix)) if its]


def _verdict(figure: str, record: Sequence[Recorded]) -> Verdict:
    held = sum(each.forecast.holds(each.happened) for each in record)
    beside = [each for each in record if each.as_last is not None]
    if not beside:
        return Verdict(figure, len(record), held, None, None, None)
    happened = np.array([each.happened for each in beside])
    told = np.array([[e.forecast.mean, e.as_last, e.markov] for e in beside], float)
    errors = np.abs(told - happened[:, None]).mean(axis=0)
    return Verdict(figure, len(record), held, *(float(error) for error in errors))
