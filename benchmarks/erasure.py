"""What ``pinch forget`` costs at a million events, and where the account is found afterwards.

Run it as ``.venv/bin/python -m benchmarks.erasure``; ``--help`` tells its settings. There are two published nights by
rules with the histories of the book, a copy, an outcome, a folder of Parquet and a database. Afterwards all that is
packed is unpacked and searched, and the newest night is made again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import typer

ACCOUNT, NAME = "A0000007", "Zebulon Quirk"
DAYS = 720
DECLARED = """
[[deliver]]
to = "parquet"
folder = "lake"

[[deliver]]
to = "duckdb"
file = "pinch.duckdb"
"""
_ROWS = f"""
select
    printf('A%07d', number % {{accounts}}) as account_id,
    timestamp '2024-01-01' + to_minutes(cast(hash(number) % ({DAYS} * 1440) as bigint)) as occurred_at,
    ['visit', 'use', 'purchase', 'question', 'answer'][cast(hash(number + 1) % 5 + 1 as bigint)] as kind,
    round(hash(number + 2) % 10000 / 100, 2) as value
from range({{events}}) as numbers(number)"""
_ACCOUNTS = f"""
select
    printf('A%07d', number) as account_id,
    timestamp '2024-01-01' as opened_at,
    case when number = {int(ACCOUNT[1:])} then '{NAME}' else 'Company ' || number end as name
from range({{accounts}}) as numbers(number)"""
OWNERS = ("accounts.parquet", "interactions.parquet")


def write_company(book: Path, events: int, accounts: int) -> None:
    """Writes a book of some events, the same for the same numbers."""
    book.mkdir(parents=True)
    sized = {"events": events, "accounts": accounts}
    for table, query in (("accounts", _ACCOUNTS), ("interactions", _ROWS)):
        file = book / f"{table}.parquet"
        duckdb.sql(f"copy ({query.format(**sized)}) to '{file}' (format parquet)")
    (book / "book.toml").write_text('[labels]\nname = "name"\n')
    (book / "night.toml").write_text(DECLARED)


def pinch(*arguments: object) -> float:
    """Runs the command line, and gives the seconds that it takes."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pinch", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return time.monotonic() - began


def contents(file: Path) -> Iterator[bytes]:
    """What a file holds, unpacked."""
    yield file.read_bytes()
    if file.suffix == ".parquet":
        written = pa.BufferOutputStream()
        pa.csv.write_csv(pq.ParquetFile(file).read(), written)
        yield written.getvalue().to_pybytes()
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            yield from (packed.read(name) for name in packed.namelist())


def holding(book: Path) -> tuple[int, list[str]]:
    """How many files of ours there are, and those that hold the account's id or name."""
    files = [
        file
        for file in sorted(book.rglob("*"))
        if file.is_file() and file.name not in OWNERS
    ]
    words = (ACCOUNT.encode(), NAME.encode())
    found = [
        str(file.relative_to(book))
        for file in files
        if any(word in content for content in contents(file) for word in words)
    ]
    return len(files), found


def main(events: int = 1_000_000, accounts: int = 20_000) -> None:
    """Erases an account and tells what that took."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "book")
        write_company(book, events, accounts)
        noted = ("--outcome", "reached", "--note", f"spoke to {NAME}")
        pinch("done", ACCOUNT, "--book", book, *noted)
        pinch("sync", book)
        night = ("night", book, "--rules", "--histories", "--stale-ok")
        for day in ("2025-12-14", "2025-12-21"):
            print(f"a night: {pinch(*night, '--as-of', day):.1f} s", flush=True)
        files, found = holding(book)
        print(f"before: the account is in {len(found)} of {files} files", flush=True)
        print(f"pinch forget: {pinch('forget', ACCOUNT, '--book', book):.1f} s")
        print(f"after, it is in: {holding(book)}", flush=True)
        pinch(*night, "--as-of", "2025-12-21", "--force")
        pinch("sync", book)
        print(f"after a night and a sync: {holding(book)}")


if __name__ == "__main__":
    typer.run(main)
