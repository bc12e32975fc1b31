"""Handing over: which accounts of a rep first, and to whom of those who remain (S3, S34)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from features.edits.kinds import REP_LEAVES
from features.engine import MICROS_PER_DAY
from serving.whatif.scene import Scene

SAME_STYLE, OTHER_STYLE = 1.0, -0.5
"""Points of a rep of the account's own style, and of one of another (S34)."""
SETTLED_DAYS = 365
"""A rep who has been here for so long is no beginner; a beginner gains up to a point by then."""


@dataclass
class Colleague:
    """A rep who remains.

    Attributes:
        rep_id: who.
        style: of dealing with people; None where not known.
        days: since the rep was hired; None where not known.
        load: accounts that the rep carries, with those handed over so far.
    """

    rep_id: str
    style: str | None
    days: float | None
    load: int

    def points(self, style: str | None, usual_load: float) -> float:
        """How well an account of a style would be with the rep: style, tenure, and what is carried already."""
        matched = 0.0
        if style is not None and self.style is not None:
            matched = SAME_STYLE if style == self.style else OTHER_STYLE
        settled = 0.5 if self.days is None else min(self.days / SETTLED_DAYS, 1.0)
        return matched + settled - self.load / max(usual_load, 1.0)

    def why(self, style: str | None) -> str:
        """Why this rep, in words."""
        same = style is not None and style == self.style
        said = ["same style"] if same else []
        if self.days is not None:
            said.append(f"here {self.days / 365:.1f} years")
        return ", ".join([*said, f"{self.load} accounts"])


def handed_over(
    scene: Scene, order: Sequence[str], leaving: Collection[str]
) -> list[dict[str, Any]]:
    """To whom each account goes, in order: ``account_id``, ``to``, ``why``; to nobody where nobody remains.

    Args:
        scene: the book at the date.
        order: the accounts, the most urgent first.
        leaving: the reps who leave.
    """
    staying = colleagues(scene, leaving)
    usual = sum(one.load for one in staying) / max(len(staying), 1)
    styles = _styles(scene)
    told = []
    for account in order:
        style = styles.get(account)
        best = max(staying, key=lambda one: one.points(style, usual), default=None)
        why = "nobody remains" if best is None else best.why(style)
        to = None if best is None else best.rep_id
        told.append({"account_id": account, "to": to, "why": why})
        if best is not None:
            best.load += 1
    return told


def colleagues(scene: Scene, leaving: Collection[str]) -> list[Colleague]:
    """The reps who are here at the date and carry accounts, but for those who leave."""
    loads = scene.held(REP_LEAVES)["holder"].value_counts()
    reps = scene.book.connection.sql("select * from reps").df().set_index("rep_id")
    found = []
    for rep_id in sorted(str(name) for name in loads.index if name not in leaving):
        row = reps.loc[rep_id] if rep_id in reps.index else pd.Series(dtype=object)
        found.append(_colleague(rep_id, row, int(loads[rep_id]), scene.as_of))
    return found


def _colleague(rep_id: str, row: pd.Series, load: int, as_of: int) -> Colleague:
    style, hired = row.get("style"), row.get("hired_us")
    days = None if pd.isna(hired) else (as_of - int(hired)) / MICROS_PER_DAY
    return Colleague(rep_id, None if pd.isna(style) else str(style), days, load)


def _styles(scene: Scene) -> dict[str, str]:
    query = "select account_id, style from accounts where style is not null"
    return dict(scene.book.ask(query))
