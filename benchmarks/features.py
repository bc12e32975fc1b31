"""What it costs to compute every feature, beside the mere scan of the columns and beside polars on the same features.

Run it as ``.venv/bin/python -m benchmarks.features``; ``--help`` tells its settings. Ratios are of CPU, in one run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import typer

from benchmarks.big_book import MONTHS, START, write_book
from features.book.book import Book, open_book
from features.engine import connect, instant
from features.snapshot.frame import snapshot
from features.snapshot.measuring import measure
from features.themes.dictionary import FEATURES, with_parts

SCANNED = {
    "interactions": "account_id, occurred_at, known_at, rep_id, channel, matter_id, value, minutes, sentiment",
    "surveys": "account_id, occurred_at, item, score",
}
"""The columns that features use, as files hold them."""

Cost = tuple[float, float]
"""CPU and wall, in seconds."""


def timed(work: Callable[[], object]) -> Cost:
    """What a piece of work costs."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def peak_memory() -> float:
    """The most that this process has held, in GiB; what the system keeps for ``getrusage`` counts its parent too."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 2**20  # type: ignore[union-attr]


def scan(folder: str, rounds: int) -> Cost:
    """Reads the columns that features use, as plain tables hold them, and nothing else: the floor."""
    connection = connect()
    for table, columns in SCANNED.items():
        connection.execute(
            f"create table {table} as select {columns} from '{folder}/{table}.parquet'"
        )

    def read() -> None:
        for table, columns in SCANNED.items():
            largest = ", ".join(f"max({column})" for column in columns.split(", "))
            connection.execute(f"select {largest} from {table}").fetchall()

    return min(timed(read) for _ in range(rounds))


def run(
    folder: str, dates: int, rounds: int, memory_limit: str | None, compare: bool
) -> dict[str, object]:
    """Opens a book and measures it; alone in a process, the peak of memory is its own."""
    costs: dict[str, list[Cost]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        costs.setdefault(name, []).append(timed(work))

    opened: list[Book] = []
    note(
        "open",
        lambda: opened.append(
            open_book(folder, max_bad_share=1.0, memory_limit=memory_limit)
        ),
    )
    (book,) = opened
    last = date.fromisoformat(START) + timedelta(days=30 * (MONTHS - 1))
    as_ofs = [instant(last - timedelta(days=30 * back)) for back in range(dates)]
    note("all features, the first time", lambda: snapshot(book, as_ofs))
    more = {**FEATURES, "one_more": FEATURES["complaints_90d"]}
    for _ in range(rounds):
        note("all features, rows in place", lambda: snapshot(book, as_ofs))
        note("and one more feature", lambda: snapshot(book, as_ofs, more))
        if compare:
            _beside_polars(book, as_ofs[0], note)
    best = {name: min(found) for name, found in costs.items()}
    return {"costs": best, "peak": peak_memory(), "features": len(FEATURES)}


def _beside_polars(
    book: Book, as_of: int, note: Callable[[str, Callable[[], object]], None]
) -> None:
    """The features that a pipeline in polars computes as well; the values of both are compared."""
    from benchmarks import polars_peer

    names = list(polars_peer.NAMES)
    texts = ", ".join(
        f"cast({name} as varchar) as {name}" for name in ("account_id", "channel")
    )
    columns = f"{texts}, occurred_us, known_us, kind_code, sign_of_life, value, minutes, sentiment"
    rows = polars_peer.pl.from_arrow(
        book.connection.sql(f"select {columns} from interactions").to_arrow_table()
    )
    some = with_parts(names)
    found: list[pd.DataFrame] = []
    note(
        "some in polars",
        lambda: found.append(polars_peer.measure(rows, as_of).to_pandas()),
    )
    note("the same here", lambda: found.append(snapshot(book, [as_of], some)))
    theirs = found[0].set_index("account_id").reindex(found[1]["account_id"])
    for name in names:
        one, other = theirs[name].to_numpy(float), found[1][name].to_numpy(float)
        if not np.allclose(
            np.nan_to_num(one), np.nan_to_num(other), rtol=1e-6, atol=2e-6
        ):
            raise AssertionError(f"{name} is another one in polars")


def one_account(folder: str) -> dict[str, float]:
    """The median cost of all features of one account, in process, and how many interactions it has."""
    book = open_book(folder, max_bad_share=1.0)
    as_of = instant(date.fromisoformat(START) + timedelta(days=30 * (MONTHS - 1)))
    snapshot(book, [as_of])
    first = "select account_id from numbered_accounts order by number limit 60"
    costs, rows = [], []
    for (account_id,) in book.ask(first):
        ledger = book.ledgers.of_account(account_id)
        assert ledger is not None
        rows.append(len(ledger.interactions.account))
        pair = np.zeros(1, dtype=np.int64), np.array([as_of])
        costs.append(timed(lambda ledger=ledger, pair=pair: measure(ledger, *pair))[0])
    return {
        "milliseconds": 1e3 * float(np.median(costs)),
        "interactions": float(np.mean(rows)),
    }


def _alone(work: Callable[..., Any], *settings: object) -> Any:
    """What some work gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *settings).result()


def main(
    interactions: int = 20_000_000,
    accounts: int = 200_000,
    rounds: int = 2,
    folder: Path = Path("benchmarks/big"),
    only: str = "",
) -> None:
    """Measures and prints; the two books are written once and kept. ``--only`` takes a part of a run's name."""
    books = {
        name: folder / f"{interactions}_{name}" for name in ("clustered", "shuffled")
    }
    for name, book in books.items():
        if not (book / "departures.parquet").exists():
            write_book(book, interactions, accounts, shuffled=name == "shuffled")
    compare = find_spec("polars") is not None
    runs = {
        "clustered by account, one date": (
            books["clustered"],
            1,
            rounds,
            None,
            compare,
        ),
        "shuffled, one date": (books["shuffled"], 1, rounds, None, False),
        "clustered, one date within 2 GiB": (books["clustered"], 1, 1, "2GiB", False),
        "clustered, twelve dates": (books["clustered"], 12, 1, None, False),
        "clustered, twelve dates within 2 GiB": (
            books["clustered"],
            12,
            1,
            "2GiB",
            False,
        ),
    }
    for name, (book, *settings) in runs.items():
        if only and only not in name:
            continue
        floor, _ = _alone(scan, str(book), rounds + 1)
        found = _alone(run, str(book), *settings)
        print(
            f"\n{name}: peak {found['peak']:.1f} GiB, {found['features']} features, the floor {floor:.2f} s CPU"
        )
        for what, (cpu, wall) in found["costs"].items():
            print(
                f"  {what:34} {cpu:7.2f} s CPU {wall:7.1f} s wall {cpu / floor:6.1f} x the floor",
                flush=True,
            )
    if not only or only in "one account":
        found = one_account(str(books["clustered"]))
        print(
            f"\none account of {found['interactions']:.0f} interactions: {found['milliseconds']:.1f} ms CPU"
        )


if __name__ == "__main__":
    typer.run(main)
