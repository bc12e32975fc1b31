"""A folder of Parquet, partitioned by as-of date: ``scores/as_of=2026-11-21/scores.parquet``, and the list likewise."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from serving.delivery.declared import Declared
from serving.delivery.edition import Edition, Mark, read_mark
from serving.delivery.report import Report
from serving.delivery.tables import SCORES, WORKLIST, scores_of, worklist_of
from serving.delivery.web import Web
from serving.delivery.whole import written_whole
from serving.delivery.write_back import OLDER

_ABOUT = b"pinch"


class ParquetFolder(Declared):
    """A folder that keeps every night.

    Attributes:
        folder: where.
    """

    to: Literal["parquet"]
    folder: str

    def deliver(
        self, edition: Edition, nights: Path, web: Web, dry: bool = False
    ) -> Report:
        """Writes the partitions of a night, in place of an earlier making of the same night."""
        report = Report(self.title, len(edition.scores))
        scores = self._file(SCORES, edition)
        there = _mark_of(scores)
        if there is not None and edition.is_older_than(there):
            report.said = OLDER
            return report
        report.new = report.accounts
        if not dry:
            self._write(WORKLIST, edition, worklist_of(edition), report)
            self._write(SCORES, edition, scores_of(edition), report)
            report.delivered = report.accounts
        return report

    def _file(self, table: str, edition: Edition) -> Path:
        folder = Path(self.folder) / table / f"as_of={edition.as_of}"
        return folder / f"{table}.parquet"

    def _write(
        self, table: str, edition: Edition, rows: pa.Table, report: Report
    ) -> None:
        """Writes a table; its date is in the name of the partition alone."""
        kept = rows.select([name for name in rows.column_names if name != "as_of"])
        rows = kept.replace_schema_metadata({_ABOUT: edition.mark.as_json()})
        file = self._file(table, edition)
        with written_whole(file) as part:
            pq.write_table(rows, part)
        report.files.append(str(file))


def _mark_of(file: Path) -> Mark | None:
    """The night that a file is of."""
    if not file.exists():
        return None
    return read_mark(pq.read_schema(file).metadata[_ABOUT])
