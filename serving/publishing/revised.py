"""What a revision of a night says otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from models.score.at_stake import stake_horizon
from models.score.horizon import risk_column
from serving.night_folder import SCORES
from serving.publishing.limits import Change, changes
from serving.publishing.nights import Published

MOST = 10
"""Accounts that are named, those first whose risk changed most; all are counted."""

_ID = "account_id"


def revised(before: Published, after: Published) -> dict[str, Any]:
    """What changed from one revision to another.

    Returns:
        ``accounts``: how many are ``new``, ``gone`` and ``changed``; ``largest``: the ``account_id`` of those whose
        risk changed most, with the ``risk`` that it is, ``before`` and ``after``; ``files`` that differ; ``rows``, as
        of `rows_since`.
    """
    old, new = _scores(before.folder), _scores(after.folder)
    both = old.index.intersection(new.index)
    differs = _differs(old.loc[both], new.loc[both])
    return {
        "accounts": {
            "new": len(new.index.difference(old.index)),
            "gone": len(old.index.difference(new.index)),
            "changed": int(differs.sum()),
        },
        "largest": _largest(old.loc[both], new.loc[both]),
        "files": _other_files(before, after),
        "rows": rows_since(before, after.manifest.about.counts["rows"]),
    }


def rows_since(night: Published, rows: Mapping[str, int]) -> list[dict[str, Any]]:
    """The tables of whose rows more or fewer are known by now that were known at the date of a night.

    Args:
        night: as it was published.
        rows: by table, known at its date as the book is now.
    """
    found = changes(night.manifest.about.counts["rows"], rows)
    return [_told(change) for change in found]


def _told(change: Change) -> dict[str, Any]:
    return {**vars(change), "sentence": change.sentence}


def _scores(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / SCORES).set_index(_ID)


def _differs(old: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Of rows in the same order, which ones have any other value."""
    found = pd.Series(False, old.index)
    for name in new.columns.union(old.columns, sort=False):
        if name not in old or name not in new:
            return pd.Series(True, old.index)
        same = old[name].eq(new[name]) | (old[name].isna() & new[name].isna())
        found |= ~same.fillna(False).astype(bool)
    return found


def _largest(old: pd.DataFrame, new: pd.DataFrame) -> list[dict[str, Any]]:
    horizon = stake_horizon(new)
    if horizon is None:
        return []
    risk = risk_column(horizon)
    both = pd.DataFrame({"before": old[risk], "after": new[risk]})
    moved = (both["after"] - both["before"]).abs()
    first = moved[moved > 0].sort_values(ascending=False, kind="stable").index[:MOST]
    return [
        {_ID: row.Index, "risk": risk, "before": row.before, "after": row.after}
        for row in both.loc[first].itertuples()
    ]


def _other_files(before: Published, after: Published) -> list[str]:
    old, new = before.manifest.files, after.manifest.files
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
