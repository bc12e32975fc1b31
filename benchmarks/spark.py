"""What opening a book and one as-of date cost on Spark, beside DuckDB: CPU of this process, Spark's and its workers'.

Run it as ``.venv/bin/python -m benchmarks.spark``; ``--help`` tells its settings. It needs ``make spark``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psutil
import typer

from benchmarks.big_book import MONTHS, START, write_book
from features.book.book import open_book
from features.book.on_spark import open_spark_book
from features.book.spark.session import start_session
from features.engine import instant
from features.snapshot.frame import snapshot
from features.snapshot.on_spark import spark_snapshot


def cpu() -> float:
    """The CPU, in seconds, that this process and all that it started have used, the dead ones with their parents."""
    me = psutil.Process()
    spent = me.cpu_times().user + me.cpu_times().system
    for child in me.children(recursive=True):
        spent += sum(child.cpu_times()[:4])
    return spent


def told(name: str, work: Callable[[], object]) -> float:
    """Does a piece of work, prints what it cost, and gives its CPU."""
    before, began = cpu(), time.perf_counter()
    work()
    spent = cpu() - before
    print(
        f"  {name:24} {spent:7.1f} s CPU {time.perf_counter() - began:7.1f} s wall",
        flush=True,
    )
    return spent


def main(
    interactions: int = 2_000_000,
    accounts: int = 20_000,
    folder: Path = Path("benchmarks/big"),
) -> None:
    """Measures and prints; the book is written once and kept."""
    book = folder / f"{interactions}_clustered"
    if not (book / "departures.parquet").exists():
        write_book(book, interactions, accounts, shuffled=False)
    as_of = instant(date.fromisoformat(START) + timedelta(days=30 * (MONTHS - 1)))
    here = told(
        "DuckDB, book and date",
        lambda: snapshot(open_book(book, max_bad_share=1.0), [as_of]),
    )
    there = told("Spark's start", start_session)
    opened = []
    there += told(
        "Spark, book",
        lambda: opened.append(
            open_spark_book(book, start_session(), max_bad_share=1.0)
        ),
    )
    there += told("Spark, date", lambda: spark_snapshot(opened[0], [as_of]).toArrow())
    jobs = start_session().sparkContext.statusTracker().getJobIdsForGroup(None)
    print(f"  Spark over DuckDB {there / here:.1f}, in {len(jobs)} jobs")


if __name__ == "__main__":
    typer.run(main)
