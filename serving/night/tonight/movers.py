"""Movers: who crossed a band of risk or changed quadrant since an earlier day, both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from features.quadrants import HEIGHTS, KNOWN
from models.score.bands import bands_of, height

What = Literal["band", "quadrant"]
Way = Literal["worse", "better", "aside"]


@dataclass(frozen=True)
class Mover:
    """An account that crossed a line.

    Attributes:
        account_id: whose.
        days_back: since when.
        what: which line.
        before, now: on which sides.
        way: to the worse, to the better, or aside: between the two quadrants that one axis carries.
        points: how its risk changed.
    """

    account_id: str
    days_back: int
    what: What
    before: str
    now: str
    way: Way
    points: float


def movers(now: pd.DataFrame, then: pd.DataFrame, days_back: int) -> list[Mover]:
    """The accounts that crossed a line between two days, those whose risk changed most first.

    Args:
        now: ``risk`` and ``quadrant`` by account.
        then: the same, of the earlier day.
        days_back: how much earlier that was.

    A band or a quadrant that is not known on one of the days is no line that was crossed.
    """
    both = now.index.intersection(then.index)
    now, then = now.loc[both], then.loc[both]
    points = (now["risk"] - then["risk"]).astype(float).fillna(0.0)
    found = []
    for what, before, after, high in _lines(now, then):
        for account, one, other in zip(both, before, after, strict=True):
            if one != other and high(one) >= 0 and high(other) >= 0:
                way = _way(high(other) - high(one), what)
                moved = float(points[account])
                found.append(Mover(account, days_back, what, one, other, way, moved))
    return sorted(found, key=lambda mover: (-abs(mover.points), mover.account_id))


_Line = tuple[What, list[str], list[str], Callable[[str], int]]


def _lines(now: pd.DataFrame, then: pd.DataFrame) -> tuple[_Line, _Line]:
    """The lines: on which side of them each account was and is, and how high a side is; -1 where it is not known."""
    before, after = (bands_of(day["risk"].to_numpy(dtype=float)) for day in (then, now))
    return (
        ("band", before, after, height),
        ("quadrant", then["quadrant"].tolist(), now["quadrant"].tolist(), _up),
    )


def _up(quadrant: str) -> int:
    names = [str(one) for one in KNOWN]
    return HEIGHTS[names.index(quadrant)] if quadrant in names else -1


def _way(rise: int, what: What) -> Way:
    if rise == 0:
        return "aside"
    return "worse" if (rise > 0) == (what == "band") else "better"
