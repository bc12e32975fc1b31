"""Where customers stand at each quarter's end, by quadrant and zone, and who moved where (S5, S23)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.book.book import Book
from features.quadrants import KNOWN, of_code
from features.snapshot.frame import snapshot_of_pairs
from features.themes import needs
from features.themes.dictionary import with_parts
from pages.report.calendar_quarters import Quarter
from pages.report.long_form import GROUP, rows, shares, tally
from pages.report.segments import UNKNOWN

DEPARTED = "departed"
QUADRANTS = (*(str(quadrant) for quadrant in KNOWN), UNKNOWN)
"""Where a customer may be at a quarter's end; the states of the migration matrix are these and *departed*."""
ZONES = (*needs.ZONES, UNKNOWN)

_STANDING = ["quadrant", "zone"]


def standing(
    book: Book, sums: pd.DataFrame, quarters: Sequence[Quarter]
) -> pd.DataFrame:
    """Where each customer was just before a quarter's start and its end, as it was known then.

    Args:
        book: an opened book.
        sums: as of `pages.report.quarterly_sums.sums_of_quarters`.
        quarters: those of the report.

    Returns:
        A row for each of sums: ``account_id``, ``quarter``, ``at_start``, ``at_end``, ``lost``, and ``quadrant_start``,
        ``quadrant_end``, ``zone_start``, ``zone_end``; missing where it was no customer then.
    """
    starts = {str(quarter): quarter.start - 1 for quarter in quarters}
    ends = {str(quarter): quarter.end - 1 for quarter in quarters}
    states = sums[["account_id", "quarter", "at_start", "at_end", "lost"]].copy()
    states["start_us"] = states["quarter"].map(starts)
    states["end_us"] = states["quarter"].map(ends)
    here = [_instants(states, side) for side in ("start", "end")]
    seen = _seen(book, pd.concat(here).drop_duplicates())
    for side in ("start", "end"):
        names = {name: f"{name}_{side}" for name in _STANDING}
        its = seen.rename(columns={"as_of_us": f"{side}_us", **names})
        states = states.merge(its, on=["account_id", f"{side}_us"], how="left")
    return states


def _instants(states: pd.DataFrame, side: str) -> pd.DataFrame:
    """The customers at one side of their quarters, each with the instant."""
    its = states.loc[states[f"at_{side}"] == 1, ["account_id", f"{side}_us"]]
    return its.set_axis(["account_id", "as_of_us"], axis=1)


def _seen(book: Book, pairs: pd.DataFrame) -> pd.DataFrame:
    """Quadrant and zone of accounts at instants, by name."""
    frame = snapshot_of_pairs(book, pairs, with_parts(_STANDING))
    seen = frame[["account_id", "as_of_us"]].copy()
    seen["quadrant"] = [str(of_code(code)) for code in frame["quadrant"]]
    seen["zone"] = [needs.zone_of(code) for code in frame["zone"]]
    return seen


def standing_shares(
    states: pd.DataFrame, groups: pd.DataFrame, of: str, values: Sequence[str]
) -> list[pd.DataFrame]:
    """Shares of the customers at each quarter's end in each quadrant or zone; none where all are unknown."""
    here = states[states["at_end"] == 1].merge(groups, on="account_id")
    if (here[f"{of}_end"] == UNKNOWN).all():
        return []
    counted = tally(here, f"{of}_end", values)
    return shares(counted, of, "customers at the quarter's end")


def moves(states: pd.DataFrame, groups: pd.DataFrame) -> list[pd.DataFrame]:
    """The migration matrix: who stood where at the end, of the customers in each quadrant at the start (S5)."""
    there = states[states["at_start"] == 1].merge(groups, on="account_id")
    there["to"] = there["quadrant_end"].where(there["at_end"] == 1, DEPARTED)
    seen = {*there["quadrant_start"], *there["to"]}
    if seen <= {UNKNOWN, DEPARTED}:
        return []
    losses = there.groupby("quarter")["lost"]
    known, all_of_them = losses.transform("count"), losses.transform("size")
    untold = _groups(there[known < all_of_them])
    parts = []
    for begun in QUADRANTS:
        its = there[there["quadrant_start"] == begun]
        counted = tally(its, "to", [*QUADRANTS, DEPARTED]).astype(float)
        counted.loc[counted.index.isin(untold), DEPARTED] = np.nan
        parts += _moves_from(begun, counted)
    return parts


def _moves_from(begun: str, counted: pd.DataFrame) -> list[pd.DataFrame]:
    """A line of the matrix: how many moved to each state, and what share that is."""
    n, of = counted.sum(axis=1), "customers in the quadrant at the quarter's start"
    parts = []
    for to, moved in counted.items():
        for figure, value, unit in (
            ("moves", moved, "accounts"),
            ("move_share", moved / n, "share"),
        ):
            told = rows(
                value,
                n,
                figure=figure,
                unit=unit,
                of=of,
                detail=begun,
                moved_to=str(to),
            )
            parts.append(told)
    return parts


def _groups(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[GROUP].drop_duplicates())
