"""A stored night: what ``pinch score`` left in its folder, as it was when it was opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from features.errors import NightError
from features.sources.tombstones import Tombstones
from features.vocabulary.contract import LABELS
from models.score.columns import names
from pages.spreadsheet import read_table
from serving.endpoint.pinned import Pinned
from serving.night_folder import (
    HISTORIES,
    SCORES,
    SPARK_SCORES,
    WORKLIST,
    Note,
    digest,
    read_note,
)

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class StoredNight:
    """The scores, the list and, where they were kept, the histories of a night.

    Attributes:
        as_of: the moment that it looked at.
        model_version: the models that it was scored by, or rules.
        listed: the rows of the worklist, the first one first.
        labels: the columns of the list that people know accounts by.
    """

    as_of: datetime
    model_version: str
    listed: Sequence[Row]
    labels: tuple[str, ...]
    _scores: Pinned
    _histories: Mapping[str, Pinned]
    _erased: Tombstones | None = None

    def without(self, erased: Tombstones | None) -> StoredNight:
        """The night without the accounts that are erased."""
        if erased is None:
            return self
        gone = erased.among(str(row["account_id"]) for row in self.listed)
        listed = [row for row in self.listed if str(row["account_id"]) not in gone]
        return replace(self, listed=listed, _erased=erased)

    def scores(self, accounts: Collection[str]) -> dict[str, Row]:
        """The rows of scores of some accounts, by account; of those that it does not know there are none."""
        known = self._not_erased(accounts)
        rows = self._scores.where("account_id", known).to_pylist()
        return {row["account_id"]: row for row in rows}

    @property
    def has_histories(self) -> bool:
        """Whether the clean rows of its book are there."""
        return "accounts" in self._histories

    def count(self, table: str, ids: Collection[str]) -> int:
        """How many clean rows of a table have one of some ids, see `history`."""
        if table not in self._histories:
            return 0
        return self._histories[table].count_where(_ID[table], self._not_erased(ids))

    def history(self, table: str, ids: Collection[str]) -> list[Row]:
        """The clean rows of a table that have one of some ids: of accounts, reps or markets, as the table is."""
        if table not in self._histories:
            return []
        known = self._not_erased(ids)
        rows: list[Row] = self._histories[table].where(_ID[table], known).to_pylist()
        return rows

    def _not_erased(self, ids: Collection[str]) -> Collection[str]:
        gone = frozenset[str]() if self._erased is None else self._erased.among(ids)
        return [one for one in ids if one not in gone] if gone else ids


_ID = dict.fromkeys(HISTORIES, "account_id") | {"reps": "rep_id", "markets": "market"}


def open_night(folder: Path) -> StoredNight:
    """Opens the night of a folder.

    Raises:
        NightError: there is none, or not all of it.
    """
    try:
        return _open(folder)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise _unfit(
            folder, f"files that cannot be read ({type(error).__name__})"
        ) from None


def _open(folder: Path) -> StoredNight:
    scores = Pinned(_files_of_scores(folder))
    lacking = {*names(judged=False)} - {*scores.schema.names}
    if lacking:
        raise _unfit(folder, f"scores without {', '.join(sorted(lacking))}")
    note = read_note(scores.schema) or Note()
    kept = {
        table: Pinned([folder / file])
        for table, file in HISTORIES.items()
        if file in note.files
    }
    listed = read_table(folder / WORKLIST)
    _require_whole(folder, note)
    first = scores.head().to_pylist()
    if not first:
        raise _unfit(folder, "no account")
    day = first[0]["as_of"]
    return StoredNight(
        as_of=datetime(day.year, day.month, day.day, tzinfo=UTC),
        model_version=first[0]["model_version"],
        listed=listed.to_dict("records"),
        labels=_labels(listed),
        _scores=scores,
        _histories=kept,
    )


def _files_of_scores(folder: Path) -> list[Path]:
    if (folder / SCORES).exists():
        return [folder / SCORES]
    parts = sorted((folder / SPARK_SCORES).glob("*.parquet"))
    if not parts:
        raise _unfit(folder, "no scores")
    return parts


def _require_whole(folder: Path, note: Note) -> None:
    others = [name for name, sha in note.files.items() if digest(folder / name) != sha]
    if others:
        raise _unfit(folder, f"{', '.join(others)} of another night than the scores")


def _labels(listed: pd.DataFrame) -> tuple[str, ...]:
    return tuple(column for column in listed.columns if column in LABELS)


def _unfit(folder: Path, found: str) -> NightError:
    return NightError(
        where=str(folder),
        found=found,
        expected="the folder of a whole night, as pinch night or pinch score writes it",
        mend="run it again",
    )
