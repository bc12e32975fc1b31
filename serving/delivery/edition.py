"""An edition: a night as its destinations take it, read from its folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from features.errors import NightError
from models.score.columns import names
from models.score.horizon import MIGRATION_HORIZON, risk_column
from pages.spreadsheet import read_table
from serving.night_folder import SCORES, WORKLIST
from serving.publishing.layout import MANIFEST
from serving.publishing.manifest import read_manifest

BAND, PLACE = "band", "place"
RISK = risk_column(MIGRATION_HORIZON)
COLUMNS = (*names(judged=True), PLACE)
"""What destinations may be given of an account: its scores, and its place on the list."""


@dataclass(frozen=True)
class Edition:
    """A night that is handed on.

    Attributes:
        as_of: the date that it looks from.
        model_version: the models that scored it, or rules.
        revision: 1, and more where it was made again of other data.
        scores: a row per account, sorted by account: the columns of the scores and ``place``, from 1, missing of
            accounts that are not on the list.
        listed: the list as its CSV has it, the first account first.
    """

    as_of: date
    model_version: str
    revision: int
    scores: pd.DataFrame
    listed: pd.DataFrame

    def is_older_than(self, other: Mark) -> bool:
        """Whether another night is the newer one: of a later date, or the same night made again later."""
        if self.as_of != other.as_of:
            return self.as_of < other.as_of
        same = self.model_version == other.model_version
        return same and self.revision < other.revision

    @property
    def mark(self) -> Mark:
        """What it is known by."""
        return Mark(self.as_of, self.model_version, self.revision)


@dataclass(frozen=True)
class Mark:
    """What a night is known by, see `Edition`."""

    as_of: date
    model_version: str
    revision: int

    def as_json(self) -> bytes:
        """The mark as it is written, see `read_mark`."""
        return json.dumps(asdict(self), default=str).encode()


def read_mark(written: bytes | str) -> Mark:
    """A mark that `Mark.as_json` wrote."""
    said = json.loads(written)
    return Mark(**{**said, "as_of": date.fromisoformat(said["as_of"])})


def read_edition(folder: Path) -> Edition:
    """Reads a night from its folder, published or written by ``pinch score``.

    Raises:
        NightError: there is no whole night in it.
    """
    files = folder / SCORES, folder / WORKLIST
    if not all(file.is_file() for file in files):
        raise NightError(
            where=str(folder),
            found=f"no {SCORES} with a {WORKLIST}",
            expected="the folder of a night",
            mend="pinch night BOOK makes one",
        )
    scores, listed = pq.read_table(files[0]).to_pandas(), read_table(files[1])
    published = (folder / MANIFEST).is_file()
    return edition_of(
        scores, listed, read_manifest(folder).revision if published else 1
    )


def edition_of(
    scores: pd.DataFrame, listed: pd.DataFrame, revision: int = 1
) -> Edition:
    """The edition of a night's scores, of which there is at least one row, and of its list."""
    places = pd.Series(range(1, len(listed) + 1), listed["account_id"], dtype="Int64")
    told = scores.assign(place=scores["account_id"].map(places).astype("Int64"))
    first = scores.iloc[0]
    return Edition(first["as_of"], first["model_version"], revision, told, listed)
