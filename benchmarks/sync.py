"""What ``pinch sync`` costs and saves: opening from the sources and from the copy, the first sync and one with 1% new.

Run it as ``DATABASE_URL=... .venv/bin/python -m benchmarks.sync``, where the database may be written to: its schema
``pinch_benchmark`` is made anew. ``--help`` tells its settings. CPU is of the process that reads, not of the server.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import adbc_driver_postgresql.dbapi as driver
import duckdb
import typer

from benchmarks.big_book import write_book
from benchmarks.features import Cost, peak_memory, timed
from benchmarks.postgres import ROWS, SCHEMA, SETTING, fill
from features.book.book import keep_clean, open_book
from features.sources.synced.manifest import PLACE
from features.sources.synced.sync import sync

COLUMNS = (
    "account_id, occurred_at, kind, known_at, rep_id, channel, matter_id, value, "
    "minutes, sentiment"
)
LATE = "occurred_at + interval '7 minutes', kind, timestamp '2026-01-05'"
NEW = COLUMNS.replace("occurred_at, kind, known_at", LATE)
"""Interactions that became known after all others."""

PREPARED = (
    f"alter table {SCHEMA}.interactions add number bigserial primary key, add written timestamp",
    f"update {SCHEMA}.interactions set written = known_at",
)
ADDED = f"""
insert into {SCHEMA}.interactions ({COLUMNS}, written)
select {NEW}, timestamp '2026-01-05' from {SCHEMA}.interactions where number % 100 = 0"""

Told = tuple[Cost, float, object]
"""What a step costs, the most memory that its process held in GiB, and what it gives."""


def opening(folder: Path, synced: bool) -> Told:
    """Opens a book from its copy or its sources; gives a figure that differs where any row does."""
    books = []
    cost = timed(lambda: books.append(open_book(folder, synced=synced)))
    held = peak_memory()
    if (books[0].synced_at is not None) != synced:
        raise RuntimeError(f"another source than was asked for: {books[0].cautions}")
    return cost, held, books[0].ask(ROWS)


def syncing(folder: Path) -> Told:
    """Syncs a book; gives how many files its copy has."""
    done = []
    cost = timed(lambda: done.append(sync(folder, then=lambda: keep_clean(folder))))
    return cost, peak_memory(), len(list(done[0].copy.files))


def run(name: str, step: str, work: Callable[..., Told], *arguments: object) -> object:
    """Does a step in a process of its own, prints a line of a table, and gives what it gives."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        (cpu, wall), held, given = alone.submit(work, *arguments).result()
    print(f"| {name} | {step} | {cpu:.1f} | {wall:.1f} | {held:.2f} |", flush=True)
    return given


def measure(name: str, folder: Path, add: Callable[[], None]) -> None:
    """Prints what each step costs for a book, to which some interactions are added on the way."""
    run(name, "open from the sources", opening, folder, False)
    run(name, "first sync", syncing, folder)
    add()
    run(name, "sync with 1% new", syncing, folder)
    found = run(name, "open from the copy", opening, folder, True)
    expected = run(name, "open from the sources, 1% more", opening, folder, False)
    if found != expected:
        raise RuntimeError(f"{name}: other rows")
    files = (folder / PLACE.parent).rglob("*.*")
    size = sum(file.stat().st_size for file in files) / 2**20
    print(f"{name}: the same rows; {size:.0f} MiB beside the book")


def add_to_file(file: Path, form: str) -> None:
    """Adds 1% of the rows of a file to it, as known after all others."""
    old, written = f"'{file}'", f"'{file}.new'"
    rows = f"select {COLUMNS} from {old} union all select {NEW} from {old} using sample 1% (system, 1)"
    duckdb.execute(f"copy ({rows}) to {written} ({form})")
    os.replace(f"{file}.new", file)


def declared(folder: Path, files: list[Path]) -> Path:
    """Writes a book whose tables are those of the database, of whose interactions a column tells which are new."""
    folder.mkdir()
    read = {file.stem: f"from pg.{SCHEMA}.{file.stem}" for file in files}
    read["interactions"] = f"select {COLUMNS} {read['interactions']}"
    tables = [f'{table} = "{query}"' for table, query in read.items()]
    by = f'sync_by."{SCHEMA}.interactions" = "written"'
    lines = ["[source]", f'postgres = "${SETTING}"', by, "[tables]", *tables]
    (folder / "book.toml").write_text("\n".join(lines))
    return folder


def execute(*statements: str) -> None:
    """Runs statements in the database."""
    with driver.connect(os.environ[SETTING], autocommit=True) as session:
        for statement in statements:
            with session.cursor() as cursor:
                cursor.execute(statement)


def main(interactions: int = 2_000_000, accounts: int = 20_000) -> None:
    """Prints a table of the steps for Parquet, CSV and PostgreSQL."""
    print("| sources | step | CPU, s | wall, s | GiB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        parquet = write_book(Path(place, "parquet"), interactions, accounts, True)
        files = sorted(parquet.glob("*.parquet"))
        fill(files)
        execute(*PREPARED)
        csv = Path(place, "csv")
        csv.mkdir()
        for file in files:
            duckdb.execute(f"copy (from '{file}') to '{csv / file.stem}.csv'")
        of_database = declared(Path(place, "postgres"), files)
        measure(
            "Parquet",
            parquet,
            lambda: add_to_file(parquet / "interactions.parquet", "format parquet"),
        )
        measure("CSV", csv, lambda: add_to_file(csv / "interactions.csv", "format csv"))
        measure("PostgreSQL", of_database, lambda: execute(ADDED))


if __name__ == "__main__":
    typer.run(main)
