"""The folder of a night: the names of its files, and the note by which a reader knows that all of them are there.

The scores take their place last, and hold the note: what the other files are, by their SHA-256. Whoever reads goes by
the scores, and waits while another file is not the one that they name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SCORES = "scores.parquet"
SPARK_SCORES = "scores"
"""A folder of Parquet files, as Spark writes them; it holds no note."""
WORKLIST = "worklist.csv"
WORKBOOK = "worklist.xlsx"
PICTURE = "quadrants.png"
PAGE = "tonight.html"
STANDING = "standing.parquet"
"""Who is on the list and who is withheld from it, where any account was drawn at random."""

HISTORIES = {
    table: f"histories/{table}.parquet"
    for table in (
        *("accounts", "interactions", "surveys", "contracts", "scheduled"),
        *("reps", "markets"),
    )
}
"""The clean rows of the book, as a request holds them, each table sorted by account where it has any."""

_NOTE = b"pinch"
_ROWS_TOGETHER = 5_000
"""Rows of the scores that are read together: a few thousand cost milliseconds."""


@dataclass(frozen=True)
class Note:
    """What scores say of their night.

    Attributes:
        files: the SHA-256 of each other file, by its name in the folder.
    """

    files: Mapping[str, str] = field(default_factory=dict)


def note_of(files: Mapping[str, Path]) -> Note:
    """The note of a night that is being written, of which these files are there by now."""
    return Note({name: digest(file) for name, file in files.items() if file.exists()})


def write_scores(scores: pd.DataFrame, file: Path, note: Note) -> None:
    """Writes scores, sorted by account as they are, with the note of their night."""
    table = pa.Table.from_pandas(scores, preserve_index=False)
    noted = {**(table.schema.metadata or {}), _NOTE: json.dumps(asdict(note)).encode()}
    pq.write_table(
        table.replace_schema_metadata(noted), file, row_group_size=_ROWS_TOGETHER
    )


def read_note(schema: pa.Schema) -> Note | None:
    """The note that scores hold; None of scores without one."""
    written = (schema.metadata or {}).get(_NOTE)
    return None if written is None else Note(**json.loads(written))


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
