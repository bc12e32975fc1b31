"""A DuckDB file: ``scores`` and ``worklist`` of the newest night, and ``nights``, a row for each that was delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb

from features.errors import DeliveryError
from serving.delivery.declared import Declared
from serving.delivery.edition import Edition, Mark
from serving.delivery.report import Report
from serving.delivery.tables import SCORES, WORKLIST, night_of, scores_of, worklist_of
from serving.delivery.web import Web
from serving.delivery.write_back import OLDER

_NIGHTS = """
create table if not exists nights
(as_of date primary key, model_version text, revision integer, accounts bigint, listed bigint)
"""
_NEWEST = (
    "select as_of, model_version, revision from nights order by as_of desc limit 1"
)
_NOTED = "insert or replace into nights values (?, ?, ?, ?, ?)"


class DuckDBFile(Declared):
    """A file of a database.

    Attributes:
        file: where; made where it is missing.
    """

    to: Literal["duckdb"]
    file: str

    def deliver(
        self, edition: Edition, nights: Path, web: Web, dry: bool = False
    ) -> Report:
        """Replaces the tables in one transaction; an older night than theirs changes nothing.

        Raises:
            DeliveryError: it is no such file, or another process writes to it.
        """
        report = Report(self.title, len(edition.scores))
        try:
            there = _newest_of(Path(self.file))
            if there is not None and edition.is_older_than(there):
                report.said = OLDER
                return report
            report.new = report.accounts
            if not dry:
                _replace(Path(self.file), edition)
                report.delivered = report.accounts
        except duckdb.Error as error:
            raise DeliveryError(
                where=f"{self.where}, {self.file}",
                found=f"a file that cannot be written ({type(error).__name__})",
                expected="a DuckDB file of ours that no other process has open",
                mend="close it elsewhere, or name another file",
            ) from None
        return report


def _newest_of(file: Path) -> Mark | None:
    """The newest night that a file has."""
    if not file.exists():
        return None
    with duckdb.connect(str(file), read_only=True) as connection:
        row = connection.execute(_NEWEST).fetchone()
    return None if row is None else Mark(*row)


def _replace(file: Path, edition: Edition) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("begin")
        connection.execute(_NIGHTS)
        for table, rows in ((SCORES, scores_of), (WORKLIST, worklist_of)):
            connection.register("incoming", rows(edition))
            connection.execute(f"create or replace table {table} as from incoming")
            connection.unregister("incoming")
        connection.execute(_NOTED, list(night_of(edition).to_pylist()[0].values()))
        connection.execute("commit")
