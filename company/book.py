"""The book of the sample company: a folder of Parquet files."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from company.calendar import END
from company.knobs import Knobs
from company.world import simulate


def write_sample(
    folder: Path,
    accounts: int = 2000,
    months: int = 24,
    seed: int = 1,
    end: date = END,
    progress: Callable[[int, int], None] | None = None,
    knobs: Knobs = Knobs(),
) -> None:
    """Writes the book of a simulated company; the same arguments give the same bytes.

    Args:
        folder: made where it does not exist. Tables of an earlier sample in it are replaced, all at the very end.
        accounts: how many the company ever has; some open while the records run.
        months: how long the records run.
        seed: another seed, another company.
        end: the day the data stops: nothing from midnight (UTC) at its start on is in the book.
        progress: told now and then how many weeks of how many have been simulated.
        knobs: what else can be set.

    Raises:
        ValueError: accounts or months below 1.
    """
    world = simulate(accounts, months, seed, end, knobs)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    try:
        for tables, _ in world.chapters(progress):
            for name, table in tables.items():
                if name not in writers:
                    writers[name] = pq.ParquetWriter(
                        _partial(folder, name),
                        table.schema,
                        compression="zstd",
                        compression_level=1,
                    )
                writers[name].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()
    _declare(folder)
    for name in writers:
        os.replace(_partial(folder, name), folder / f"{name}.parquet")


def _partial(folder: Path, name: str) -> Path:
    return folder / f".{name}.parquet.partial"


def _declare(folder: Path) -> None:
    """Says in a ``book.toml`` whom nobody may contact, where the folder has none of its own."""
    settings = folder / "book.toml"
    if not settings.exists():
        settings.write_text(
            'holdout = "holdout"  # no list names these accounts, and no model reads it\n'
        )
