"""The ledger of a destination: what it was last told of each account, and of what that is not certain.

What is about to be sent is written down as not certain first, and as certain once the destination has said that it has
it. A run that is killed, an answer that is lost and a row that is refused so all lead to the same: it is sent again,
also where tonight's values are those of the night before the one that was lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from serving.delivery.edition import Mark, read_mark
from serving.delivery.whole import written_whole

DELIVERED = "delivered"
"""The folder of the ledgers in a folder of nights."""

CONTENT, CERTAIN = "content", "certain"
_ABOUT = b"pinch"


@dataclass
class Ledger:
    """What a destination has.

    Attributes:
        file: where it is kept.
        address: of the system that it is about. A ledger of another one says nothing.
        rows: ``content``, a hash of what was last told or the empty text, and ``certain``, indexed by account.
        mark: the newest night that anything was told of.
        jobs: addresses of work that the system has accepted and not been seen to finish.
    """

    file: Path
    address: str
    rows: pd.DataFrame
    mark: Mark | None = None
    jobs: tuple[str, ...] = ()
    _blank: set[str] = field(default_factory=set)

    def doubt(self) -> None:
        """Takes nothing for certain any more."""
        self.rows[CERTAIN] = False

    def expect(self, mark: Mark, contents: pd.Series, left: Iterable[str]) -> None:
        """Writes down what is about to be told.

        Args:
            mark: of the night.
            contents: hashes of what accounts are told, by account.
            left: the accounts that are told to be blank.
        """
        self.mark = mark
        told = self.rows.index.isin([*contents.index, *left])
        self.rows.loc[told, CERTAIN] = False
        added = contents.index.difference(self.rows.index)
        new = pd.DataFrame({CONTENT: "", CERTAIN: False}, index=added)
        self.rows = pd.concat([self.rows, new]) if len(added) else self.rows
        self.save()

    def settle(self, contents: pd.Series, left: Iterable[str]) -> None:
        """Takes down what the destination has said that it has; `save` writes it.

        Args:
            contents: as of `expect`.
            left: accounts that are blank now, of which nothing is kept.
        """
        self.rows.loc[contents.index, CONTENT] = contents
        self.rows.loc[contents.index, CERTAIN] = True
        self._blank.update(left)

    def accepted(self, job: str) -> None:
        """Writes down work that the system has accepted."""
        self.jobs = (*self.jobs, job)
        self._save_jobs()

    def finished(self, job: str) -> None:
        """Writes down that work has come to its end."""
        self.jobs = tuple(one for one in self.jobs if one != job)
        self._save_jobs()

    def save(self) -> None:
        """Writes the ledger whole or not at all."""
        self.rows = self.rows.drop(index=list(self._blank))
        self._blank.clear()
        mark = None if self.mark is None else self.mark.as_json().decode()
        about = json.dumps({"address": self.address, "mark": mark})
        rows = self.rows.sort_index().rename_axis("account_id").reset_index()
        table = pa.Table.from_pandas(rows.astype({CERTAIN: bool}), preserve_index=False)
        table = table.replace_schema_metadata({_ABOUT: about})
        with written_whole(self.file) as part:
            pq.write_table(table, part)

    def _save_jobs(self) -> None:
        about = {"address": self.address, "jobs": self.jobs}
        with written_whole(_jobs_file(self.file)) as part:
            part.write_text(json.dumps(about))


def open_ledger(nights: Path, name: str, address: str) -> Ledger:
    """The ledger of a destination; an empty one where there is none, or one of another system.

    Args:
        nights: the folder of nights.
        name: of the destination.
        address: of the system that it is now.
    """
    file = nights / DELIVERED / f"{name}.parquet"
    empty = Ledger(file, address, _no_rows())
    if not file.exists():
        return empty
    table = pq.read_table(file)
    about = json.loads(table.schema.metadata[_ABOUT])
    if about["address"] != address:
        return empty
    rows = table.to_pandas().set_index("account_id").astype({CONTENT: "object"})
    mark = None if about["mark"] is None else read_mark(about["mark"])
    return Ledger(file, address, rows, mark, _jobs(file, address))


def _no_rows() -> pd.DataFrame:
    index = pd.Index([], dtype="object")
    rows = pd.DataFrame({CONTENT: [], CERTAIN: []}, index=index)
    return rows.astype({CONTENT: "object", CERTAIN: bool})


def _jobs(file: Path, address: str) -> tuple[str, ...]:
    kept = _jobs_file(file)
    if not kept.exists():
        return ()
    said = json.loads(kept.read_text())
    return tuple(said["jobs"]) if said["address"] == address else ()


def _jobs_file(ledger: Path) -> Path:
    return ledger.with_suffix(".jobs.json")
