"""The night on Spark: the models go to the rows, and each worker scores its own (docs/adr/0021).

The models and the scores are those of `serving.night.night`. The scores are Parquet in parts, and nothing but the
worklist comes to this machine; there is no picture.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from features.book.held_out import DRAWN, HELD_OUT
from features.book.on_spark import SparkBook
from features.book.outcomes import last_outcomes, resting_sql
from features.book.spark.labels import spark_account_labels
from features.snapshot.on_spark import spark_snapshot
from models.score.campaign import Campaign
from models.score.columns import COLUMNS
from models.score.order import RANKED_BY, in_order
from models.score.play import Play
from models.score.playbook import PLAYS
from serving.night.atomic_files import PART, spreadsheet
from serving.night.night import REASONS_FOR, nobody
from serving.night.worklist import labelled, with_done, worklist
from serving.night_folder import SPARK_SCORES, WORKLIST
from serving.scorer import Scorer, load_models

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Files = tuple[tuple[str, bytes], ...]
"""A folder of models as workers get it: paths in it, and what the files hold."""


@dataclass(frozen=True)
class SparkNight:
    """What came of a night.

    Attributes:
        files: what was written: the folder ``scores``, with the columns of `serving.scorer.Scorer.score` and a row per
            account in no order, and ``worklist.csv``.
        listed: the worklist, as `serving.night.worklist.worklist` gives it.
        accounts: how many were scored.
        held_out: how many of them nobody may contact, and the worklist leaves off.
        drawn: how many of these were drawn at random.
        resting: how many it leaves off since they rest.
    """

    files: list[Path]
    listed: pd.DataFrame
    accounts: int
    held_out: int
    drawn: int
    resting: int


def write_spark_night(
    book: SparkBook,
    as_of: int,
    models: Path,
    folder: Path,
    top: int,
    campaign: Campaign = Campaign(),
    plays: tuple[Play, ...] = PLAYS,
    heard: int | None = None,
) -> SparkNight:
    """Scores every account of the cohort where its rows are, and writes the scores and the worklist.

    Each step is written before the next one reads it: so a lost worker costs a part of one step, and Spark's plans stay
    short. The scores take their name when they are whole; a reader that has the old files open may lose them.

    Args:
        book: an opened book.
        as_of: in microseconds since 1970.
        models: a folder as `serving.scorer.load_models` reads it, on this machine.
        folder: where to write; this machine and all workers share it.
        top: length of the worklist.
        campaign: what contacting costs and brings.
        plays: the playbook of actions.
        heard: until when what came of lists counts, in microseconds since 1970; all of it where left out.

    Raises:
        EvidenceError: nobody was an account at the as-of date.
        ModelError: the models read a column that the book does not have.
    """
    steps = folder / f"night{PART}"
    shutil.rmtree(steps, ignore_errors=True)
    frame = _written(spark_snapshot(book, [as_of]), steps / "snapshot")
    if not frame.count():
        shutil.rmtree(steps)
        raise nobody(book, as_of)
    files = tuple(
        (str(file.relative_to(models)), file.read_bytes())
        for file in models.rglob("*")
        if file.is_file()
    )
    blank = pd.DataFrame({name: [_BLANK.get(type_)] for name, type_ in frame.dtypes})
    schema = arrow_schema(map(str, load_models(models).score(blank)))
    columns = ", ".join(
        f"{column.name} {_SPARK_TYPES[column.type]}" for column in schema
    )
    scored = _written(
        frame.mapInArrow(
            _scoring(files, schema, campaign, plays, reasons=False), columns
        ),
        steps / "scored",
    )
    chosen = _first(scored, REASONS_FOR)
    told = frame.join(chosen, "account_id", "left_semi").mapInArrow(
        _scoring(files, schema, campaign, plays, reasons=True), columns
    )
    others = scored.join(chosen, "account_id", "left_anti")
    scores = _written(told.unionByName(others), steps / SPARK_SCORES)
    held_out = book.session.sql(HELD_OUT)
    resting = book.session.sql(resting_sql(as_of, heard))
    left_off = held_out.union(resting)
    first = _first(scored.join(left_off, "account_id", "left_anti"), top)
    listed = worklist(
        scores.join(first, "account_id", "left_semi").toArrow().to_pandas(), top
    )
    labels = spark_account_labels(book.session, book.labels, listed["account_id"])
    night = SparkNight(
        files=[folder / SPARK_SCORES, folder / WORKLIST],
        listed=with_done(labelled(listed, labels), last_outcomes(book, heard)),
        accounts=scores.count(),
        held_out=scores.join(held_out, "account_id", "left_semi").count(),
        drawn=scores.join(book.session.sql(DRAWN), "account_id", "left_semi").count(),
        resting=scores.join(resting, "account_id", "left_semi").count(),
    )
    spreadsheet(night.listed)(steps / WORKLIST)
    if (folder / SPARK_SCORES).exists():
        os.replace(folder / SPARK_SCORES, steps / "old")
    for file in reversed(night.files):
        os.replace(steps / file.name, file)
    shutil.rmtree(steps)
    return night


def _written(frame: DataFrame, folder: Path) -> DataFrame:
    path = folder.resolve().as_uri()
    frame.write.parquet(path)
    return frame.sparkSession.read.parquet(path)


_BLANK = {"double": np.nan, "bigint": 0}
"""What a column of a type holds in a row of nothing."""

_ARROW_TYPES = {
    "text": pa.string(),
    "chance": pa.float64(),
    "amount": pa.float64(),
    "date": pa.date32(),
    "flag": pa.bool_(),
}
_SPARK_TYPES = {
    pa.string(): "string",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}


def arrow_schema(names: Iterable[str]) -> pa.Schema:
    """The types of the columns that scores have, by their names."""
    kinds = {column.name: column.kind for column in COLUMNS}
    return pa.schema({name: _ARROW_TYPES[kinds[name]] for name in names})


def _scoring(
    files: Files,
    schema: pa.Schema,
    campaign: Campaign,
    plays: tuple[Play, ...],
    reasons: bool,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with its batches of snapshot rows."""

    def score(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scorer = replace(_unpacked(files), campaign=campaign, plays=plays)
        for batch in batches:
            if batch.num_rows:
                scores = scorer.score(batch.to_pandas(), None if reasons else 0)
                yield pa.RecordBatch.from_pandas(scores, schema, preserve_index=False)

    return score


@functools.lru_cache(maxsize=1)
def _unpacked(files: Files) -> Scorer:
    """The models, read once in each worker process."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return load_models(Path(folder))


def _first(scored: DataFrame, rows: int) -> DataFrame:
    """The accounts that come first: those of each part, and of these the first of all."""
    ranked = scored.select(*RANKED_BY)
    columns = ", ".join(f"{name} {type_}" for name, type_ in ranked.dtypes)

    def first(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        parts = [batch.to_pandas() for batch in batches]
        if parts:
            part = pd.concat(parts, ignore_index=True)
            chosen = part.loc[in_order(part)[:rows]]
            yield pa.RecordBatch.from_pandas(chosen, preserve_index=False)

    of_parts = ranked.mapInArrow(first, columns).repartition(1)
    return of_parts.mapInArrow(first, columns).select("account_id")
