"""What a book costs to open from PostgreSQL, beside the same book in Parquet.

Run it as ``DATABASE_URL=... .venv/bin/python -m benchmarks.postgres``, where the database may be written to: its schema
``pinch_benchmark`` is made anew. ``--help`` tells its settings. CPU is of the process that reads, not of the server.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import adbc_driver_postgresql.dbapi as driver
import pyarrow.parquet as pq
import typer

from benchmarks.big_book import write_book
from benchmarks.features import Cost, peak_memory, timed
from features.book.book import open_book

SCHEMA = "pinch_benchmark"
SETTING = "DATABASE_URL"
ROWS = "select sum(hash(account_id, occurred_us, known_us, kind, value)::hugeint) from interactions"
"""A figure that differs where any row does."""


def fill(files: list[Path]) -> None:
    """Writes the tables of a book into the database."""
    with driver.connect(os.environ[SETTING], autocommit=True) as session:
        cursor = session.cursor()
        cursor.execute(f"drop schema if exists {SCHEMA} cascade")
        cursor.execute(f"create schema {SCHEMA}")
        for file in files:
            for batch in pq.ParquetFile(file).iter_batches(500_000):
                cursor.adbc_ingest(
                    file.stem, batch, mode="create_append", db_schema_name=SCHEMA
                )
        cursor.close()


def declare(folder: Path, files: list[Path]) -> Path:
    """Writes a book whose tables are those of the database."""
    folder.mkdir()
    queries = [f'{file.stem} = "from pg.{SCHEMA}.{file.stem}"' for file in files]
    lines = ["[source]", f'postgres = "${SETTING}"', "[tables]", *queries]
    (folder / "book.toml").write_text("\n".join(lines))
    return folder


def opening(folder: Path, memory: str | None) -> tuple[Cost, float, object]:
    """What opening a book costs, the most that it held, and the figure of its rows."""
    books = []
    cost = timed(lambda: books.append(open_book(folder, memory_limit=memory)))
    held = peak_memory()
    return cost, held, books[0].ask(ROWS)


def main(
    interactions: int = 20_000_000, accounts: int = 200_000, memory: str | None = None
) -> None:
    """Prints a line for each source."""
    with tempfile.TemporaryDirectory() as folder:
        parquet = write_book(Path(folder, "book"), interactions, accounts, True)
        files = sorted(parquet.glob("*.parquet"))
        fill(files)
        declared = declare(Path(folder, "declared"), files)
        figures = []
        for name, book in (("Parquet", parquet), ("PostgreSQL", declared)):
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                (cpu, wall), held, rows = alone.submit(opening, book, memory).result()
            figures.append(rows)
            print(f"{name}: {cpu:.1f} s of CPU, {wall:.1f} s, {held:.2f} GiB")
        print("the same rows" if figures[0] == figures[1] else "other rows")


if __name__ == "__main__":
    typer.run(main)
